// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestThePastIsReadInTurn: who learns from the past waits for who does so already, gives its turn on
// when it knows the past or ends, and hears of what is new at once.
func TestThePastIsReadInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pass(time.Until(at(8, 0)))
		e, err := queue.Open(t.Context(), &queuetest.Memory{}, queue.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		var all sync.WaitGroup
		defer func() { stop(); all.Wait() }()
		all.Go(func() { _ = e.Run(ctx) })
		do := func(c queue.Command) {
			t.Helper()
			if _, err := e.Do(ctx, queue.Actor{Role: queue.RoleSystem, ID: "test"}, c); err != nil {
				t.Fatal(err)
			}
		}
		do(queue.ChangeSettings{Settings: queuetest.Office(queue.PresetFIFO)})
		do(queue.OpenDay{Clock: time.Now()})
		past := e.View().Seq()
		h := app.NewHistory(e)
		reader := func() (heard chan queue.Seq, leave context.CancelFunc) {
			heard = make(chan queue.Seq)
			ctx, leave := context.WithCancel(ctx)
			all.Go(func() {
				for r, err := range h.Follow(ctx, 0) {
					if err != nil {
						t.Error(err)
						return
					}
					select {
					case heard <- r.Seq:
					case <-ctx.Done():
					}
				}
			})
			synctest.Wait()
			return heard, leave
		}
		silent := func(who string, heard chan queue.Seq) {
			t.Helper()
			synctest.Wait()
			select {
			case seq := <-heard:
				t.Errorf("%s has read record %d although it is not its turn", who, seq)
			default:
			}
		}
		first, leave := reader()
		second, _ := reader()
		third, _ := reader()
		if seq := <-first; seq != 1 {
			t.Errorf("the first one begins at %d", seq)
		}
		silent("the second", second)
		silent("the third", third)
		leave() // in the middle of the past
		for seq := queue.Seq(1); seq <= past; seq++ {
			silent("the third", third)
			if got := <-second; got != seq {
				t.Errorf("the second one reads %d, want %d", got, seq)
			}
		}
		do(queue.CloseDay{})
		for seq := queue.Seq(1); seq <= past+1; seq++ {
			if got := <-third; got != seq {
				t.Errorf("the third one reads %d, want %d", got, seq)
			}
		}
		if got := <-second; got != past+1 {
			t.Errorf("the second one hears %d as new, want %d", got, past+1)
		}
	})
}
