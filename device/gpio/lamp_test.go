// SPDX-License-Identifier: EUPL-1.2

package gpio_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	periph "periph.io/x/conn/v3/gpio"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/gpio"
)

func TestLampFollowsItsPattern(t *testing.T) {
	tests := []struct {
		pattern device.LampPattern
		flips   int // in two seconds
	}{
		{device.LampOff, 0},
		{device.LampOn, 0},
		{device.LampSlow, 4},
		{device.LampBrisk, 8},
		{device.LampFast, 16},
		{"unknown", 0},
	}
	for _, tt := range tests {
		t.Run(string(tt.pattern), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPin(false)
				l := gpio.NewLamp(gpio.LampOptions{Open: p.open})
				ctx, stop := context.WithCancel(t.Context())
				ended := make(chan error)
				go func() { ended <- l.Run(ctx) }()
				l.Show(tt.pattern)
				after(100 * time.Millisecond)
				before := p.levels()
				if lit := tt.pattern != device.LampOff && tt.pattern != "unknown"; before[len(before)-1] != periph.Level(lit) {
					t.Errorf("at first %v", before)
				}
				after(2 * time.Second)
				if flips := len(p.levels()) - len(before); flips != tt.flips {
					t.Errorf("%d flips in 2 s, want %d", flips, tt.flips)
				}
				l.Show(device.LampOn)
				after(time.Millisecond)
				stop()
				if err := <-ended; err != nil {
					t.Error(err)
				}
				if all := p.levels(); all[len(all)-1] != periph.Low {
					t.Error("lit after the end")
				}
				if p.closed != 1 {
					t.Errorf("the line was given back %d times", p.closed)
				}
			})
		})
	}
}

func TestActiveLowLamp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPin(false)
		l := gpio.NewLamp(gpio.LampOptions{Open: p.open, ActiveLow: true})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- l.Run(ctx) }()
		after(time.Second)
		l.Show(device.LampOn)
		after(time.Second)
		stop()
		<-ended
		if d := cmp.Diff([]periph.Level{periph.High, periph.Low, periph.High}, p.levels()); d != "" {
			t.Error(d)
		}
	})
}

func TestLampSaysThatItsLineIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPin(false)
		var faults []string
		l := gpio.NewLamp(gpio.LampOptions{Open: p.open, OnFault: func(err error) {
			if err == nil {
				faults = append(faults, "well")
				return
			}
			faults = append(faults, err.Error())
		}})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- l.Run(ctx) }()
		l.Show(device.LampOn)
		after(3 * time.Second)
		p.change(func() { p.gone = true })
		after(time.Minute)
		p.change(func() { p.gone = false; p.outs = nil })
		after(10 * time.Second)
		if d := cmp.Diff([]string{"well", "GPIO line GPIO17: no such device", "well"}, faults); d != "" {
			t.Error(d)
		}
		if got := p.levels(); len(got) == 0 || got[0] != periph.High {
			t.Errorf("not lit again: %v", got)
		}
		stop()
		<-ended
	})
}
