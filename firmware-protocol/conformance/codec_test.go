// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

var update = flag.Bool("update", false, "write c/test/vectors.txt anew from vectors/*.json")

// build is where makeC puts what it builds, once for all tests and by one of them at a
// time.
var (
	build    string
	building sync.Mutex
)

// buildVariable tells the workers of a fuzz test where it has built.
const buildVariable = "AVANTI_CONFORMANCE_BUILD"

func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.fuzz").Value.String() == "" { // devices and daemons wait most of the time
		if err := flag.Set("test.parallel", "8"); err != nil {
			panic(err)
		}
	}
	build = os.Getenv(buildVariable)
	if build == "" {
		dir, err := os.MkdirTemp("", "conformance")
		if err == nil {
			err = os.Setenv(buildVariable, dir)
		}
		if err != nil {
			panic(err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		build = dir
	}
	m.Run()
}

// makeC builds a target of c/Makefile and gives its path.
func makeC(tb testing.TB, target string, with ...string) string {
	tb.Helper()
	building.Lock()
	defer building.Unlock()
	path := filepath.Join(build, target)
	args := append([]string{"-j2", "-C", filepath.Join(root, "c"), "BUILD=" + build, path}, with...)
	cmd := exec.CommandContext(tb.Context(), "make", args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("make in firmware-protocol/c: %v\n%s", err, out)
	}
	return path
}

// checker is a running c/test/check.
type checker struct {
	tb  testing.TB
	in  io.WriteCloser
	out *bufio.Reader
	err bytes.Buffer
}

// startChecker builds the codec with sanitizers and runs it until the test ends.
func startChecker(tb testing.TB) *checker {
	tb.Helper()
	c := &checker{tb: tb}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, makeC(tb, "check-sanitized"))
	cmd.Stderr = &c.err
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	c.in, c.out = in, bufio.NewReader(out)
	tb.Cleanup(func() {
		_ = in.Close()
		if err := cmd.Wait(); err != nil {
			tb.Errorf("check: %v\n%s", err, &c.err)
		}
		cancel()
	})
	return c
}

// ask sends questions and gives their answers.
func (c *checker) ask(tb testing.TB, questions ...string) []string {
	tb.Helper()
	sent := make(chan error, 1)
	go func() {
		_, err := io.WriteString(c.in, strings.Join(questions, "\n")+"\n")
		sent <- err
	}()
	answers := make([]string, len(questions))
	for i := range answers {
		line, err := c.out.ReadString('\n')
		if err != nil {
			tb.Fatalf("check ends at %q: %v\n%s", questions[i], err, &c.err)
		}
		answers[i] = strings.TrimSuffix(line, "\n")
	}
	if err := <-sent; err != nil {
		tb.Fatal(err)
	}
	return answers
}

// lines are the vectors as questions with their answers.
func lines(t *testing.T) string {
	var b strings.Builder
	b.WriteString("# SPDX-License-Identifier: EUPL-1.2\n# Made from ../../vectors by go test ./firmware-protocol/conformance -update.\n")
	for _, v := range vectors[vector](t, "*.json") {
		if v.Result == "invalid" {
			fmt.Fprintf(&b, "decode %s %s = %s\n", v.Type, dash(unhex(t, v.Hex)), v.Class)
			continue
		}
		m, err := messageOf(t, v.Type).fields(v.Fields)
		if err != nil {
			t.Fatalf("%s: %v", v.ID, err)
		}
		fmt.Fprintf(&b, "decode %s %s = ok%s\n", v.Type, v.Hex, words(m))
		if v.Result == "valid" {
			fmt.Fprintf(&b, "encode %s%s = %s\n", v.Type, words(m), v.Hex)
		}
	}
	for _, v := range vectors[busVector](t, "bus/*.json") {
		var got []string
		for _, f := range v.Frames {
			if f.Class != "" {
				got = append(got, string(f.Class))
				continue
			}
			got = append(got, fmt.Sprintf("%02x:%s", f.Address, dash(string(f.Payload))))
			if v.Result == "valid" && len(v.Frames) == 1 {
				fmt.Fprintf(&b, "frame %d %s = %s\n", f.Address, dash(string(f.Payload)), v.Hex)
			}
		}
		if len(got) == 0 {
			got = []string{"-"}
		}
		fmt.Fprintf(&b, "bus %s = %s\n", v.Hex, strings.Join(got, " "))
	}
	for _, v := range vectors[checkVector](t, "checks/*.json") {
		offer, err := fwproto.Decode[fwproto.Offer](unhex(t, v.Hex))
		if err != nil {
			t.Fatalf("%s: %v", v.ID, err)
		}
		verified := 1
		if v.Reason == fwproto.ReasonSignature {
			verified = 0
		}
		fmt.Fprintf(&b, "%s = %s %s %d\n", offerQuestion(verified, v),
			dash(string(offer.Manifest)), dash(string(offer.Signature)), v.Reason)
	}
	return b.String()
}

func offerQuestion(verified int, v checkVector) string {
	r := v.Running
	return fmt.Sprintf("offer %d Kind=%d Release=%d Group=%d Room=%d Hardware=%s %s",
		verified, r.Kind, r.Release, r.Group, r.Room, dash(r.Hardware), v.Hex)
}

// onlyHost matches the vectors of what a box or a panel does not encode.
var onlyHost = regexp.MustCompile(`(?m)^encode (reply|set|host|heartbeat|manifest|offer|hello|challenge|reveal|grant) .*\n`)

// TestVectorsInC: the C codec makes of the vectors what they say, with sanitizers,
// without, and as small as TestSize measures it, and vectors.txt, from which firmware
// authors work, is the same vectors.
func TestVectorsInC(t *testing.T) {
	t.Parallel()
	text := lines(t)
	file := filepath.Join(root, "c", "test", "vectors.txt")
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(text, string(kept)); d != "" {
		t.Fatalf("c/test/vectors.txt is old: run this test with -update (-want +got):\n%s", d)
	}
	device := onlyHost.ReplaceAllString(text, "")
	for program, text := range map[string]string{"check": text, "check-sanitized": text, "check-device": device} {
		cmd := exec.CommandContext(t.Context(), makeC(t, program))
		cmd.Stdin = strings.NewReader(text)
		out, err := cmd.CombinedOutput()
		if want := fmt.Sprintf("%d passed, 0 failed\n", strings.Count(text, " = ")); err != nil || string(out) != want {
			t.Errorf("%s: %v\n%s", program, err, out)
		}
	}
}

// TestOfferCheckInC: what C asks to be verified is what the maker signed.
func TestOfferCheckInC(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(root, "vectors", "checks", "offers.json"))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Key fwproto.Bytes }
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	c := startChecker(t)
	for _, v := range vectors[checkVector](t, "checks/*.json") {
		said := strings.Fields(c.ask(t, offerQuestion(1, v))[0])
		verified := 0
		if ed25519.Verify(ed25519.PublicKey(doc.Key), unhex(t, said[0]), unhex(t, said[1])) {
			verified = 1
		}
		said = strings.Fields(c.ask(t, offerQuestion(verified, v))[0])
		if got, want := said[2], fmt.Sprint(uint8(v.Reason)); got != want {
			t.Errorf("%s, %s: reason %s, want %s", v.ID, v.Comment, got, want)
		}
	}
}
