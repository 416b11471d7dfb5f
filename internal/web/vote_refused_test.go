// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// fullDisk keeps no vote.
type fullDisk struct{ web.Votes }

func (fullDisk) AddVote(context.Context, time.Time, queue.Date, string, stats.Vote) (int64, error) {
	return 0, errors.New("disk full")
}

// TestVoteThatIsNotKept is told on the page, with the faces still there to be touched again.
func TestVoteThatIsNotKept(t *testing.T) {
	h := open(t, nil, func(o *web.Options) { o.Votes = fullDisk{} })
	page := h.send(t, request{path: "/feedback", as: "wall"}).Body.String()
	_, rest, ok := strings.Cut(page, `name="ballot" value="`)
	if !ok {
		t.Fatalf("no ballot in:\n%s", page)
	}
	ballot, _, _ := strings.Cut(rest, `"`)
	w := h.form(t, "wall", "/feedback", url.Values{"ballot": {ballot}, "face": {"green"}})
	body := w.Body.String()
	if w.Code != http.StatusServiceUnavailable || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") ||
		!strings.Contains(body, `role="alert"`) || !strings.Contains(body, `name="face"`) || strings.Contains(body, "disk full") {
		t.Errorf("%d %s\n%s", w.Code, w.Header().Get("Content-Type"), body)
	}
	if !strings.Contains(h.log.String(), "disk full") {
		t.Error("the cause is not logged")
	}
}
