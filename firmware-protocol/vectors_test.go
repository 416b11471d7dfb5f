// SPDX-License-Identifier: EUPL-1.2

package fwproto_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

type vector struct {
	ID, Comment, Type, Result, Hex string
	Class                          fwproto.Class
	Flags                          []string
	Fields                         json.RawMessage
}

func vectors(tb testing.TB) []vector {
	tb.Helper()
	files, err := filepath.Glob("vectors/*.json")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no vectors: %v", err)
	}
	var all []vector
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		var doc struct {
			Licence  string
			Protocol int
			Vectors  []vector
		}
		dec := json.NewDecoder(strings.NewReader(string(b)))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&doc); err != nil {
			tb.Fatalf("%s: %v", file, err)
		}
		all = append(all, doc.Vectors...)
	}
	return all
}

// TestVectors holds the Go codec against the shared vectors: the two Go
// obligations of SPEC 7.
func TestVectors(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range vectors(t) {
		if seen[v.ID] {
			t.Fatalf("vector id %s is used twice", v.ID)
		}
		seen[v.ID] = true
		t.Run(v.ID, func(t *testing.T) {
			switch v.Type {
			case "press":
				check[fwproto.Press](t, v)
			case "reply":
				check[fwproto.Reply](t, v)
			case "set":
				check[fwproto.Set](t, v)
			case "shown":
				check[fwproto.Shown](t, v)
			case "state":
				check[fwproto.State](t, v)
			case "host":
				check[fwproto.Host](t, v)
			case "heartbeat":
				check[fwproto.Heartbeat](t, v)
			case "manifest":
				check[fwproto.Manifest](t, v)
			case "offer":
				check[fwproto.Offer](t, v)
			case "report":
				check[fwproto.Report](t, v)
			case "telemetry":
				check[fwproto.Telemetry](t, v)
			case "hello":
				check[fwproto.Hello](t, v)
			case "challenge":
				check[fwproto.Challenge](t, v)
			case "reveal":
				check[fwproto.Reveal](t, v)
			case "grant":
				check[fwproto.Grant](t, v)
			default:
				t.Fatalf("unknown type %q", v.Type)
			}
		})
	}
}

func check[M fwproto.Message](t *testing.T, v vector) {
	t.Helper()
	wire, err := hex.DecodeString(v.Hex)
	if err != nil {
		t.Fatal(err)
	}
	got, err := fwproto.Decode[M](wire)
	if v.Result == "invalid" {
		if e, ok := errors.AsType[*fwproto.Error](err); !ok || e.Class != v.Class {
			t.Fatalf("%s: decode gives %v, want class %s", v.Comment, err, v.Class)
		}
		return
	}
	if err != nil {
		t.Fatalf("%s: %v", v.Comment, err)
	}
	var want M
	if err := json.Unmarshal(v.Fields, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: decoded fields (-want +got):\n%s", v.Comment, diff)
	}
	if v.Result == "acceptable" {
		return
	}
	out, err := fwproto.Encode(want)
	if err != nil {
		t.Fatalf("%s: encode: %v", v.Comment, err)
	}
	if diff := cmp.Diff(v.Hex, hex.EncodeToString(out)); diff != "" {
		t.Errorf("%s: encoded bytes (-want +got):\n%s", v.Comment, diff)
	}
}
