// SPDX-License-Identifier: EUPL-1.2

package speech

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

//go:embed texts/*.json
var textFiles embed.FS

// words are how a call sounds in a language. The spoken form is not the written one:
// letters have names, and zeros in front of a number are not read.
type words struct {
	Call      string   `json:"call"`       // with {number} and {counter}
	CallPlace string   `json:"call_place"` // the same for a counter whose label says what it is, such as "Sala 2"
	Letters   []string `json:"letters"`    // names of A to Z
}

func loadWords() (map[string]words, error) {
	entries, err := textFiles.ReadDir("texts")
	if err != nil {
		return nil, fmt.Errorf("speech: texts: %w", err)
	}
	out := map[string]words{}
	for _, e := range entries {
		data, err := textFiles.ReadFile("texts/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("speech: texts: %w", err)
		}
		var w words
		if err := json.Unmarshal(data, &w); err != nil {
			return nil, fmt.Errorf("speech: texts of %s: %w", e.Name(), err)
		}
		if len(w.Letters) != 26 {
			return nil, fmt.Errorf("speech: texts of %s: %d letters, want 26", e.Name(), len(w.Letters))
		}
		out[strings.TrimSuffix(e.Name(), ".json")] = w
	}
	return out, nil
}

// call is the sentence for a call.
func (w words) call(number, label string) string {
	form := w.Call
	for _, p := range partsOf(label) {
		if isWord(p) {
			form = w.CallPlace
		}
	}
	return strings.NewReplacer("{number}", w.spell(number), "{counter}", w.spell(label)).Replace(form)
}

// spell returns what stands on paper as it is said: "A042" is "a 42".
func (w words) spell(s string) string {
	var out []string
	for _, p := range partsOf(s) {
		switch {
		case isWord(p):
			out = append(out, strings.ToLower(p))
		case p[0] >= '0' && p[0] <= '9':
			out = append(out, spoken(p)...)
		default:
			for _, r := range strings.ToUpper(p) {
				out = append(out, w.Letters[r-'A'])
			}
		}
	}
	return strings.Join(out, " ")
}

// wordLength is how many letters in a row are a word and not letters that are spelled.
const wordLength = 4

func isWord(part string) bool { return len(part) >= wordLength && part[0] > '9' }

// partsOf splits a number or a label into runs of digits and runs of letters A to Z;
// everything else separates them and is not said.
func partsOf(s string) []string {
	var out []string
	kind := rune(0)
	for _, r := range s {
		k := rune(0)
		switch {
		case r >= '0' && r <= '9':
			k = '0'
		case r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z':
			k = 'a'
		}
		if k != 0 && k == kind {
			out[len(out)-1] += string(r)
		} else if k != 0 {
			out = append(out, string(r))
		}
		kind = k
	}
	return out
}

// spoken returns a number of digits as people say it. A long one is said digit by digit.
func spoken(digits string) []string {
	if len(digits) > 4 {
		return strings.Split(digits, "")
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return nil
	}
	return []string{strconv.Itoa(n)}
}

// maxSentence bounds what is said at once, in characters.
const maxSentence = 400

// plain returns a text without anything that a program could take for more than words:
// espeak-ng reads [[ ]] as phonemes and < > as commands in some modes.
func plain(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n++; n > maxSentence {
			break
		}
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), strings.ContainsRune(".,:;!?'’%€", r):
			b.WriteRune(r)
		case r == '–', r == '—', r == '…', r == '·':
			b.WriteString(", ")
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
