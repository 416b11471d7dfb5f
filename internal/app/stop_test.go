// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
)

// TestStoppedAtOnce: who stops the daemon in its first moments has not seen a failure, and the
// next one finds everything in order.
func TestStoppedAtOnce(t *testing.T) {
	file := small(t, config.MQTT{})
	for _, after := range []time.Duration{0, time.Microsecond, time.Millisecond, 10 * time.Millisecond} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		a, err := app.New(t.Context(), app.Options{Config: file, Log: slog.New(slog.DiscardHandler), Listener: listener})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), after)
		if err := a.Run(ctx); err != nil {
			t.Errorf("stopped after %v: %v", after, err)
		}
		stop()
	}
}
