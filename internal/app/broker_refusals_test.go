// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"
	"github.com/google/go-cmp/cmp"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/brokertest"
	"github.com/avanti-queue/avanti/internal/config"
)

// guarded is a daemon with its embedded broker in a bubble, and strangers at its door.
type guarded struct {
	t      *testing.T
	app    *app.App
	log    *notebook
	client *http.Client
	topics fwproto.Topics
}

// inGuarded runs a test with one.
func inGuarded(t *testing.T, test func(*guarded)) {
	t.Helper()
	file := small(t, config.MQTT{})
	for i := range file.Access {
		file.Access[i].Token = hash(file.Access[i].ID)
	}
	synctest.Test(t, func(t *testing.T) {
		pass(time.Until(at(8, 0)))
		listener := newPipes()
		g := &guarded{t: t, log: newNotebook(), topics: fwproto.Topics{Office: string(file.Settings().Office)}}
		g.client = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return listener.dial(ctx) }}}
		ctx, stop := context.WithCancel(t.Context())
		var err error
		if g.app, err = app.New(ctx, app.Options{Config: file, Log: slog.New(slog.NewTextHandler(g.log, nil)), Listener: listener}); err != nil {
			stop()
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- g.app.Run(ctx) }()
		defer func() {
			g.client.CloseIdleConnections()
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
		}()
		pass(3 * time.Second)
		test(g)
	})
}

// connect sends a CONNECT and gives the code of the answer.
func (g *guarded) connect(p *packets.ConnectPacket) (brokertest.Client, byte) {
	g.t.Helper()
	c, err := g.app.DialDevice(g.t.Context())
	if err != nil {
		g.t.Fatal(err)
	}
	client := brokertest.Client{Conn: c, T: g.t, Root: g.topics.Root()}
	client.Send(p)
	return client, client.Connack()
}

// known is a good CONNECT of a device of the small office.
func known(id string) *packets.ConnectPacket {
	p := brokertest.Connect(id)
	p.Password, p.Keepalive = []byte(secret(id)), 60
	return p
}

// warnings are those about refused devices, as the manager's page has them.
func (g *guarded) warnings() []string {
	g.t.Helper()
	synctest.Wait()
	req, err := http.NewRequestWithContext(g.t.Context(), http.MethodGet, "http://localhost/api/v1/warnings", nil)
	if err != nil {
		g.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+secret("manager"))
	resp, err := g.client.Do(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer resp.Body.Close()
	var body struct {
		Warnings []struct{ Name, Subject, Cause string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil || resp.StatusCode != http.StatusOK {
		g.t.Fatalf("%s: %v", resp.Status, err)
	}
	var out []string
	for _, w := range body.Warnings {
		if w.Name == "device_refused" {
			_, why, _ := strings.Cut(w.Cause, "refused: ")
			out = append(out, w.Subject+": "+why)
		}
	}
	slices.Sort(out)
	return out
}

// TestRefusedIsNamed: whatever is refused stands on the page once, by the name of the
// device, and goes when it has been quiet for ten minutes.
func TestRefusedIsNamed(t *testing.T) {
	inGuarded(t, func(g *guarded) {
		wrong := known("box-1")
		wrong.Password = []byte("guess")
		for range 1000 {
			if _, code := g.connect(wrong); code != packets.ErrRefusedBadUsernameOrPassword {
				t.Fatalf("CONNACK %d", code)
			}
		}
		forged := known("panel-1")
		forged.ClientIdentifier = "hall-1"
		if _, code := g.connect(forged); code != packets.ErrRefusedIDRejected {
			t.Fatalf("CONNACK %d", code)
		}
		for _, name := range []string{"ghost", "<script>", "box-1/x", ""} {
			stranger := brokertest.Connect(name)
			if _, code := g.connect(stranger); code == packets.Accepted {
				t.Fatalf("%q is let in", name)
			}
		}
		hall, code := g.connect(known("hall-1"))
		if code != packets.Accepted {
			t.Fatalf("CONNACK %d", code)
		}
		press := brokertest.Press(1)
		for _, p := range []*packets.PublishPacket{
			brokertest.Publish(g.topics.DeviceEvent("hall-1"), press, 1, true),
			brokertest.Publish(g.topics.DeviceEvent("hall-1"), make([]byte, 300), 1, false),
			brokertest.Publish(g.topics.DeviceState("hall-1"), []byte("garbage"), 1, true),
		} {
			for range 100 {
				hall.Send(p)
				hall.WantPuback()
			}
		}
		want := []string{
			": credentials, client_id",
			"box-1: credentials",
			"hall-1: retained_event, too_long, malformed",
			"panel-1: client_id",
		}
		if diff := cmp.Diff(want, g.warnings()); diff != "" {
			t.Errorf("warnings (-want +got):\n%s", diff)
		}
		if n := strings.Count(g.log.all(), "warning raised"); n > 10 {
			t.Errorf("%d warnings in the log", n)
		}
		// One goes on, the others behave.
		for range 20 {
			pass(30 * time.Second)
			hall.Send(brokertest.Publish(g.topics.DeviceEvent("hall-1"), []byte("garbage"), 1, false))
			hall.WantPuback()
			hall.WantAlive()
		}
		pass(31 * time.Second)
		if diff := cmp.Diff([]string{"hall-1: retained_event, too_long, malformed"}, g.warnings()); diff != "" {
			t.Errorf("after ten minutes (-want +got):\n%s", diff)
		}
		for range 25 {
			pass(25 * time.Second)
			hall.WantAlive()
		}
		if got := g.warnings(); len(got) > 0 {
			t.Errorf("ten minutes of good behaviour later: %q", got)
		}
	})
}
