// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/internal/office"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestSlipOfTheTemplate: parts in their order and look, in the office's language and the citizen's.
func TestSlipOfTheTemplate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(0)...)
		defer d.stop()
		id := d.issue("ro")
		pass(10 * time.Second)
		day, _ := d.engine.View().Day()
		want := device.Slip{Number: "A001", Parts: []device.Part{
			{Kind: device.PartMark},
			{Text: "Ufficio di prova", Bold: true},
			{Text: "Certificati", Size: device.SizeTall},
			{Text: "23/11/2026 08:00"},
			{Text: "Persone prima di Lei: 0"},
			{Text: "Persoane înaintea dumneavoastră: 0"},
			{Text: "Attesa prevista: 10-15 min"},
			{Text: "Așteptare estimată: 10-15 min"},
			{Kind: device.PartRule},
			{Kind: device.PartQR, Text: fmt.Sprintf("https://coda.example.it/t/%s-%d", day, id)},
			{Text: "Conservi il biglietto fino alla chiamata"},
			{Text: "Păstrați biletul până la apel"},
		}}
		if diff := cmp.Diff(want, d.printer.Jobs()[0].Slip); diff != "" {
			t.Errorf("slip (-want +got):\n%s", diff)
		}
	})
}

// TestLanguagesOfASlip: the office's own and the citizen's, or the citizen's alone; a copy is marked
// in the same.
func TestLanguagesOfASlip(t *testing.T) {
	for _, test := range []struct {
		both    bool
		citizen string
		texts   []string
		copy    string
	}{
		{true, "it", []string{"Conservi il biglietto fino alla chiamata"}, "DUPLICATO"},
		{true, "ro", []string{"Conservi il biglietto fino alla chiamata", "Păstrați biletul până la apel"}, "DUPLICATO / DUPLICAT"},
		{false, "ro", []string{"Păstrați biletul până la apel"}, "DUPLICAT"},
		{false, "en", []string{"Keep this ticket until you are called"}, "DUPLICATE"},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := openDesk(t, &queuetest.Memory{}, morning(0)...)
			d.stop()
			d.template = office.Template{Both: test.both, Parts: []office.TemplatePart{{Name: office.PartAdvice}}}
			d.conduct()
			defer d.stop()
			d.printer.Script(device.Outcome{Result: device.ResultUnknown, Fault: &device.Fault{Code: device.FaultLine}})
			d.issue(test.citizen)
			pass(20 * time.Second)
			jobs := d.printer.Jobs()
			if len(jobs) != 2 || !slices.Equal(words(jobs[0].Slip), test.texts) || jobs[0].Slip.Copy != "" || jobs[1].Slip.Copy != test.copy {
				t.Errorf("%+v: jobs %+v", test, jobs)
			}
		})
	}
}

// TestAdviceOfTheOffice stands in place of the program's own words, where there is one.
func TestAdviceOfTheOffice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(0)...)
		d.stop()
		d.template = office.Template{
			Parts:  []office.TemplatePart{{Name: office.PartAdvice, Size: device.SizeSmall}},
			Advice: queue.Texts{"it": "Guardate il tabellone"},
		}
		d.conduct()
		defer d.stop()
		d.issue("it")
		d.issue("en")
		pass(10 * time.Second)
		jobs := d.printer.Jobs()
		if got := words(jobs[0].Slip); !slices.Equal(got, []string{"Guardate il tabellone"}) || jobs[0].Slip.Parts[0].Size != device.SizeSmall {
			t.Errorf("advice %q", got)
		}
		if got := words(jobs[1].Slip); len(got) != 1 || !strings.HasPrefix(got[0], "Keep") {
			t.Errorf("advice %q: want the program's own", got)
		}
	})
}

// TestWaitIsToldOnlyIfKnown: no part says that nobody knows.
func TestWaitIsToldOnlyIfKnown(t *testing.T) {
	for _, test := range []struct {
		from, to time.Duration
		known    bool
		want     []string
	}{
		{0, 0, false, nil},
		{10 * time.Minute, 10 * time.Minute, true, []string{"Attesa prevista: circa 10 min"}},
		{0, 0, true, []string{"Attesa prevista: circa 1 min"}},
		{90 * time.Second, 150 * time.Second, true, []string{"Attesa prevista: 1-3 min"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := openDesk(t, &queuetest.Memory{}, morning(0)...)
			d.stop()
			d.template = office.Template{Parts: []office.TemplatePart{{Name: office.PartWait}}}
			d.wait = func(*queue.View, *queue.Ticket) (time.Duration, time.Duration, bool) {
				return test.from, test.to, test.known
			}
			d.conduct()
			defer d.stop()
			d.issue("it")
			pass(10 * time.Second)
			if got := words(d.printer.Jobs()[0].Slip); !slices.Equal(got, test.want) {
				t.Errorf("%v to %v, known %v: %q", test.from, test.to, test.known, got)
			}
		})
	}
}
