// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestHitStandsByTheWait: how good announced waits were is said where one is announced, and goes with it.
func TestHitStandsByTheWait(t *testing.T) {
	l := mondays(score(20, 18), score(10, 8))
	h, known := openAhead(t, func(o *web.Options) { o.Figures, o.Publish.Forecasts = l, true })
	h.work(t, "boss", "c2", "open", "")
	page := "/t/" + tokenOf(h.take(t, queue.IssueTicket{Service: "papers"}))
	early := "/t/" + tokenOf(h.take(t, queue.IssueTicket{Service: "papers", Slot: h.Now().Add(time.Hour), Channel: queue.ChannelAppointment}))
	says := func(path string, want bool) {
		t.Helper()
		for _, part := range []string{"", "/state"} {
			body := h.send(t, request{path: path + part + "?lang=en"}).Body.String()
			if strings.Contains(body, "87 in 100") != want {
				t.Errorf("%s says it: %v, want %v:\n%s", part, !want, want, body)
			}
		}
	}
	says(page, false) // no wait is known
	*known = true
	says(page, true)
	says(early, false) // it is told its time, and no wait
	h.work(t, "boss", "c2", "next", "n")
	says(page, false)
}

// torn are figures that cannot be read as long as there is an error.
type torn struct {
	*lived
	err error
}

func (f *torn) Quality(ctx context.Context, from, to queue.Date) ([]store.QualityRow, error) {
	f.read++
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return f.rows, f.err
}

// TestManyPhonesReadOnce: where figures cannot be read, phones do not try it all at once, and the log says it
// once; somebody who has gone spoils it for nobody.
func TestManyPhonesReadOnce(t *testing.T) {
	at := queuetest.Monday().Add(2 * time.Hour)
	f := &torn{mondays(score(20, 18), score(10, 8)), errors.New("database is locked")}
	h := open(t, func() time.Time { return at }, func(o *web.Options) { o.Figures, o.Publish.Forecasts = f, true })
	ask := func(ctx context.Context, wants int) {
		t.Helper()
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://queue.lan/api/v1/public/forecasts", nil)
		r.Header.Set("Authorization", "Bearer boss")
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, r)
		if w.Code != wants {
			t.Errorf("status %d, want %d: %s", w.Code, wants, w.Body)
		}
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	ask(gone, http.StatusServiceUnavailable)
	if log := h.log.String(); f.read != 1 || strings.Contains(log, "announced waits") {
		t.Errorf("of one who has gone: %d reads, log:\n%s", f.read, log)
	}
	for range 5 {
		ask(t.Context(), http.StatusServiceUnavailable)
		at = at.Add(10 * time.Second)
	}
	if n := strings.Count(h.log.String(), "database is locked"); f.read != 2 || n != 1 {
		t.Errorf("%d reads and %d lines in the log, want one more and one:\n%s", f.read-1, n, h.log)
	}
	f.err, at = nil, at.Add(10*time.Second)
	ask(t.Context(), http.StatusOK)
	ask(t.Context(), http.StatusOK)
	if f.read != 3 {
		t.Errorf("%d reads", f.read)
	}
}
