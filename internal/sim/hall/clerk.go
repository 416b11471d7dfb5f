// SPDX-License-Identifier: EUPL-1.2

package hall

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/sim/box"
	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/queue"
)

// clerk works a counter for a day, with the box if there is one that answers, else
// with the page.
type clerk struct {
	hall  *Hall
	shift demand.Shift
	page  page
	box   *box.Box // nil: none

	keys   int // of the page's commands
	breaks int // taken so far
}

// counter is what the page tells of a counter.
type counter struct {
	State   string
	Seen    queue.Revision
	Waiting int
	Ticket  *struct {
		Number string
		Status string
	}
}

var errNoPage = errors.New("the page does not answer")

func (c *clerk) path(command string) string {
	return "/api/v1/counters/" + string(c.shift.Counter) + command
}

// look asks the page how the counter stands, as often as it takes.
func (c *clerk) look(ctx context.Context) (now counter, err error) {
	for range 60 {
		status, err := c.page.get(ctx, c.path(""), &now)
		if err == nil && status == http.StatusOK {
			return now, nil
		}
		if !c.hall.pause(ctx, 2*time.Second) {
			return now, ctx.Err()
		}
	}
	return now, errNoPage
}

// do gives a command on the page. What is refused because the counter has moved on
// is not tried again: the next look shows why.
func (c *clerk) do(ctx context.Context, command string, more map[string]any) (now counter, done bool, err error) {
	seen, err := c.look(ctx)
	if err != nil {
		return now, false, err
	}
	var answer struct{ Counter counter }
	body := map[string]any{"seen": seen.Seen}
	for k, v := range more {
		body[k] = v
	}
	c.keys++
	key := fmt.Sprintf("%s-%s-%d", c.hall.o.Day.Date, c.shift.Counter, c.keys)
	for range 5 {
		status, err := c.page.post(ctx, c.path("/"+command), key, body, &answer)
		if err == nil && status < http.StatusInternalServerError {
			return answer.Counter, status < http.StatusBadRequest, nil
		}
		if !c.hall.pause(ctx, 2*time.Second) {
			return now, false, ctx.Err()
		}
	}
	return now, false, errNoPage
}

// work is the clerk's day.
func (c *clerk) work(ctx context.Context) error {
	if !c.hall.until(ctx, c.shift.From.Add(-time.Minute)) {
		return nil
	}
	if err := c.open(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		if away, err := c.rest(ctx); away || err != nil {
			if err != nil {
				return err
			}
			continue
		}
		number, err := c.next(ctx)
		switch {
		case err != nil:
			return err
		case number != "":
			if err := c.serve(ctx, number); err != nil {
				return err
			}
			c.hall.pause(ctx, turnover)
		case c.over():
			_, _, err := c.do(ctx, "close", nil)
			return err
		default:
			c.hall.pause(ctx, c.hall.o.Poll)
		}
	}
	return nil
}

// open takes the place, as soon as the day is open; who cannot all day long says so.
func (c *clerk) open(ctx context.Context) error {
	for c.hall.o.Now().Before(c.shift.To) {
		now, err := c.look(ctx)
		if err != nil || now.State == "open" {
			return err
		}
		if _, done, err := c.do(ctx, "open", nil); done || err != nil {
			return err
		}
		if !c.hall.pause(ctx, 10*time.Second) {
			return nil
		}
	}
	return errors.New("the counter cannot be opened")
}

// over reports whether the clerk may go home.
func (c *clerk) over() bool { return !c.hall.o.Now().Before(c.shift.To) && c.hall.empty() }

// rest takes a break that is due.
func (c *clerk) rest(ctx context.Context) (away bool, err error) {
	if c.breaks == len(c.shift.Breaks) {
		return false, nil
	}
	b := c.shift.Breaks[c.breaks]
	now := c.hall.o.Now()
	if now.Before(b.From) {
		return false, nil
	}
	c.breaks++
	if !now.Before(b.To) {
		return false, nil
	}
	if _, done, err := c.do(ctx, "pause", map[string]any{"reason": b.Reason, "until": b.To}); !done || err != nil {
		return false, err
	}
	c.hall.until(ctx, b.To)
	return true, c.open(ctx)
}

// next calls the next citizen, if one waits; "" if not.
func (c *clerk) next(ctx context.Context) (number string, err error) {
	if c.box != nil {
		set, blank := c.box.Set()
		if blank == fwproto.NotBlank && set.Waiting == 0 {
			return "", nil
		}
		if reply, err := c.box.Press(ctx, fwproto.KeyNext); err == nil {
			return reply.Number, nil
		}
	}
	now, err := c.look(ctx)
	if err != nil || now.Waiting == 0 && now.Ticket == nil {
		return "", err
	}
	if now.Ticket == nil {
		if now, _, err = c.do(ctx, "next", nil); err != nil || now.Ticket == nil {
			return "", err
		}
	}
	return now.Ticket.Number, nil
}

// serve waits for the citizen and serves them, or gives them up.
func (c *clerk) serve(ctx context.Context, number string) error {
	a, known := c.hall.holder(number)
	for range 40 { // the kiosk may still be telling the citizen the number
		if known || !c.hall.pause(ctx, time.Duration(float64(500*time.Millisecond)*c.hall.o.Speed)) {
			break
		}
		a, known = c.hall.holder(number)
	}
	if !known || a.NoShow {
		return c.giveUp(ctx)
	}
	c.hall.pause(ctx, a.Walk)
	if err := c.key(ctx, fwproto.KeyStart, "start"); err != nil {
		return err
	}
	c.hall.pause(ctx, a.Visit-a.Walk)
	return c.key(ctx, fwproto.KeyFinish, "finish")
}

// giveUp calls again as often as the rule wants and closes the ticket as a no-show.
func (c *clerk) giveUp(ctx context.Context) error {
	for range c.hall.o.NoShow.Calls - 1 {
		c.hall.pause(ctx, 20*time.Second)
		if err := c.key(ctx, fwproto.KeyRecall, "recall"); err != nil {
			return err
		}
	}
	c.hall.pause(ctx, c.hall.o.NoShow.After.Duration()+time.Second)
	return c.key(ctx, fwproto.KeyNoShow, "no-show")
}

// key presses a key of the box, or the button of the page when the box is silent.
func (c *clerk) key(ctx context.Context, key fwproto.Key, command string) error {
	if c.box != nil {
		if reply, err := c.box.Press(ctx, key); err == nil && reply.Status == fwproto.OK {
			return nil
		}
	}
	_, _, err := c.do(ctx, command, nil)
	return err
}
