// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/internal/config"
)

func TestSlipsAndPrinters(t *testing.T) {
	f := load(t, "configs/good/printers.yaml")
	slip := config.Slip{
		Parts: []config.SlipPart{
			{Name: config.SlipOffice, Size: device.SizeLarge}, {Name: config.SlipIssued}, {Name: config.SlipService}, {Name: config.SlipQR},
		},
		Address: "https://coda.example.it:8443",
	}
	if diff := cmp.Diff(slip, f.Slip); diff != "" {
		t.Errorf("slip (-want +got):\n%s", diff)
	}
	printers := []config.Printer{
		{ID: "hall", Profile: "epson-tm-t20iii", Path: "/dev/avanti/hall", Baud: 38400, Flow: config.FlowRTSCTS, Roll: 60},
		{ID: "stairs", Profile: "/etc/avanti/old-printer.yaml", Path: "/dev/usb/lp0"},
	}
	if diff := cmp.Diff(printers, f.Printers); diff != "" {
		t.Errorf("printers (-want +got):\n%s", diff)
	}
	kiosks := []config.Kiosk{
		{ID: "k1", Printer: "hall", Spare: "stairs", WithoutPaper: config.WithoutPaperScreen, Idle: 45 * time.Second, Warning: 15 * time.Second, QR: config.KioskQRWithoutPaper},
		{ID: "k2", Printer: "stairs", Spare: "hall", WithoutPaper: config.WithoutPaperRefuse, Idle: 45 * time.Second, Warning: 15 * time.Second, QR: config.KioskQRWithoutPaper},
	}
	if diff := cmp.Diff(kiosks, f.Kiosks); diff != "" {
		t.Errorf("kiosks (-want +got):\n%s", diff)
	}
}

// With an address and without parts, the way to the page stands above the advice.
func TestSlipsOfAReachableOffice(t *testing.T) {
	f, err := config.Parse("x.yaml", []byte(minimal(t)+"\nslip: {address: \"http://[2001:db8::1]:8080\"}\n"))
	if err != nil {
		t.Fatal(err)
	}
	n := len(f.Slip.Parts)
	if n != 8 || f.Slip.Parts[n-2].Name != config.SlipQR || f.Slip.Parts[n-1].Name != config.SlipAdvice || f.Slip.Address != "http://[2001:db8::1]:8080" {
		t.Errorf("slip %+v", f.Slip)
	}
}

func TestAddressesOfPages(t *testing.T) {
	for address, wrong := range map[string]string{
		"coda.example.it":                    "another scheme",
		"coda.example.it:8080":               "another scheme",
		"mqtt://coda.example.it":             "another scheme",
		"javascript:alert(1)":                "another scheme",
		"https://":                           "names no host",
		"https://:8080":                      "names no host",
		"https://còda.example.it":            "names no host",
		"https://user@coda.example.it":       "more than a host",
		"https://coda.example.it/t":          "more than a host",
		"https://coda.example.it?":           "more than a host",
		"https://coda.example.it#top":        "more than a host",
		"https://coda.example.it:99x":        "no URL",
		"https://a b":                        "no URL",
		"https://" + strings.Repeat("a", 80): "a text of 88 bytes",
	} {
		_, faults := parse(t, []byte(minimal(t)+"\nslip: {address: \""+address+"\"}\n"))
		if len(faults) != 1 || faults[0].Field != "slip.address" || !strings.Contains(faults[0].Wrong, wrong) {
			t.Errorf("%s: faults %v, want one of slip.address with %q", address, faults, wrong)
		}
	}
}

func TestAdviceIsBounded(t *testing.T) {
	text := func(n int) []byte {
		return []byte(minimal(t) + "\nslip: {advice: {it: \"" + strings.Repeat("à", n/2) + "\"}}\n")
	}
	if _, faults := parse(t, text(300)); faults != nil {
		t.Errorf("300 bytes: %v", faults)
	}
	if _, faults := parse(t, text(302)); len(faults) != 1 || faults[0].Field != "slip.advice.it" {
		t.Errorf("302 bytes: %v", faults)
	}
}
