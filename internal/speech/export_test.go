// SPDX-License-Identifier: EUPL-1.2

package speech

// ClipNames and Plain are what tests look at from outside.
var (
	ClipNames = clipNames
	Plain     = plain
)

// Sentence is what is said of a call.
func Sentence(lang, number, label string) (string, error) {
	all, err := loadWords()
	return all[lang].call(number, label), err
}

// Seconds is how long a WAV file lasts.
func Seconds(wav []byte) (float64, error) {
	s, err := parseWAV(wav)
	if err != nil {
		return 0, err
	}
	return float64(len(s.samples)) / float64(s.rate), nil
}

// Silence is a WAV file of nothing.
func Silence(rate, ms int) []byte {
	return sound{rate: rate, samples: make([]int16, rate*ms/1000)}.encode()
}

// Reencode reads a WAV file and writes it.
func Reencode(wav []byte) ([]byte, error) {
	s, err := parseWAV(wav)
	return s.encode(), err
}

// Kept is how much the speaker remembers.
func (s *Speaker) Kept() (sounds, bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shelf.order.Len(), s.shelf.bytes
}
