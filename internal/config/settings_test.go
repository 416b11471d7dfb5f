// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func load(t testing.TB, name string) *config.File {
	t.Helper()
	f, err := config.Load(filepath.Join(testdata, name))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func minutes(n int) queue.Millis { return queue.MillisOf(time.Duration(n) * time.Minute) }

func span(from, to int) queue.Span { return queue.Span{From: from * 60, To: to * 60} }

func TestSettingsOfAFullFile(t *testing.T) {
	morning, afternoon := span(8, 12), span(14, 17)
	whole, half := []queue.Span{morning, afternoon}, []queue.Span{morning}
	want := queue.Settings{
		Office:    "small",
		Name:      queue.Texts{"it": "Ufficio di prova", "ro": "Birou de probă", "es": "Oficina de prueba", "en": "Test office"},
		Zone:      "Europe/Rome",
		Languages: []string{"it", "ro", "es", "en"},
		Hours: queue.Calendar{
			Week:       [7][]queue.Span{time.Monday: whole, time.Tuesday: whole, time.Wednesday: half, time.Thursday: whole, time.Friday: half},
			Exceptions: []queue.Exception{{Date: "2026-12-24", Spans: []queue.Span{{From: 8 * 60, To: 10*60 + 30}}}, {Date: "2026-12-25"}},
			StopBefore: minutes(5),
		},
		Groups: []queue.Group{
			{ID: "registry", Name: queue.Texts{"it": "Anagrafe", "ro": "Evidența populației", "es": "Padrón", "en": "Registry"}},
			{ID: "payments", Name: queue.Texts{"it": "Cassa", "ro": "Casierie", "es": "Caja", "en": "Payments"}},
		},
		Series: []queue.Series{
			{ID: "a", Prefix: "A", Width: 3, First: 1, Last: 999},
			{ID: "p", Prefix: "P", Width: 2, First: 1, Last: 99},
		},
		Classes: []queue.Class{
			{ID: "normal", Name: queue.Texts{"it": "Ordinario", "ro": "Obișnuit", "es": "Ordinario", "en": "Ordinary"}},
			{
				ID: "priority", Name: queue.Texts{"it": "Precedenza", "ro": "Prioritate", "es": "Preferente", "en": "Priority"},
				Target: minutes(5), Credit: minutes(10), Cap: minutes(30),
			},
		},
		Services: []queue.Service{
			{ID: "certificates", Group: "registry", Series: "a", Name: queue.Texts{"it": "Certificati", "ro": "Certificate", "es": "Certificados", "en": "Certificates"}},
			{
				ID: "identity-card", Group: "registry", Series: "a", Name: queue.Texts{"it": "Carta d'identità", "ro": "Carte de identitate", "es": "Carné de identidad", "en": "Identity card"},
				Target: minutes(30), Quota: 20, Hours: &queue.Calendar{
					Week: [7][]queue.Span{time.Monday: half, time.Tuesday: half, time.Thursday: {afternoon}},
					// The office's short day and its closed day hold for the service too: it
					// is not there on a Thursday morning.
					Exceptions: []queue.Exception{{Date: "2026-12-24"}, {Date: "2026-12-25"}},
					StopBefore: minutes(15),
				},
			},
			{ID: "payments", Group: "payments", Series: "p", Name: queue.Texts{"it": "Pagamenti", "ro": "Plăți", "es": "Pagos", "en": "Payments"}},
		},
		Counters: []queue.Counter{
			{ID: "c1", Label: "1", Preferred: []queue.ServiceID{"certificates", "identity-card"}, Overflow: []queue.ServiceID{"payments"}},
			{ID: "c2", Label: "2", Preferred: []queue.ServiceID{"certificates", "payments"}, Overflow: []queue.ServiceID{"identity-card"}},
			{ID: "c3", Label: "3", Preferred: []queue.ServiceID{"payments"}},
		},
		Rule:         queue.Rule{Preset: queue.PresetTargets, Target: minutes(20), Cap: minutes(45), Tolerance: minutes(10), LateAfter: minutes(15)},
		NoShow:       queue.NoShow{Calls: 2, After: 20_000, ReturnWithin: minutes(15)},
		Slips:        queue.SlipPolicy{OnUnknown: queue.UnknownCopy, CopyFor: minutes(1)},
		FinishOnNext: true,
		Outcomes:     []string{"done", "papers-missing"},
		LetPass:      1,
	}
	if diff := cmp.Diff(want, load(t, "office/small.yaml").Settings()); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

func TestDaemonOfAFullFile(t *testing.T) {
	want := &config.File{
		Name:    filepath.Join(testdata, "office/small.yaml"),
		Reasons: map[queue.Date]string{"2026-12-24": "Vigilia di Natale", "2026-12-25": "Natale"},
		Cards: map[queue.ServiceID]config.Card{"identity-card": {
			Documents: map[string][]string{
				"it": {"La carta d'identità che avete, anche scaduta", "Una fototessera recente", "La tessera sanitaria"},
				"ro": {"Cartea de identitate pe care o aveți, chiar expirată", "O fotografie recentă tip pașaport", "Cardul de sănătate"},
				"es": {"El carné de identidad que tiene, aunque esté caducado", "Una foto reciente de carné", "La tarjeta sanitaria"},
				"en": {"Your present identity card, even if expired", "A recent passport photograph", "Your health card"},
			},
			Cost: queue.Texts{
				"it": "22,21 euro, con carta o in contanti", "ro": "22,21 euro, cu cardul sau în numerar",
				"es": "22,21 euros, con tarjeta o en efectivo", "en": "22.21 euros, by card or in cash",
			},
			Time: queue.Texts{
				"it": "La carta arriva per posta in 6 giorni lavorativi", "ro": "Cartea sosește prin poștă în 6 zile lucrătoare",
				"es": "El carné llega por correo en 6 días laborables", "en": "The card comes by post in 6 working days",
			},
		}},
		Words: map[queue.ServiceID]map[string][]string{
			"identity-card": {
				"it": {"ho perso la carta", "carta smarrita o rubata", "documento scaduto", "CIE"},
				"ro": {"mi-am pierdut buletinul", "buletin expirat", "act de identitate"},
				"es": {"he perdido el carné", "DNI", "documento caducado"},
				"en": {"I lost my card", "stolen card", "ID document"},
			},
			"payments": {"it": {"bolletta", "multa", "cassa"}, "ro": {"amendă", "casierie"}, "es": {"multa", "recibo"}, "en": {"bill", "fine"}},
		},
		Waits: config.Waits{Service: 8 * time.Minute, Stop: config.StopNever},
		Priority: []config.Priority{
			{
				ID: "mobility", Class: "priority",
				Name: queue.Texts{"it": "Faccio fatica a stare in piedi", "ro": "Îmi este greu să stau în picioare", "es": "Me cuesta estar de pie", "en": "Standing is hard for me"},
			},
			{
				ID: "child", Class: "priority",
				Name: queue.Texts{
					"it": "Aspetto un bambino o ho un neonato", "ro": "Sunt însărcinată sau am un nou-născut",
					"es": "Espero un bebé o traigo un recién nacido", "en": "I am expecting, or have a newborn",
				},
			},
		},
		DataDir: "var/small",
		HTTP:    config.HTTP{Listen: "127.0.0.1:8080", Hosts: []string{"localhost", "127.0.0.1", "::1"}, Idle: 20 * time.Minute},
		MQTT:    config.MQTT{Heartbeat: time.Second},
		Slip: config.Slip{
			Parts: []config.SlipPart{
				{Name: config.SlipMark},
				{Name: config.SlipOffice, Bold: true},
				{Name: config.SlipService, Size: device.SizeLarge, Bold: true},
				{Name: config.SlipIssued},
				{Name: config.SlipRule},
				{Name: config.SlipAhead},
				{Name: config.SlipWait},
				{Name: config.SlipQR},
				{Name: config.SlipAdvice, Size: device.SizeSmall},
			},
			Both: true, Address: "http://127.0.0.1:8080",
			Advice: queue.Texts{
				"it": "Conservi il biglietto fino alla chiamata", "ro": "Păstrați biletul până la apel",
				"es": "Conserve el tique hasta la llamada", "en": "Keep this ticket until you are called",
			},
		},
		Printers: []config.Printer{{ID: "printer-1", Profile: "generic", Path: "/dev/avanti/printer-1", Baud: 19200, Flow: config.FlowNone, Roll: 80}},
		Kiosks: []config.Kiosk{
			{
				ID: "kiosk-1", Printer: "printer-1", WithoutPaper: config.WithoutPaperScreen,
				Idle: 50 * time.Second, Warning: 20 * time.Second, QR: config.KioskQRAlways,
			},
			{
				ID: "kiosk-2", WithoutPaper: config.WithoutPaperScreen,
				Idle: 45 * time.Second, Warning: 15 * time.Second, Languages: []string{"it", "en"}, QR: config.KioskQRWithoutPaper,
			},
		},
		Devices: []config.Device{
			{ID: "box-1", Kind: config.KindBox, Counter: "c1"},
			{ID: "panel-1", Kind: config.KindPanel, Counter: "c1"},
			{ID: "hall-1", Kind: config.KindHall},
		},
		Access: []config.Access{
			{ID: "kiosk-1", Role: config.RoleKiosk},
			{ID: "desk-1", Role: config.RoleCounter, Counter: "c1"},
			{ID: "desk-2", Role: config.RoleCounter, Counter: "c2"},
			{ID: "desk-3", Role: config.RoleCounter, Counter: "c3"},
			{ID: "hall", Role: config.RoleDisplay},
			{ID: "manager", Role: config.RoleManager},
			{ID: "admin", Role: config.RoleAdmin},
		},
		Hall: defaultHall(), Sound: defaultSound(),
		Backup:   config.Backup{Keep: 7, Every: 24 * time.Hour},
		LogLevel: slog.LevelInfo,
	}
	if diff := cmp.Diff(want, load(t, "office/small.yaml"), cmpopts.IgnoreUnexported(config.File{})); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
}

func TestDefaults(t *testing.T) {
	f := load(t, "configs/good/minimal.yaml")
	got := f.Settings()
	name := queue.Texts{"it": "Sportello"}
	want := queue.Settings{
		Office: "minimal", Name: name, Zone: "Europe/Rome", Languages: []string{"it"},
		Hours:    queue.Calendar{Week: [7][]queue.Span{time.Monday: {span(8, 12)}}},
		Groups:   []queue.Group{{ID: "all", Name: queue.Texts{"it": "Servizi"}}},
		Services: []queue.Service{{ID: "desk", Group: "all", Series: "a", Name: name}},
		Series:   []queue.Series{{ID: "a", Width: 3, First: 1, Last: 999}},
		Classes:  got.Classes,
		Counters: []queue.Counter{{ID: "c1", Label: "1", Preferred: []queue.ServiceID{"desk"}}},
		Rule:     queue.Rule{Preset: queue.PresetFIFO, Target: minutes(20), Cap: minutes(45), Tolerance: minutes(10), LateAfter: minutes(15)},
		NoShow:   queue.NoShow{Calls: 2, After: 30_000, ReturnWithin: minutes(15)},
		Slips:    queue.SlipPolicy{OnUnknown: queue.UnknownCopy, CopyFor: minutes(1)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	if len(got.Classes) != 1 || got.Classes[0].ID != "normal" {
		t.Errorf("classes %v, want normal alone", got.Classes)
	}
	daemon := &config.File{
		Name: f.Name, Reasons: map[queue.Date]string{}, DataDir: "/var/lib/avanti",
		HTTP: config.HTTP{Listen: "127.0.0.1:8080", Hosts: []string{"localhost", "127.0.0.1", "::1"}, Idle: 15 * time.Minute},
		MQTT: config.MQTT{Heartbeat: time.Second},
		Slip: config.Slip{Both: true, Parts: []config.SlipPart{
			{Name: config.SlipMark},
			{Name: config.SlipOffice, Bold: true},
			{Name: config.SlipService, Size: device.SizeTall},
			{Name: config.SlipIssued},
			{Name: config.SlipAhead},
			{Name: config.SlipWait},
			{Name: config.SlipAdvice},
		}},
		Waits: config.Waits{Service: 8 * time.Minute, Stop: config.StopNever},
		Hall:  defaultHall(), Sound: defaultSound(),
		Backup:   config.Backup{Keep: 7, Every: 24 * time.Hour},
		LogLevel: slog.LevelInfo,
	}
	if diff := cmp.Diff(daemon, f, cmpopts.IgnoreUnexported(config.File{})); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
}

func TestSecretsAreSumsOrMissing(t *testing.T) {
	sum := sha256.Sum256([]byte("a secret"))
	text := minimal(t) + fmt.Sprintf(`
devices: [{id: box-1, kind: box, counter: c1, password_sha256: "%x"}, {id: box-2, kind: box, counter: c1}]
`, sum)
	f, err := config.Parse("office.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if f.Devices[0].Password != sum || f.Devices[1].Password != [32]byte{} {
		t.Errorf("passwords %x, want %x and none", f.Devices, sum)
	}
}

func TestAnchorsAndMerges(t *testing.T) {
	f := load(t, "configs/good/anchors.yaml")
	s := f.Settings()
	both := []queue.ServiceID{"letters", "parcels", "parcels-abroad"}
	want := []queue.Counter{
		{ID: "c1", Label: "1", Preferred: both},
		{ID: "c2", Label: "2", Preferred: both},
		// Named by its own id, it stays preferred although the group overflows.
		{ID: "c3", Label: "3", Preferred: both[2:], Overflow: both[:2]},
	}
	if diff := cmp.Diff(want, s.Counters); diff != "" {
		t.Errorf("counters (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(queue.Texts{"it": "Pacchi", "en": "Letters"}, s.Services[2].Name); diff != "" {
		t.Errorf("merged name (-want +got):\n%s", diff)
	}
	if f.MQTT.URL != "mqtts://avanti:secret@broker.example:8883" || f.MQTT.Heartbeat != 5*time.Second {
		t.Errorf("mqtt %+v", f.MQTT)
	}
}

func TestServiceHoursFollowTheOffice(t *testing.T) {
	text := strings.ReplaceAll(minimal(t), "group: all, series: a,", `group: all, series: a, hours: {mon: ["08:00-10:00", "11:00-12:00"], exceptions: [{date: 2026-11-30, hours: ["11:00-12:00"]}]},`)
	text = strings.ReplaceAll(text, "hours:\n", `hours:
  stop_before: 10m
  exceptions:
    - {date: 2026-11-23, hours: ["09:00-11:30"]}
    - {date: 2026-11-30}
    - {date: 2026-12-07}
`)
	f, err := config.Parse("x.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := &queue.Calendar{
		Week: [7][]queue.Span{time.Monday: {span(8, 10), span(11, 12)}},
		Exceptions: []queue.Exception{
			{Date: "2026-11-30", Spans: []queue.Span{span(11, 12)}}, // the service's own
			{Date: "2026-11-23", Spans: []queue.Span{span(9, 10), {From: 11 * 60, To: 11*60 + 30}}},
			{Date: "2026-12-07"},
		},
		StopBefore: minutes(10),
	}
	if diff := cmp.Diff(want, f.Settings().Services[0].Hours); diff != "" {
		t.Errorf("hours of the service (-want +got):\n%s", diff)
	}
}

// Files from other systems begin with a byte order mark and end lines in two bytes.
func TestForeignLineEnds(t *testing.T) {
	text := source(t, "office/small.yaml")
	f, err := config.Parse("small.yaml", []byte("\ufeff"+strings.ReplaceAll(text, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(load(t, "office/small.yaml").Settings(), f.Settings()); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

// A check's faults stand among the others, and not on fields that are wrong already.
func TestChecks(t *testing.T) {
	data := []byte(strings.ReplaceAll(minimal(t), "hours:", `printers:
  - {id: p1, profile: nosuch, path: /dev/ttyS0}
  - {id: p2, profile: 7, path: /dev/ttyS1}
colour: red
hours:`))
	profiles := func(f *config.File, report func(field, wrong, want string)) {
		for i, p := range f.Printers {
			report(fmt.Sprintf("printers[%d].profile", i), "no profile "+p.Profile, "generic")
		}
	}
	_, err := config.Parse("x.yaml", data, profiles)
	want := []string{
		"x.yaml:10:23: printers[0].profile: no profile nosuch; want generic",
		"x.yaml:11:23: printers[1].profile: the number 7 without quotes; want the name of a printer profile, or the full path of its file; a text that looks like a number or a truth stands in quotes",
		"x.yaml:12:1: colour: unknown key; want one of ",
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != len(want) {
		t.Fatalf("got\n%v\nwant %d lines", err, len(want))
	}
	for i := range want {
		if !strings.HasPrefix(lines[i], want[i]) {
			t.Errorf("line %d\n got %s\nwant %s", i, lines[i], want[i])
		}
	}
}

func TestLoadOfNoFile(t *testing.T) {
	_, err := config.Load(filepath.Join(t.TempDir(), "none.yaml"))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want one that says that the file does not exist", err)
	}
}

// TestAliasesOfAliases: a short text that would be a long one is refused at once.
func TestAliasesOfAliases(t *testing.T) {
	text := "office: {id: a}\nservices:\n  - &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 9; i++ {
		of := fmt.Sprintf("*a%d", i-1)
		text += fmt.Sprintf("  - &a%d [%s]\n", i, strings.Join(slices.Repeat([]string{of}, 10), ", "))
	}
	_, err := config.NewDraft("x.yaml", []byte(text))
	if err == nil || !strings.Contains(err.Error(), "too many aliases") {
		t.Errorf("as a draft: %.300v", err)
	}
	if _, err := config.Parse("x.yaml", []byte(text)); err == nil {
		t.Error("taken")
	}
}
