// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// A reader and matcher for as much of CDDL (RFC 8610) as messages.cddl needs: rules,
// type choices, ranges, maps and arrays of entries with occurrences, groups, .regexp
// and .size.

type cddl map[string]cddlType

// cddlType is a choice of alternatives.
type cddlType []cddlAlternative

// cddlAlternative is one of: a name, a range of integers, a map, an array, a group.
// size and pattern narrow it.
type cddlAlternative struct {
	name        string
	least, most *big.Int
	bracket     byte // '{', '[' or '(' if entries are used
	entries     []cddlEntry
	size        cddlType
	pattern     *regexp.Regexp
}

// cddlEntry is an entry of a group: a member of a map if it has a key.
type cddlEntry struct {
	least, most int // occurrences; most -1: any
	key         cddlType
	cut         bool // a key that matches must have this value
	value       cddlType
}

type cddlParser struct {
	tokens []string
	at     int
}

var (
	cddlComment = regexp.MustCompile(`;[^\n]*`)
	cddlToken   = regexp.MustCompile(`"[^"]*"|\.\.|\.[a-z]+|=>|-?[0-9]+|[A-Za-z_][A-Za-z0-9_-]*|[=/:?*+,(){}\[\]]`)
)

func parseCDDL(text string) (_ cddl, err error) {
	text = cddlComment.ReplaceAllString(text, "")
	if rest := strings.TrimSpace(cddlToken.ReplaceAllString(text, "")); rest != "" {
		return nil, fmt.Errorf("cddl: %q is not understood", rest)
	}
	p := &cddlParser{tokens: cddlToken.FindAllString(text, -1)}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("cddl: at token %d: %v", p.at, r)
		}
	}()
	rules := cddl{}
	for p.at < len(p.tokens) {
		name := p.next()
		p.expect("=")
		if _, ok := rules[name]; ok {
			return nil, fmt.Errorf("cddl: rule %s is there twice", name)
		}
		rules[name] = p.choice()
	}
	return rules, rules.complete()
}

// complete finds names that no rule defines.
func (rules cddl) complete() error {
	var faults []error
	var look func(cddlType)
	look = func(t cddlType) {
		for _, a := range t {
			if _, ok := rules[a.name]; !ok && a.name != "" && !prelude(a.name) {
				faults = append(faults, fmt.Errorf("cddl: %s is not defined", a.name))
			}
			look(a.size)
			for _, e := range a.entries {
				look(e.key)
				look(e.value)
			}
		}
	}
	for _, t := range rules {
		look(t)
	}
	return errors.Join(faults...)
}

func prelude(name string) bool {
	switch name {
	case "uint", "nint", "tstr", "bstr", "bool", "true":
		return true
	}
	return false
}

func (p *cddlParser) peek() string {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return ""
}

func (p *cddlParser) next() string {
	p.at++
	return p.tokens[p.at-1]
}

func (p *cddlParser) expect(token string) {
	if got := p.next(); got != token {
		panic(fmt.Sprintf("%q instead of %q", got, token))
	}
}

func (p *cddlParser) choice() cddlType {
	t := cddlType{p.alternative()}
	for p.peek() == "/" {
		p.next()
		t = append(t, p.alternative())
	}
	return t
}

func (p *cddlParser) alternative() cddlAlternative {
	a := p.primary()
	for {
		switch p.peek() {
		case "..":
			p.next()
			a.most = p.primary().most
		case ".size":
			p.next()
			a.size = cddlType{p.primary()}
		case ".regexp":
			p.next()
			a.pattern = regexp.MustCompile("^(?:" + strings.Trim(p.next(), `"`) + ")$")
		default:
			return a
		}
	}
}

func (p *cddlParser) primary() cddlAlternative {
	token := p.next()
	closing := map[string]string{"{": "}", "[": "]", "(": ")"}[token]
	if closing != "" {
		a := cddlAlternative{bracket: token[0]}
		for p.peek() != closing {
			a.entries = append(a.entries, p.entry())
			if p.peek() == "," {
				p.next()
			}
		}
		p.next()
		return a
	}
	if n, ok := new(big.Int).SetString(token, 10); ok {
		return cddlAlternative{least: n, most: n}
	}
	return cddlAlternative{name: token}
}

var cddlNumber = regexp.MustCompile(`^[0-9]+$`)

func (p *cddlParser) entry() cddlEntry {
	e := cddlEntry{least: 1, most: 1}
	number := func() (n int) {
		_, _ = fmt.Sscan(p.next(), &n) // it is one
		return n
	}
	switch {
	case p.peek() == "?":
		p.next()
		e.least = 0
	case p.peek() == "+":
		p.next()
		e.most = -1
	case p.peek() == "*", cddlNumber.MatchString(p.peek()) && p.tokens[p.at+1] == "*":
		e.least, e.most = 0, -1
		if p.peek() != "*" {
			e.least = number()
		}
		p.next()
		if cddlNumber.MatchString(p.peek()) && p.tokens[p.at+1] != ":" {
			e.most = number()
		}
	}
	e.value = p.choice()
	switch p.peek() {
	case ":", "=>":
		e.key, e.cut = e.value, p.next() == ":"
		e.value = p.choice()
	}
	return e
}

func (rules cddl) match(rule string, item any) bool { return rules.is(rules[rule], item) }

func (rules cddl) is(t cddlType, item any) bool {
	for _, a := range t {
		if rules.one(a, item) {
			return true
		}
	}
	return false
}

func (rules cddl) one(a cddlAlternative, item any) bool {
	switch {
	case a.least != nil:
		n := integer(item)
		return n != nil && n.Cmp(a.least) >= 0 && n.Cmp(a.most) <= 0
	case a.bracket == '{':
		m, ok := item.(map[any]any)
		return ok && rules.isMap(a.entries, m)
	case a.bracket == '[':
		list, ok := item.([]any)
		if !ok {
			return false
		}
		rest, ok := rules.sequence(a.entries, list)
		return ok && len(rest) == 0
	case a.bracket == '(': // a type in parentheses
		return len(a.entries) == 1 && a.entries[0].key == nil && rules.is(a.entries[0].value, item)
	}
	switch a.name {
	case "uint":
		n := integer(item)
		return n != nil && n.Sign() >= 0
	case "nint":
		n := integer(item)
		return n != nil && n.Sign() < 0
	case "bool":
		_, ok := item.(bool)
		return ok
	case "true":
		return item == true
	case "tstr":
		s, ok := item.(string)
		return ok && (a.pattern == nil || a.pattern.MatchString(s))
	case "bstr":
		b, ok := item.([]byte)
		return ok && (a.size == nil || rules.is(a.size, uint64(len(b))))
	}
	return rules.is(rules[a.name], item)
}

func integer(item any) *big.Int {
	switch n := item.(type) {
	case uint64:
		return new(big.Int).SetUint64(n)
	case int64:
		return big.NewInt(n)
	}
	return nil
}

// group gives the entries of a group that an entry names, or holds itself.
func (rules cddl) group(e cddlEntry) ([]cddlEntry, bool) {
	if e.key != nil || len(e.value) != 1 {
		return nil, false
	}
	a := e.value[0]
	if a.bracket != '(' && a.name != "" && len(rules[a.name]) == 1 {
		a = rules[a.name][0]
	}
	return a.entries, a.bracket == '('
}

// isMap matches members in the order of the entries. A key of an entry with a cut must
// have its value; an entry without takes what matches.
func (rules cddl) isMap(entries []cddlEntry, m map[any]any) bool {
	left := map[any]any{}
	for k, v := range m {
		left[k] = v
	}
	for _, e := range entries {
		if inner, ok := rules.group(e); ok && len(inner) == 1 {
			e = cddlEntry{least: e.least, most: e.most, key: inner[0].key, cut: inner[0].cut, value: inner[0].value}
		}
		n := 0
		for k, v := range left {
			if !rules.is(e.key, k) {
				continue
			}
			if rules.is(e.value, v) {
				delete(left, k)
				n++
			} else if e.cut {
				return false
			}
		}
		if n < e.least || e.most >= 0 && n > e.most {
			return false
		}
	}
	return len(left) == 0
}

// sequence matches elements from the beginning and gives those that are left.
func (rules cddl) sequence(entries []cddlEntry, list []any) ([]any, bool) {
	for _, e := range entries {
		n := 0
		for ; e.most < 0 || n < e.most; n++ {
			rest, ok := list, false
			if inner, isGroup := rules.group(e); isGroup {
				rest, ok = rules.sequence(inner, list)
			} else if len(list) > 0 && rules.is(e.value, list[0]) {
				rest, ok = list[1:], true
			}
			if !ok || len(rest) == len(list) {
				break
			}
			list = rest
		}
		if n < e.least {
			return nil, false
		}
	}
	return list, true
}
