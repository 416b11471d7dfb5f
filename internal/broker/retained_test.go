// SPDX-License-Identifier: EUPL-1.2

package broker_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/eclipse/paho.mqtt.golang/packets"

	"github.com/avanti-queue/avanti/internal/brokertest"
)

// TestRetained: who subscribes to a wildcard gets the acknowledgement, then what is retained
// under it, and nothing else.
func TestRetained(t *testing.T) {
	root := topics.Root()
	kept := []string{"host", "d/box-1/state", "d/box-1/shown", "d/box-2/state", "d/box-10/state"}
	for filter, want := range map[string][]string{
		"#":             kept,
		"d/#":           kept[1:],
		"d/box-1/#":     kept[1:3],
		"d/box-1/+":     kept[1:3],
		"d/+/state":     {kept[1], kept[3], kept[4]},
		"+/box-1/#":     kept[1:3],
		"+":             kept[:1],
		"host/#":        kept[:1], // the parent level is meant, too
		"host/+":        nil,
		"d/+":           nil,
		"d/+/state/+":   nil,
		"d/box-1/state": {kept[1]},
	} {
		synctest.Test(t, func(t *testing.T) {
			h, stop := start(t)
			defer stop()
			publisher := h.raw(true)
			publisher.Send(brokertest.Connect("_publisher"))
			_ = publisher.Connack()
			for _, topic := range kept {
				publisher.Send(brokertest.Publish(root+topic, []byte("x"), 1, true))
				publisher.WantPuback()
			}
			c := h.raw(true)
			c.Send(brokertest.Connect("_host"))
			_ = c.Connack()
			for range 2 { // who subscribes again gets it again
				if code := c.Subscribe(root + filter); code != 1 {
					t.Fatalf("SUBACK %d", code)
				}
				var got []string
				for range want {
					got = append(got, c.Message())
				}
				slices.Sort(got)
				lines := []string{}
				for _, topic := range want {
					lines = append(lines, "*"+topic+" x")
				}
				if slices.Sort(lines); !slices.Equal(got, lines) {
					t.Errorf("%s: %q, want %q", filter, got, lines)
				}
				c.WantAlive() // there is nothing more
			}
		})
	}
}

// TestRetainedWhilePublished: who subscribes to everything, again and again, while everybody
// publishes, has heard the newest of each topic in the end. The race detector looks on.
func TestRetainedWhilePublished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const rounds = 100
		h, stop := start(t)
		defer stop()
		watcher := h.raw(true)
		watcher.Send(brokertest.Connect("_watcher"))
		_ = watcher.Connack()
		var publishers sync.WaitGroup
		for i := range 4 {
			p := h.raw(true)
			p.Send(brokertest.Connect(fmt.Sprintf("_publisher-%d", i)))
			_ = p.Connack()
			publishers.Go(func() {
				for n := range rounds {
					p.Send(brokertest.Publish(fmt.Sprintf("%sx/%d", topics.Root(), i), fmt.Appendf(nil, "%d", n), 1, true))
					p.WantPuback()
					p.Send(brokertest.Publish(fmt.Sprintf("%sy/%d", topics.Root(), n), nil, 1, true)) // removes what is not there
					p.WantPuback()
				}
			})
		}
		newest := map[string]string{}
		for done := 0; done < 4; {
			p := packets.NewControlPacket(packets.Subscribe).(*packets.SubscribePacket)
			p.MessageID, p.Topics, p.Qoss = 1, []string{topics.Root() + "#"}, []byte{0}
			watcher.Send(p)
			for acknowledged := false; !acknowledged; {
				switch m := watcher.Next().(type) {
				case *packets.SubackPacket:
					acknowledged = true
				case *packets.PublishPacket:
					newest[m.TopicName] = string(m.Payload)
				}
			}
			done = 0
			for i := range 4 {
				if newest[fmt.Sprintf("%sx/%d", topics.Root(), i)] == fmt.Sprint(rounds-1) {
					done++
				}
			}
		}
		publishers.Wait()
	})
}
