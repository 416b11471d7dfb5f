// SPDX-License-Identifier: EUPL-1.2

package fwproto_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// checkVector is an offer that reaches a device, and what it decides.
type checkVector struct {
	ID, Comment, Result, Hex string
	Running                  fwproto.Running
	Reason                   fwproto.Reason
}

func checkVectors(tb testing.TB) (maker ed25519.PublicKey, vectors []checkVector) {
	tb.Helper()
	b, err := os.ReadFile("vectors/checks/offers.json")
	if err != nil {
		tb.Fatal(err)
	}
	var doc struct {
		Licence, Comment string
		Protocol         int
		Key              fwproto.Bytes
		Vectors          []checkVector
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		tb.Fatal(err)
	}
	return ed25519.PublicKey(doc.Key), doc.Vectors
}

// TestOfferCheck is SPEC 9.5.
func TestOfferCheck(t *testing.T) {
	maker, vectors := checkVectors(t)
	for _, v := range vectors {
		t.Run(v.ID, func(t *testing.T) {
			wire, err := hex.DecodeString(v.Hex)
			if err != nil {
				t.Fatal(err)
			}
			offer, err := fwproto.Decode[fwproto.Offer](wire)
			if err != nil {
				t.Fatal(err)
			}
			if _, got := offer.Check(v.Running, maker); got != v.Reason {
				t.Errorf("%s: %v, want %v", v.Comment, got, v.Reason)
			}
		})
	}
}

// TestSign: what a maker signs holds, under its key and under no other.
func TestSign(t *testing.T) {
	maker := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
	running := fwproto.Running{Kind: fwproto.KindPanel, Hardware: "hub75 r1", Release: 1<<24 | 4<<16, Room: 1 << 20}
	image := fwproto.Manifest{
		Kind: fwproto.KindPanel, Hardware: "hub75 r1", Release: 1<<24 | 4<<16 | 1, Size: 1000,
		SHA256: fwproto.Bytes(bytes.Repeat([]byte{1}, 32)),
	}
	manifest, signature, err := image.Sign(maker)
	if err != nil {
		t.Fatal(err)
	}
	offer := fwproto.Offer{ID: 1, Manifest: manifest, Signature: signature, Path: "/firmware/panel.bin", TTLms: 60000}
	b, err := fwproto.Encode(offer)
	if err != nil {
		t.Fatal(err)
	}
	arrived, err := fwproto.Decode[fwproto.Offer](b)
	if err != nil || arrived != offer {
		t.Fatalf("arrived as %+v, %v", arrived, err)
	}
	if got, reason := arrived.Check(running, maker.Public().(ed25519.PublicKey)); got != image || reason != fwproto.NoReason {
		t.Errorf("Check = %+v, %v", got, reason)
	}
	if got, reason := arrived.Check(running, other.Public().(ed25519.PublicKey)); got != (fwproto.Manifest{}) || reason != fwproto.ReasonSignature {
		t.Errorf("Check with another key = %+v, %v", got, reason)
	}
	image.SHA256 = "short"
	if _, _, err := image.Sign(maker); err == nil {
		t.Error("a manifest with a short digest was signed")
	}
	if got, want := running.Release.String(), "1.4.0"; got != want {
		t.Errorf("release %s, want %s", got, want)
	}
}
