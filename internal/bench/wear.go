// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/avanti-queue/avanti/queue"
)

const lives = 500

// benchWear counts what a ticket's life costs the card: issued, printed, called,
// started, finished.
func benchWear(ctx context.Context, o options) (rows []row, err error) {
	office, err := openOffice(ctx, filepath.Join(o.dir, "wear"), asItIs)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, office.close()) }()
	if err := office.do(ctx, queue.OpenCounter{Counter: "c0", Seen: office.seen()}); err != nil {
		return nil, err
	}
	for range 100 { // until the log has its size
		if err := office.life(ctx); err != nil {
			return nil, err
		}
	}
	commits := office.commits()
	written, err := writeBytes()
	if err != nil {
		return nil, err
	}
	for range lives {
		if err := office.life(ctx); err != nil {
			return nil, err
		}
	}
	after, err := writeBytes()
	if err != nil {
		return nil, err
	}
	return []row{
		within("bytes written for a ticket's life", float64(after-written)/lives/1000, 40, "kB"),
		within("commits (one sync each) for a ticket's life", float64(office.commits()-commits)/lives, 5, "syncs"),
	}, nil
}

func (o *open) seen() queue.Revision {
	c, _ := o.View().Counter("c0")
	return c.Seen
}

// commits counts records: here each commit has one.
func (o *open) commits() int { return int(o.View().Seq()) }

// life is the life of one ticket.
func (o *open) life(ctx context.Context) error {
	by := queue.Actor{Role: queue.RoleKiosk, ID: "kiosk-1", Request: queue.RequestID(fmt.Sprintf("issue:kiosk-1:%036d", o.View().Seq()))}
	records, err := o.Do(ctx, by, queue.IssueTicket{Service: "v0", Channel: queue.ChannelKiosk, Printer: "printer-1"})
	if err != nil {
		return err
	}
	e, ok := records[0].Event.(queue.TicketIssued)
	if !ok {
		return errors.New("no ticket was issued")
	}
	for _, next := range []func() queue.Command{
		func() queue.Command {
			return queue.ReportSlip{Ticket: e.Ticket, Attempt: 1, Result: queue.SlipResultPrinted, Level: "A"}
		},
		func() queue.Command { return queue.CallNext{Counter: "c0", Seen: o.seen()} },
		func() queue.Command { return queue.Start{Counter: "c0", Seen: o.seen()} },
		func() queue.Command { return queue.Finish{Counter: "c0", Seen: o.seen()} },
	} {
		by := queue.Actor{Role: queue.RoleCounter, ID: "box-1", Request: queue.RequestID(fmt.Sprintf("press:box-1:%08x:%d", 1<<30, o.View().Seq()))}
		if _, err := o.Do(ctx, by, next()); err != nil {
			return err
		}
	}
	return nil
}

// writeBytes returns what this process has sent to the storage.
func writeBytes() (int64, error) {
	f, err := os.Open("/proc/self/io")
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	for s := bufio.NewScanner(f); s.Scan(); {
		if n, ok := strings.CutPrefix(s.Text(), "write_bytes: "); ok {
			return strconv.ParseInt(n, 10, 64)
		}
	}
	return 0, errors.New("/proc/self/io has no write_bytes")
}
