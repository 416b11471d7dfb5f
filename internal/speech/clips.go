// SPDX-License-Identifier: EUPL-1.2

package speech

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
)

// maxClip bounds a clip's file, in bytes.
const maxClip = 1 << 20

// clipGap is the silence between two clips, in ms.
const clipGap = 40

// errNoClip says that a pack has not all the words of a sentence.
var errNoClip = errors.New("no clip")

// pack is a directory of clips in one language: number.wav, counter.wav, letter-a.wav to
// letter-z.wav, 0.wav to 99.wav, 100.wav to 900.wav, and 100-.wav to 900-.wav as they are
// said before more digits.
type pack struct {
	files fs.FS
	lang  string
}

// has reports whether there is a pack of the language at all.
func (p pack) has() bool {
	for _, name := range []string{"number", "counter"} {
		if _, err := fs.Stat(p.files, p.lang+"/"+name+".wav"); err != nil {
			return false
		}
	}
	return true
}

// call puts the clips of a call behind each other.
func (p pack) call(number, label string) (sound, error) {
	names := append([]string{"number"}, clipNames(number)...)
	for _, part := range partsOf(label) {
		if isWord(part) {
			return sound{}, fmt.Errorf("%w for %q", errNoClip, label)
		}
	}
	names = append(append(names, "counter"), clipNames(label)...)
	sounds := make([]sound, 0, len(names))
	for _, name := range names {
		s, err := p.clip(name)
		if err != nil {
			return sound{}, err
		}
		sounds = append(sounds, s)
	}
	return join(sounds, clipGap)
}

func (p pack) clip(name string) (sound, error) {
	path := p.lang + "/" + name + ".wav"
	f, err := p.files.Open(path)
	if err != nil {
		return sound{}, fmt.Errorf("%w: %w", errNoClip, err)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxClip+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return sound{}, fmt.Errorf("clip %s: %w", path, err)
	}
	if len(data) > maxClip {
		return sound{}, fmt.Errorf("clip %s: more than %d bytes", path, maxClip)
	}
	s, err := parseWAV(data)
	if err != nil {
		return sound{}, fmt.Errorf("clip %s: %w", path, err)
	}
	return s, nil
}

// clipNames are the clips for a number or a label.
func clipNames(s string) []string {
	var out []string
	for _, part := range partsOf(s) {
		if part[0] > '9' {
			for _, r := range strings.ToLower(part) {
				out = append(out, "letter-"+string(r))
			}
			continue
		}
		for _, n := range spoken(part) {
			out = append(out, digitClips(n)...)
		}
	}
	return out
}

// digitClips are the clips for a number of up to four digits; four are said as two pairs.
func digitClips(n string) []string {
	switch len(n) {
	case 4:
		low := []string{n[2:]}
		if n[2] == '0' {
			low = []string{"0", n[3:]}
		}
		return append([]string{n[:2]}, low...)
	case 3:
		low, err := strconv.Atoi(n[1:])
		if err != nil || low == 0 {
			return []string{n}
		}
		return []string{n[:1] + "00-", strconv.Itoa(low)}
	}
	return []string{n}
}
