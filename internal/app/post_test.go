// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/broker"
)

// TestLinkWaitsForTheBroker: the daemon's link, which is started beside the broker, is connected in
// the moment in which there is one, also after another; without one it learns so in its own time.
func TestLinkWaitsForTheBroker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		post := app.NewPost()
		for range 2 {
			began, dialled := time.Now(), make(chan net.Conn, 1)
			go func() {
				c, err := post.DialHost(t.Context())
				if err != nil {
					t.Error(err)
				}
				dialled <- c
			}()
			synctest.Wait()
			b, err := broker.New(broker.Options{Office: "small"})
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			var running sync.WaitGroup
			running.Go(func() { _ = b.Run(ctx) })
			leave := post.Man(b)
			c := <-dialled
			if waited := time.Since(began); waited != 0 {
				t.Errorf("connected %v after there was a broker", waited)
			}
			_ = c.Close()
			leave()
			stop()
			running.Wait()
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if _, err := post.DialHost(ctx); err == nil {
			t.Error("connected to no broker")
		}
	})
}
