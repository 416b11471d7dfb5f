// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// TestSums: the sums of the reference device are those of Go.
func TestSums(t *testing.T) {
	c := startChecker(t)
	rapid.Check(t, func(rt *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 0, 400).Draw(rt, "bytes")
		if got, want := c.ask(t, "sums "+dash(b))[0], fmt.Sprintf("%x %x", sha256.Sum256(b), sha512.Sum512(b)); got != want {
			rt.Fatalf("sums of %x\n\tC:  %s\n\tGo: %s", b, got, want)
		}
	})
}

// TestSignatures: the reference device takes the signatures that Go takes, and no others.
func TestSignatures(t *testing.T) {
	c := startChecker(t)
	const seed = 20261122
	r := rand.New(rand.NewPCG(seed, 3))
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	var questions, want []string
	holds := 0
	for i := range 60 {
		private := make([]byte, ed25519.SeedSize)
		for j := range private {
			private[j] = byte(r.Uint32())
		}
		key := ed25519.NewKeyFromSeed(private)
		public, message := slices.Clone(key.Public().(ed25519.PublicKey)), private[:i%32]
		signature := ed25519.Sign(key, message)
		switch i % 6 {
		case 1:
			signature[r.IntN(64)] ^= 1 << r.IntN(8)
		case 2:
			public[r.IntN(32)] ^= 1 << r.IntN(8) // often no point at all
		case 3: // the same number once more: S + L
			s := slices.Clone(signature[32:])
			slices.Reverse(s)
			s = new(big.Int).Add(new(big.Int).SetBytes(s), order).FillBytes(make([]byte, 32))
			slices.Reverse(s)
			copy(signature[32:], s)
		case 4:
			message = append(slices.Clone(message), 0)
		}
		questions = append(questions, fmt.Sprintf("verify %x %x %s", public, signature, dash(message)))
		if ed25519.Verify(public, message, signature) {
			holds++
			want = append(want, "1")
		} else {
			want = append(want, "0")
		}
	}
	for i, got := range c.ask(t, questions...) {
		if got != want[i] {
			t.Errorf("seed %d: %s: C says %s, Go %s", seed, questions[i], got, want[i])
		}
	}
	if holds != 20 {
		t.Errorf("%d signatures hold", holds)
	}
}

// TestFace: lamps and sounds differ as SPEC 5.2.4, 5.3.4 and 5.3.5 want it, and a lamp says
// digits as 13.6 does.
func TestFace(t *testing.T) {
	c := startChecker(t)
	for question, want := range map[string]string{
		"lamp 0 0 0 0": "off 00000000",
		"lamp 1 0 0 0": "on 11111111",
		"lamp 2 0 0 0": "blink 11110000",
		"lamp 3 0 0 0": "pending 10101010",
		"lamp 1 2 0 0": "hurry 11001100",
		"lamp 0 1 0 0": "hurry 11001100",
		"lamp 3 1 0 0": "pending 10101010",
		"lamp 2 1 2 0": "off 00000000",
		"lamp 1 0 2 1": "pending 10101010",
		"sound 1":      "done 100000000000",
		"sound 2":      "done 100000000000",
		"sound 3":      "refused 111111110000",
		"sound 4":      "conflict 101000000000",
		"sound 5":      "refused 111111110000",
		"sound 9":      "refused 111111110000", // a status to come
		"digits 0123":  strings.Repeat("10 1 2 3 ", 3),
		"digits 9999":  strings.Repeat("9 9 9 9 ", 2),
		"http " + dash("HTTP/1.1 200 OK\r\nA: b\r\n\r\nimage"):       "image at 25",
		"http " + dash("HTTP/1.0 200 OK\r\n\r\r\n\r\nx"):             "image at 22",
		"http " + dash("HTTP/1.1 404 Not Found\r\n\r\n"):             "none at 10",
		"http " + dash("SSH-2.0"):                                    "none at 1",
		"http " + dash("HTTP/1.1 200 "+strings.Repeat("x", 8192)):    "none at 8193",
		"http " + dash("HTTP/1.1 200 OK\r\nA: b\r\n"):                "more at 23",
		"trial s 0 1 9 w 0":                                          "0:4:10:0 ",
		"trial s 0 2 7 w 0":                                          "0:2:0:0 ",
		"trial s 2 1 9 w 0":                                          "0:5:12:0 ",
		"trial s 1 1 9 w 0":                                          "0:5:12:5 ",
		"trial s 1 1 7 w 59999 w 60000":                              "2:1:0:0 0:5:13:5 ",
		"trial s 1 1 7 o 59999 w 60000 w 119998 w 119999":            "2:1:0:0 2:1:0:0 0:5:14:5 ",
		"trial s 1 1 7 " + strings.Repeat("b 3 ", 10) + "w 6":        "2:1:0:0 ", // not online yet
		"trial s 1 1 7 o 5 " + strings.Repeat("b 3 ", 9) + "w 6":     "2:1:0:0 ",
		"trial s 1 1 7 o 5 " + strings.Repeat("b 3 ", 10) + "w 6":    "0:2:0:4 ",
		"trial s 1 1 7 o 5 " + strings.Repeat("b 3 b 4 ", 9) + "w 6": "2:1:0:0 ", // of no epoch ten
	} {
		if got := c.ask(t, question)[0]; got != want {
			t.Errorf("%s: %q, want %q", question, got, want)
		}
	}
}

// TestPressNamesItsHeartbeat: the reference device sends a press at once, every second, and no more
// when it is five seconds old, with what 5.1 wants it to say each time; and not before it has heard a
// heartbeat (5.1.8).
func TestPressNamesItsHeartbeat(t *testing.T) {
	c := startChecker(t)
	for question, want := range map[string]string{
		"press o 0 h 9 3 100 k 350 w 350":                                    "0:9:3:250 .",
		"press o 0 h 9 3 100 k 350 w 350 w 900 h 9 4 1100 w 1350":            "0:9:3:250 1000:9:4:250 .",
		"press o 0 h 9 3 100 k 350 w 350 w 1350 w 2350 w 3350 w 4350 w 5350": "0:9:3:250 1000:9:3:1250 2000:9:3:2250 3000:9:3:3250 4000:9:3:4250 .",
		"press o 0 k 350 w 350 w 1350":                                       ".",
		"press o 0 k 350 w 350 h 9 1 900 w 950 w 1949 w 1950":                "600:9:1:50 1600:9:1:1050 .",
		"press o 0 k 350 w 350 w 5350 h 9 1 5400 w 5500":                     ".",
		"press o 0 h 9 3 100 l 200 k 300 w 300 w 2000 o 2300 w 2300":         "2000:9:3:2200 .",
		"press o 0 h 9 3 100 l 200 k 300 o 2300 h 10 1 2310 w 2320":          "2020:10:1:10 .",
		"press o 0 h 9 3 4294967290 k 10 w 10":                               "0:9:3:16 .",
		"press o 0 h 9 3 100 k 350 w 350 h 9 2 900 w 1350":                   "0:9:3:250 1000:9:3:1250 .", // an old one is not heard
	} {
		if got := c.ask(t, question)[0]; got != want {
			t.Errorf("%s: %q, want %q", question, got, want)
		}
	}
}

// fromPairing is what a device hears that is being paired: CONNACK, SUBACK, then messages.
func fromPairing(messages ...[]byte) []byte {
	b := unhexed("20020000" + "9003" + "000101")
	for _, m := range messages {
		b = append(b, m...)
	}
	return b
}

// TestPairingHears: the reference device goes through a pairing as SPEC 13 has it, and ends
// it where something does not fit.
func TestPairingHears(t *testing.T) {
	const maker = "maker-0042"
	down := fwproto.PairingDown(maker)
	encode := func(m fwproto.Message) []byte {
		b, err := fwproto.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		return published(down, b)
	}
	nonce := fwproto.Bytes(unhexed("000102030405060708090a0b0c0d0e0f"))
	own := fwproto.Bytes(unhexed("101112131415161718191a1b1c1d1e1f"))
	authority := fwproto.Bytes(make([]byte, 32))
	challenge := encode(fwproto.Challenge{Nonce: nonce})
	grant := fwproto.Grant{Device: "panel-4", Office: "piacenza", Password: fwproto.Bytes(strings.Repeat("p", 32))}
	number := fwproto.PairingNumber(maker, own, nonce, "")
	c := startChecker(t)
	for _, tc := range []struct {
		name, want string
		bytes      []byte
	}{
		{"nothing", "open; 1; ; ", fromPairing()},
		{"a challenge", "open; 2; " + number + "; ", fromPairing(challenge)},
		{"it twice", "open; 2; " + number + "; ", fromPairing(challenge, challenge)},
		{"a grant", "open; 3; " + number + "; panel-4", fromPairing(challenge, encode(grant))},
		{"a grant at once", "closed; 1; ; ", fromPairing(encode(grant))},
		{"an authority on a plain wire", "closed; 1; ; ", fromPairing(encode(fwproto.Challenge{Nonce: nonce, Authority: authority}))},
		{"another authority", "closed; 2; " + number + "; ", fromPairing(challenge, encode(fwproto.Grant{Device: "panel-4", Office: "piacenza", Password: grant.Password, Authority: authority}))},
		{"what is for another", "closed; 1; ; ", fromPairing(published(fwproto.PairingDown("maker-0043"), unhexed("a0")))},
		{"a refusal", "closed; 0; ; ", unhexed("20020004")},
		{"garbage", "closed; 2; " + number + "; ", fromPairing(challenge, published(down, unhexed("ff")))},
	} {
		if got := c.ask(t, "pair "+dash(tc.bytes))[0]; got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}

	const seed = 20261122
	r := rand.New(rand.NewPCG(seed, 4))
	var questions []string
	for range 1500 {
		questions = append(questions, "pair "+hex.EncodeToString(damaged(r, fromPairing(challenge, encode(grant)))))
	}
	ends := map[string]int{}
	for _, a := range c.ask(t, questions...) {
		end, _, _ := strings.Cut(a, ";")
		ends[end]++
	}
	if ends["open"] < 100 || ends["closed"] < 300 {
		t.Errorf("of these pairings %v: the noise is too loud or too tame", ends)
	}
}

// FuzzReference gives the reference device bytes of a broker and of an HTTP server; the
// sanitizers would end it.
func FuzzReference(f *testing.F) {
	c := startChecker(f)
	f.Add(fromBroker(published("avanti/1/piacenza/d/box-3/set", unhexed("a50003010902182a03191388048264413031376133"))))
	f.Add(fromPairing(published(fwproto.PairingDown("maker-0042"), unhexed("a2000d0150000102030405060708090a0b0c0d0e0f"))))
	f.Add([]byte("HTTP/1.1 200 OK\r\n\r\nimage"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 2000 {
			return // nothing new, and longer than a question may be
		}
		c.ask(t, "device "+dash(b), "pair "+dash(b), "http "+dash(b))
	})
}
