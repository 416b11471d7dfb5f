// SPDX-License-Identifier: EUPL-1.2

package accounts

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/avanti-queue/avanti/internal/store"
)

// Role is what a person may do; see the rules of package web.
type Role string

// The roles.
const (
	Admin   Role = "admin"
	Manager Role = "manager"
	Clerk   Role = "clerk"
)

// Account is a person who may log in.
type Account struct {
	ID       string // says nothing of the person; may stand in addresses
	Name     string // seen by staff only; each once, whatever the case of its letters
	Role     Role
	Language string    // of the pages; "": the browser's
	Ready    bool      // it has a secret
	Made     time.Time // UTC
	Disabled time.Time // zero: it may log in
	Stamp    string    // changes with the secret and says nothing of it
}

// Active reports whether somebody can log in with the account.
func (a Account) Active() bool { return a.Ready && a.Disabled.IsZero() }

// What is wrong with a wish about accounts.
var (
	ErrUnknown   = errors.New("no such account")
	ErrLastAdmin = errors.New("the last admin cannot go: make another one first")
	ErrWrong     = errors.New("the name or the secret is wrong")
)

// InvalidError is a value that an account cannot have. Code is the id of a text for
// people; the fields are name, role, language and secret.
type InvalidError struct{ Field, Code, Want string }

// Error implements error.
func (e *InvalidError) Error() string { return e.Field + ": want " + e.Want }

func invalid(field, code, want string) error {
	return &InvalidError{Field: field, Code: code, Want: want}
}

const maxName = 64 // runes

// cleanName returns a name as it is kept: composed, without space around it.
func cleanName(name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", invalid("name", "name", "text in UTF-8")
	}
	name = norm.NFC.String(strings.TrimSpace(name))
	if n := utf8.RuneCountInString(name); n == 0 || n > maxName || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return "", invalid("name", "name", fmt.Sprintf("1 to %d printable characters", maxName))
	}
	return name, nil
}

// fold returns what two spellings of one name have in common.
func fold(name string) string { return strings.ToLower(norm.NFC.String(strings.TrimSpace(name))) }

func checkRole(r Role) error {
	switch r {
	case Admin, Manager, Clerk:
		return nil
	}
	return invalid("role", "role", "admin, manager or clerk")
}

func checkLanguage(lang string) error {
	if len(lang) > 16 || strings.ContainsFunc(lang, func(r rune) bool { return (r < 'a' || r > 'z') && r != '-' }) {
		return invalid("language", "language", "the tag of a language, such as it")
	}
	return nil
}

func accountOf(r store.AccountRow) Account {
	sum := sha256.Sum256([]byte(r.Secret))
	return Account{
		ID: r.ID, Name: r.Name, Role: Role(r.Role), Language: r.Language, Ready: r.Secret != "", Made: r.Made, Disabled: r.Disabled,
		Stamp: hex.EncodeToString(sum[:8]),
	}
}
