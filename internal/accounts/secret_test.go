// SPDX-License-Identifier: EUPL-1.2

package accounts_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/accounts"
)

func TestCheckSecret(t *testing.T) {
	for _, c := range []struct {
		role   accounts.Role
		secret string
		code   string // "": it may be had
	}{
		{accounts.Clerk, "407193", ""},
		{accounts.Clerk, "112358", ""},
		{accounts.Clerk, "123456", "pin_plain"},
		{accounts.Clerk, "654321", "pin_plain"},
		{accounts.Clerk, "777777", "pin_plain"},
		{accounts.Clerk, "121212", "pin_plain"},
		{accounts.Clerk, "40719", "pin"},
		{accounts.Clerk, "4071933", "pin"},
		{accounts.Clerk, "40719x", "pin"},
		{accounts.Clerk, "٤٠٧١٩٣", "pin"},
		{accounts.Manager, "una frase lunga", ""},
		{accounts.Admin, "caffè e cornetto", ""},
		{accounts.Admin, "breve1234", "password_short"},
		{accounts.Manager, "aaaaaaaaaaaaaaa", "password_plain"},
		{accounts.Manager, strings.Repeat("lunga ", 100), "password_long"},
		{accounts.Manager, "ten chars \xff and more", "password_long"},
	} {
		err := accounts.CheckSecret(c.role, c.secret)
		wrong, ok := errors.AsType[*accounts.InvalidError](err)
		switch {
		case ok && wrong.Code == c.code && wrong.Field == "secret", err == nil && c.code == "":
		default:
			t.Errorf("%s %q: %v, want %q", c.role, c.secret, err, c.code)
		}
	}
}

// known is a hash of "password" that another implementation has made: the reference's
// command line, argon2 somesalt -id -t 2 -k 65536 -p 1 -l 32.
const known = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"

func TestHash(t *testing.T) {
	if !accounts.Matches(known, "password") || accounts.Matches(known, "Password") {
		t.Error("the hash of the reference implementation is not understood")
	}
	for _, bad := range []string{
		"", "$", "plain", strings.Replace(known, "argon2id", "argon2i", 1), strings.Replace(known, "v=19", "v=16", 1),
		strings.Replace(known, "m=65536", "m=4294967295", 1), strings.Replace(known, "m=65536", "m=065536", 1),
		strings.Replace(known, "t=2", "t=0", 1), strings.Replace(known, "p=1", "p=0", 1), strings.Replace(known, "p=1", "p=1,x=2", 1),
		strings.Replace(known, "c29tZXNhbHQ", "c29t", 1), known + "=", known + "$",
	} {
		if _, err := accounts.ParseHash(bad); err == nil {
			t.Errorf("%q is taken for a hash", bad)
		}
	}
}

func FuzzParseHash(f *testing.F) {
	f.Add(known)
	f.Add("$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2id$v=19$m=-1,t=1,p=1$$")
	f.Fuzz(func(t *testing.T, s string) {
		if got, err := accounts.ParseHash(s); err == nil && got != s {
			t.Errorf("%q became %q", s, got)
		}
	})
}
