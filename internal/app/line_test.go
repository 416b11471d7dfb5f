// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/serialport"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
)

func TestLineIsAsConfiguredOrAsDelivered(t *testing.T) {
	const rts, none = serialport.FlowRTSCTS, serialport.FlowNone
	star, err := escpos.Lookup("star-line") // delivered with 9600 and rtscts
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		printer config.Printer
		profile escpos.Profile
		want    serialport.Config
	}{
		{config.Printer{Path: "/dev/a"}, star, serialport.Config{Path: "/dev/a", Baud: 9600, FlowControl: rts}},
		{config.Printer{Path: "/dev/a", Baud: 38400}, star, serialport.Config{Path: "/dev/a", Baud: 38400, FlowControl: rts}},
		{config.Printer{Path: "/dev/a", Flow: config.FlowNone}, star, serialport.Config{Path: "/dev/a", Baud: 9600, FlowControl: none}},
		{config.Printer{Path: "/dev/usb/lp0"}, escpos.Profile{}, serialport.Config{Path: "/dev/usb/lp0"}},
	} {
		if diff := cmp.Diff(tt.want, app.Line(tt.printer, tt.profile)); diff != "" {
			t.Errorf("%+v: %s", tt.printer, diff)
		}
	}
}
