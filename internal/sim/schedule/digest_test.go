// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// TestDigestTakesEveryField changes each field of each event, and of the record
// around it, and wants another digest each time.
func TestDigestTakesEveryField(t *testing.T) {
	events := []queue.Event{
		queue.SettingsChanged{},
		queue.DayOpened{},
		queue.DayClosed{},
		queue.ClockStepped{},
		queue.CounterOpened{},
		queue.CounterPaused{},
		queue.CounterClosed{},
		queue.TicketIssued{},
		queue.TicketCalled{},
		queue.TicketRecalled{},
		queue.ServiceStarted{},
		queue.TicketReturned{},
		queue.TicketParked{},
		queue.CallUndone{},
		queue.StepUndone{},
		queue.TicketTransferred{},
		queue.TicketReclassified{},
		queue.TicketClosed{},
		queue.SlipRequested{},
		queue.SlipPrinted{},
		queue.SlipSent{},
		queue.SlipFailed{},
		queue.SlipUnknown{},
	}
	seen := map[uint64]string{}
	note := func(name string, r queue.Record) {
		t.Helper()
		var d digest
		d.record(r)
		if other, ok := seen[d.sum]; ok {
			t.Errorf("%s has the digest of %s", name, other)
		}
		seen[d.sum] = name
	}
	for _, e := range events {
		plain := queue.Record{Seq: 1, At: time.UnixMilli(1), Event: e}
		name := queue.EventKind(e)
		note(name, plain)
		typ := reflect.TypeOf(e)
		for i := range typ.NumField() {
			changed := reflect.New(typ).Elem()
			fill(changed.Field(i))
			with := plain
			with.Event = changed.Interface().(queue.Event)
			note(fmt.Sprintf("%s.%s", name, typ.Field(i).Name), with)
		}
	}
	for name, by := range map[string]queue.Actor{"role": {Role: "x"}, "id": {ID: "x"}, "request": {Request: "x"}} {
		note(name, queue.Record{Seq: 1, At: time.UnixMilli(1), By: by, Event: queue.DayClosed{}})
	}
	note("seq", queue.Record{Seq: 2, At: time.UnixMilli(1), Event: queue.DayClosed{}})
	note("at", queue.Record{Seq: 1, At: time.UnixMilli(2), Event: queue.DayClosed{}})
}

// fill gives a field a value that is not zero.
func fill(v reflect.Value) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.UnixMilli(77)))
		return
	case queue.Settings:
		v.Set(reflect.ValueOf(queue.Settings{Zone: "x"}))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Int, reflect.Int64:
		v.SetInt(77)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key := reflect.New(v.Type().Key()).Elem()
		key.SetString("x")
		v.SetMapIndex(key, reflect.ValueOf(77))
	default:
		panic("fill: " + v.Kind().String())
	}
}
