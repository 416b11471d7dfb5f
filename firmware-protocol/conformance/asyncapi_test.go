// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"bytes"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

func asyncAPI(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "asyncapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestAsyncAPI: the parser of the AsyncAPI initiative accepts the document without a
// warning.
func TestAsyncAPI(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("testdata", "asyncapi")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@asyncapi", "parser")); err != nil {
		t.Fatalf("%v: run npm ci in firmware-protocol/conformance/%s", err, filepath.ToSlash(dir))
	}
	cmd := exec.CommandContext(t.Context(), "node", "parse.js")
	cmd.Dir = dir
	cmd.Stdin = bytes.NewReader(asyncAPI(t))
	out, err := cmd.CombinedOutput()
	if want := "3.0.0: 12 channels, 12 operations, 14 messages\n"; err != nil || string(out) != want {
		t.Errorf("asyncapi.yaml: %v\n%s", err, out)
	}
}

// schema is a message in the document.
type schema struct {
	Type       int `yaml:"x-type"`
	Required   []string
	Properties map[string]property
	Payload    *schema
}

type property struct {
	Key                  uint64 `yaml:"x-key"`
	Type                 string
	Minimum, Maximum     *big.Float
	MinLength, MaxLength *int
	MinItems, MaxItems   *int
	Pattern              string
	Encoding             string `yaml:"contentEncoding"`
	Items                *property
}

func schemas(t *testing.T) map[string]schema {
	t.Helper()
	var doc struct {
		Components struct {
			Messages, Schemas map[string]schema
		}
	}
	if err := yaml.Unmarshal(asyncAPI(t), &doc); err != nil {
		t.Fatal(err)
	}
	all := doc.Components.Schemas
	for name, m := range doc.Components.Messages {
		m.Payload.Type = m.Type
		all[name] = *m.Payload
	}
	return all
}

// TestAsyncAPISaysTheSame: types, keys, names and required keys are those of the
// tables in SPEC.md, topics those of the codec.
func TestAsyncAPISaysTheSame(t *testing.T) {
	want := tables(t)
	got := map[string]table{}
	for name, s := range schemas(t) {
		m := table{Type: s.Type, Keys: map[uint64]string{}, Required: s.Required}
		for property, p := range s.Properties {
			m.Keys[p.Key] = property
		}
		slices.Sort(m.Required)
		got[name] = m
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("asyncapi.yaml differs from SPEC.md (-spec +asyncapi):\n%s", d)
	}
	var doc struct {
		Channels map[string]struct{ Address string }
	}
	if err := yaml.Unmarshal(asyncAPI(t), &doc); err != nil {
		t.Fatal(err)
	}
	for _, c := range doc.Channels {
		topic := strings.NewReplacer("{office}", "piacenza", "{device}", "box-1", "{name}", "esp-1").Replace(c.Address)
		_, _, ok := fwproto.Topics{Office: "piacenza"}.Parse(topic)
		if _, _, pairing := fwproto.ParsePairing(topic); !ok && !pairing {
			t.Errorf("the codec knows no topic %s", topic)
		}
	}
}

// TestAsyncAPIExamples holds the vectors against the schemas.
func TestAsyncAPIExamples(t *testing.T) {
	all := schemas(t)
	for _, v := range vectors[vector](t, "*.json") {
		if v.Result == "invalid" {
			continue
		}
		var m map[uint64]any
		if err := cbor.Unmarshal(unhex(t, v.Hex), &m); err != nil {
			t.Fatal(err)
		}
		s := all[v.Type]
		for name, p := range s.Properties {
			value, there := m[p.Key]
			if there && !p.allows(value) {
				t.Errorf("%s: %s must not be %v", v.ID, name, value)
			}
			if !there && slices.Contains(s.Required, name) {
				t.Errorf("%s: %s is not there", v.ID, name)
			}
		}
	}
}

func (p property) allows(value any) bool {
	within := func(n int, least, most *int) bool {
		return (least == nil || n >= *least) && (most == nil || n <= *most)
	}
	switch v := value.(type) {
	case uint64, int64:
		n := new(big.Float).SetInt(integer(value))
		return p.Type == "integer" && n.Cmp(p.Minimum) >= 0 && n.Cmp(p.Maximum) <= 0
	case string:
		return p.Type == "string" && p.Encoding == "" && within(len(v), p.MinLength, p.MaxLength) && regexp.MustCompile(p.Pattern).MatchString(v)
	case []byte:
		return p.Type == "string" && p.Encoding == "base16" && within(2*len(v), p.MinLength, p.MaxLength)
	case bool:
		return p.Type == "boolean" && v
	case []any:
		return p.Type == "array" && within(len(v), p.MinItems, p.MaxItems) && !slices.ContainsFunc(v, func(x any) bool { return !p.Items.allows(x) })
	}
	return false
}
