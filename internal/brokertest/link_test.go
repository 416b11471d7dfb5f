// SPDX-License-Identifier: EUPL-1.2

package brokertest_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/broker/mosquitto"
	"github.com/avanti-queue/avanti/internal/brokertest"
	"github.com/avanti-queue/avanti/internal/mqttlink"
)

// TestRoundTrip: the link finds out whether Mosquitto collects small packets, as it does
// unless it is told not to.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		extra []string
		slow  bool
	}{
		{"as avantictl writes it", nil, false},
		{"as Debian ships it", []string{"set_tcp_nodelay false"}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m, err := brokertest.StartMosquitto(t.Context(), t.TempDir(), mosquitto.Hall{
				Office: office, Host: mosquitto.Account{Name: "_host", Password: brokertest.Secret("_host")},
			}, tc.extra...)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := m.Stop(); err != nil {
					t.Error(err)
				}
			}()
			// A busy machine is slow for a moment; a broker that waits is slow each time.
			best := time.Hour
			for range 3 {
				best = min(best, roundTrip(t, m.Address))
			}
			if slow := best > 10*time.Millisecond; slow != tc.slow {
				t.Errorf("a round trip takes %v", best)
			}
		})
	}
}

// roundTrip is what a link says of one connection.
func roundTrip(t *testing.T, address string) time.Duration {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	took, ended := make(chan time.Duration, 1), make(chan error, 1)
	l := mqttlink.New(mqttlink.Options{
		Office: office, Username: "_host", Password: brokertest.Secret("_host"), OnRoundTrip: func(d time.Duration) { took <- d },
		Dial: func(ctx context.Context) (net.Conn, error) { return (&net.Dialer{}).DialContext(ctx, "tcp", address) },
	})
	go func() { ended <- l.Run(ctx) }()
	d := <-took
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	return d
}
