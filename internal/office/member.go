// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// members are the boxes on the wire. They come and go while the office works.
type members struct {
	mu    sync.RWMutex
	boxes map[string]*box
	stops map[string]context.CancelFunc
	start func(*box) context.CancelFunc // nil while the office does not work
}

func newMembers() *members {
	return &members{boxes: map[string]*box{}, stops: map[string]context.CancelFunc{}}
}

func (m *members) box(id string) (*box, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	b, ok := m.boxes[id]
	return b, ok
}

// run lets all boxes work, those that come later as well, until ctx ends.
func (m *members) run(ctx context.Context, g *errgroup.Group) {
	m.mu.Lock()
	m.start = func(b *box) context.CancelFunc {
		ctx, stop := context.WithCancel(ctx)
		g.Go(func() error { return b.run(ctx) })
		return stop
	}
	for id, b := range m.boxes {
		m.stops[id] = m.start(b)
	}
	m.mu.Unlock()
	<-ctx.Done()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.start = nil
	for _, stop := range m.stops {
		stop()
	}
}

// set puts a box in the place of the one with its id; nil: of that one there is none
// any more.
func (m *members) set(id string, b *box) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if stop, ok := m.stops[id]; ok {
		stop()
	}
	delete(m.boxes, id)
	delete(m.stops, id)
	if b == nil {
		return
	}
	m.boxes[id] = b
	if m.start != nil {
		m.stops[id] = m.start(b)
	}
}

// Join takes a device on while the office works, or gives one that is known another
// kind or counter.
func (f *Office) Join(d Device) {
	var b *box
	if d.Kind == KindBox {
		b = f.newBox(d)
	}
	f.members.set(d.ID, b)
	f.screens.join(d)
}

// Leave forgets a device. If it is still connected, to a broker elsewhere, it goes dark: the number
// that it shows would never change again.
func (f *Office) Leave(id string) {
	f.members.set(id, nil)
	f.screens.leave(id)
	f.link.Set(id, fwproto.Set{Blank: true})
}

// Screen is what a device should show, and whether it says that it does.
type Screen struct {
	Wanted    fwproto.Set
	Confirmed bool
}

// Screen returns what a device should show, false for one that should show nothing.
func (f *Office) Screen(id string) (Screen, bool) {
	f.screens.mu.Lock()
	defer f.screens.mu.Unlock()
	w, ok := f.screens.wanted[id]
	return Screen{Wanted: w.content, Confirmed: w.since.IsZero()}, ok
}

func (s *screens) join(d Device) {
	s.leave(d.ID)
	s.mu.Lock()
	s.devices = append(slices.Clone(s.devices), d)
	s.mu.Unlock()
	s.show()
}

func (s *screens) leave(id string) {
	s.showing.Lock() // nobody shows it anything meanwhile
	defer s.showing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.devices = slices.DeleteFunc(slices.Clone(s.devices), func(d Device) bool { return d.ID == id })
	if s.wanted[id].alarm {
		s.health.Clear("display_unconfirmed", id)
	}
	delete(s.wanted, id)
}

// members returns the devices as they are now. The list is not changed afterwards.
func (s *screens) members() []Device {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.devices
}
