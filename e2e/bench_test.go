// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

var bench = flag.Bool("bench", false, "measure: more calls, and a line with the figures")

// TestBenchPainted measures from the command of a clerk to the number in the frame that the
// hall's screen paints: the journal, the stream, the script and the browser; see `make bench`.
func TestBenchPainted(t *testing.T) {
	calls := 3 // that it can be measured is tested all the same
	if *bench {
		calls = 60
	}
	o := startOffice(t, "small.yaml")
	hall := o.tab(t, "", "/hall?sound=off")
	hall.size(1920, 1080)
	hall.until("the screen is live", `document.body.dataset.state === "live"`)
	o.do(queue.OpenCounter{Counter: "c1", Seen: o.seen("c1")})
	var took []time.Duration
	for range calls {
		issued := o.do(queue.IssueTicket{Service: "certificates"})
		number := issued[0].Event.(queue.TicketIssued).Number
		painted := make(chan time.Time, 1)
		waits := make(chan struct{})
		go func() {
			close(waits)
			// The frame after the one in which the number stands: then it was painted. Who looks at every
			// frame makes the browser lay each of them out, and measures that.
			eval[bool](hall, fmt.Sprintf(`new Promise((done) => {
				const look = new MutationObserver(() => {
					if (!document.body.innerText.includes(%q)) return;
					look.disconnect();
					requestAnimationFrame(() => requestAnimationFrame(() => done(true)));
				});
				look.observe(document.body, { subtree: true, childList: true, characterData: true });
			})`, number))
			painted <- time.Now()
		}()
		<-waits
		<-time.After(300 * time.Millisecond) // the page watches, and the stream's pause after the last call is over
		begin := time.Now()
		o.do(queue.CallNext{Counter: "c1", Seen: o.seen("c1")})
		took = append(took, (<-painted).Sub(begin))
		o.do(queue.Finish{Counter: "c1", Seen: o.seen("c1")})
	}
	slices.Sort(took)
	p50, p99 := took[len(took)/2], took[min(len(took)-1, len(took)*99/100)]
	if *bench {
		fmt.Printf("call -> painted on the hall page, in Chromium: p50 %d ms, p99 %d ms, %d calls, aim <= 500 ms at p99\n", p50.Milliseconds(), p99.Milliseconds(), calls)
	}
	if p50 > 2*time.Second {
		t.Errorf("half of the calls took %v or more to be painted", p50)
	}
}
