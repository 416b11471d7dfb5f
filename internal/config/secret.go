// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"bytes"
	"reflect"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// hidden stands on pages for the only secret that a configuration holds as it is: the password in the
// address of an external broker.
const hidden = "********"

// Hide takes that password out of a text that is going to be seen, which may have faults: out of
// mqtt.url, however it is written there, and out of what looks like the address of a broker elsewhere,
// as in a comment.
func Hide(text []byte) []byte {
	if !bytes.ContainsAny(text, `@\`) {
		return text // an address with a password has an @, perhaps as an escape
	}
	draft, err := NewDraft("", text)
	if err != nil {
		return hideAddresses(text)
	}
	broker, address := draft.broker()
	masked := hideURL(address)
	if masked == address {
		return hideAddresses(text)
	}
	out := text
	for _, spell := range spellings() {
		out = bytes.ReplaceAll(out, []byte(spell(userOf(address))), []byte(spell(userOf(masked))))
	}
	out = hideAddresses(out)
	if shown, err := NewDraft("", out); err == nil {
		if _, now := shown.broker(); now == masked {
			return out
		}
	}
	draft.Set("mqtt", broker.With("url", masked)) // it was written with escapes
	return hideAddresses(draft.Text())
}

// Reveal returns the configuration with the password that it hides: where mqtt.url is that of a former file
// but for what [Hide] has done to it, it becomes that of the file, the first one of several. Nothing else
// changes, whatever looks alike. A configuration that hides nothing is returned as it is.
func (f *File) Reveal(former ...*File) (*File, error) {
	for _, old := range former {
		if address := old.MQTT.URL; address != f.MQTT.URL && hideURL(address) == f.MQTT.URL {
			return f.withBroker(address)
		}
	}
	return f, nil
}

// withBroker returns the configuration with another mqtt.url, and nothing else that is another.
func (f *File) withBroker(address string) (*File, error) {
	d := &decoder{file: f.Name, anchors: map[string]ast.Node{}, places: map[string]value{}, faulty: map[string]bool{}}
	top, _ := d.root(f.text)
	at := top.section().field("mqtt").section().field("url")
	var texts [][]byte
	begin := offset(f.text, at.line, at.column)
	for _, spell := range spellings() {
		after := bytes.Replace(f.text[begin:], []byte(spell(f.MQTT.URL)), []byte(spell(address)), 1)
		texts = append(texts, append(bytes.Clone(f.text[:begin]), after...))
	}
	if draft, err := NewDraft(f.Name, f.text); err == nil { // for an address that is written with escapes
		broker, _ := draft.broker()
		draft.Set("mqtt", broker.With("url", address))
		texts = append(texts, draft.Text())
	}
	want := *f
	want.text, want.MQTT.URL = nil, address
	for _, text := range texts {
		if out, err := Parse(f.Name, text); err == nil {
			got := *out
			if got.text = nil; reflect.DeepEqual(got, want) {
				return out, nil
			}
		}
	}
	return nil, &Faults{List: []Fault{{
		File: f.Name, Line: at.line, Column: at.column, Field: "mqtt.url",
		Wrong: "an address whose password cannot be put back", Want: "the address as the page has shown it",
	}}}
}

// broker returns the section mqtt and its url, "" where there is none.
func (d *Draft) broker() (section Map, address string) {
	section, _ = d.Section("mqtt").(Map)
	address, _ = section.Get("url").(string)
	return section, address
}

// offset returns where a place of the text is.
func offset(text []byte, line, column int) int {
	at := 0
	for range line - 1 {
		_, rest, _ := bytes.Cut(text[at:], []byte("\n"))
		at = len(text) - len(rest)
	}
	for i := range string(text[at:]) {
		if column--; column == 0 {
			return at + i
		}
	}
	return len(text)
}

// spellings are how an address may stand between quotes: as it is, or as between single ones.
func spellings() []func(string) string {
	return []func(string) string{
		func(s string) string { return s },
		func(s string) string { return strings.ReplaceAll(s, "'", "''") },
	}
}

// addressLike finds addresses of brokers in a text that may be anything.
var addressLike = regexp.MustCompile(`(?i)(mqtts?://[^\s"/:]*:)([^\s"]*)(@)`)

func hideAddresses(text []byte) []byte {
	return addressLike.ReplaceAll(text, []byte("${1}"+hidden+"${3}"))
}

// hideURL hides the password of an address, which may be none.
func hideURL(address string) string {
	user := userOf(address)
	name, _, ok := strings.Cut(strings.TrimPrefix(user, "://"), ":")
	if !ok {
		return address
	}
	return strings.Replace(address, user, "://"+name+":"+hidden+"@", 1)
}

// userOf returns who an address says one is, with :// and @, "" where it does not say.
func userOf(address string) string {
	begin, end := strings.Index(address, "://"), strings.LastIndex(address, "@")
	if begin < 0 || end < begin {
		return ""
	}
	return address[begin : end+1]
}
