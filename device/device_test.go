// SPDX-License-Identifier: EUPL-1.2

package device_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/device"
)

func TestJobValidate(t *testing.T) {
	tests := []struct {
		name string
		job  device.Job
		want string // part of the error; "": valid
	}{
		{"valid", device.Job{ID: "0001", Slip: device.Slip{Number: "A1"}}, ""},
		{"blanks are printable", device.Job{ID: "   ~", Slip: device.Slip{Number: "A1"}}, ""},
		{"short", device.Job{ID: "001", Slip: device.Slip{Number: "A1"}}, "has 3 bytes"},
		{"four letters, five bytes", device.Job{ID: "00à1", Slip: device.Slip{Number: "A1"}}, "has 5 bytes"},
		{"control", device.Job{ID: "00\x001", Slip: device.Slip{Number: "A1"}}, "byte 3"},
		{"delete", device.Job{ID: "\x7f001", Slip: device.Slip{Number: "A1"}}, "byte 1"},
		{"no number", device.Job{ID: "0001"}, "no number"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.job.Validate()
			if tt.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestFaultIsAnErrorThatSaysWhatToDo(t *testing.T) {
	codes := []device.FaultCode{
		device.FaultPaperEnd, device.FaultPaperNearEnd, device.FaultCoverOpen, device.FaultCutter,
		device.FaultHeadHot, device.FaultJam, device.FaultHardware, device.FaultOffline,
		device.FaultNotAnswering, device.FaultBusy, device.FaultUncleared, device.FaultLine, device.FaultRefused, device.FaultPresented, device.FaultStranger,
	}
	seen := map[string]bool{}
	for _, code := range codes {
		err := fmt.Errorf("slip A012: %w", &device.Fault{Code: code, Detail: "seen"})
		fault, ok := errors.AsType[*device.Fault](err)
		if !ok || fault.Code != code {
			t.Fatalf("%s is not found in its error", code)
		}
		if want := code != device.FaultPaperNearEnd; fault.Stops() != want {
			t.Errorf("%s: Stops() = %t, want %t", code, fault.Stops(), want)
		}
		text := fault.Error()
		if seen[text] || !strings.HasSuffix(text, "(seen)") || strings.Contains(text, string(code)+" (") {
			t.Errorf("%s: %q", code, text)
		}
		seen[text] = true
	}
}
