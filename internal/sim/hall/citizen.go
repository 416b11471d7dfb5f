// SPDX-License-Identifier: EUPL-1.2

package hall

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/demand"
)

// visit is a citizen who comes in and takes a ticket. Every tenth taps twice.
func (h *Hall) visit(ctx context.Context, i int, a demand.Arrival) {
	if !h.until(ctx, a.At) {
		return
	}
	defer func() {
		h.mu.Lock()
		h.outside--
		h.mu.Unlock()
	}()
	kiosk := page{h.o.Client, h.o.Base, h.o.Kiosk}
	wish := map[string]any{"service": a.Service}
	if a.Class != "" {
		wish["class"] = a.Class
	}
	if a.Language != "" {
		wish["language"] = a.Language
	}
	if !a.Slot.IsZero() {
		wish["slot"] = a.Slot
	}
	key := fmt.Sprintf("%s-visit-%d", h.o.Day.Date, i)
	var ticket struct{ Number, Code string }
	status, err := kiosk.post(ctx, "/api/v1/tickets", key, wish, &ticket)
	for range 5 { // the kiosk is out for a moment: the same touch again
		if err == nil && status < http.StatusInternalServerError || !h.pause(ctx, 3*time.Second) {
			break
		}
		status, err = kiosk.post(ctx, "/api/v1/tickets", key, wish, &ticket)
	}
	switch {
	case ctx.Err() != nil:
		return
	case err != nil || status != http.StatusCreated:
		h.mu.Lock()
		h.sentHome++
		if ticket.Code == "out_of_service" {
			h.refused++
		}
		h.mu.Unlock()
		h.o.Log.Debug("citizen goes home", slog.Int("status", status), slog.Any("error", err))
		return
	}
	h.mu.Lock()
	h.visits[ticket.Number] = a
	h.mu.Unlock()
	if i%10 == 0 {
		var again struct{ Number string }
		if _, err := kiosk.post(ctx, "/api/v1/tickets", key, wish, &again); err == nil && again.Number != ticket.Number {
			h.o.Log.Error("two tickets for one touch", slog.String("first", ticket.Number), slog.String("second", again.Number))
		}
	}
}
