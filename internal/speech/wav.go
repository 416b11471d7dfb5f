// SPDX-License-Identifier: EUPL-1.2

package speech

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// sound is one channel of 16-bit samples.
type sound struct {
	rate    int // samples a second
	samples []int16
}

// maxSamples bounds a sound: a minute and a half at the rate of espeak-ng.
const maxSamples = 2 << 20

const headerSize = 44

// parseWAV reads a RIFF file of one channel with 16 bits, as "Multimedia Programming
// Interface and Data Specifications 1.0" (IBM, Microsoft) has it. A program that writes to a
// pipe does not know the length and announces too much: what is there counts.
func parseWAV(b []byte) (sound, error) {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return sound{}, errors.New("not a WAV file")
	}
	var s sound
	for rest := b[12:]; len(rest) >= 8; {
		name, size := string(rest[:4]), uint64(binary.LittleEndian.Uint32(rest[4:]))
		rest = rest[8:]
		body := rest[:min(size, uint64(len(rest)))]
		switch name {
		case "fmt ":
			var err error
			if s.rate, err = parseFormat(body); err != nil {
				return sound{}, err
			}
		case "data":
			if s.rate == 0 {
				return sound{}, errors.New("a WAV file with data before its format")
			}
			if len(body)/2 > maxSamples {
				return sound{}, fmt.Errorf("a WAV file of %d samples: at most %d", len(body)/2, maxSamples)
			}
			s.samples = make([]int16, len(body)/2)
			for i := range s.samples {
				s.samples[i] = int16(binary.LittleEndian.Uint16(body[2*i:]))
			}
			return s, nil
		}
		rest = rest[min(size+size%2, uint64(len(rest))):]
	}
	return sound{}, errors.New("a WAV file without data")
}

// parseFormat returns the rate.
func parseFormat(b []byte) (int, error) {
	if len(b) < 16 {
		return 0, errors.New("a WAV file whose format is cut off")
	}
	format, channels := binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[2:])
	rate, bits := binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint16(b[14:])
	if format != 1 || channels != 1 || bits != 16 {
		return 0, fmt.Errorf("a WAV file of format %d with %d channels of %d bits: want PCM (1), one channel, 16 bits", format, channels, bits)
	}
	if rate < 8000 || rate > 48000 {
		return 0, fmt.Errorf("a WAV file of %d samples a second: want 8000 to 48000", rate)
	}
	return int(rate), nil
}

// encode returns the sound as a WAV file.
func (s sound) encode() []byte {
	size := 2 * len(s.samples)
	b := make([]byte, 0, headerSize+size)
	le := binary.LittleEndian
	b = append(b, "RIFF"...)
	b = le.AppendUint32(b, uint32(headerSize-8+size))
	b = append(b, "WAVEfmt "...)
	b = le.AppendUint32(b, 16)
	b = le.AppendUint16(b, 1) // PCM
	b = le.AppendUint16(b, 1) // channel
	b = le.AppendUint32(b, uint32(s.rate))
	b = le.AppendUint32(b, uint32(2*s.rate))
	b = le.AppendUint16(b, 2)
	b = le.AppendUint16(b, 16)
	b = append(b, "data"...)
	b = le.AppendUint32(b, uint32(size))
	for _, x := range s.samples {
		b = le.AppendUint16(b, uint16(x))
	}
	return b
}

// join puts sounds of one rate behind each other, with a gap of ms between them.
func join(sounds []sound, ms int) (sound, error) {
	if len(sounds) == 0 {
		return sound{}, errors.New("no sound")
	}
	out := sound{rate: sounds[0].rate}
	for i, s := range sounds {
		if s.rate != out.rate {
			return sound{}, fmt.Errorf("clips of %d and of %d samples a second: want one rate", out.rate, s.rate)
		}
		if i > 0 {
			out.samples = append(out.samples, make([]int16, out.rate*ms/1000)...)
		}
		out.samples = append(out.samples, s.samples...)
	}
	if len(out.samples) > maxSamples {
		return sound{}, fmt.Errorf("%d samples: at most %d", len(out.samples), maxSamples)
	}
	return out, nil
}

// chime is two notes of a bell, a third apart, the second while the first fades. The rate
// is low, for a bell has no high tones and every screen loads it.
func chime() sound {
	const rate = 11025
	s := sound{rate: rate, samples: make([]int16, rate*3/2)}
	notes := []struct{ begin, tone float64 }{{0, 659.26}, {0.38, 523.25}}
	// The partials of a struck bar, softened: the higher, the sooner they are gone.
	partials := []struct{ ratio, loud, fade float64 }{{1, 1, 3.2}, {2, 0.35, 5}, {3.01, 0.12, 9}}
	for i := range s.samples {
		at := float64(i) / rate
		x := 0.0
		for _, n := range notes {
			t := at - n.begin
			if t < 0 {
				continue
			}
			attack := min(1, t/0.006)
			for _, p := range partials {
				x += attack * p.loud * math.Exp(-p.fade*t) * math.Sin(2*math.Pi*n.tone*p.ratio*t)
			}
		}
		end := min(1, (1.5-at)/0.08)
		s.samples[i] = int16(14000 * x * end)
	}
	return s
}
