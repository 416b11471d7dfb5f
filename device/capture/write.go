// SPDX-License-Identifier: EUPL-1.2

package capture

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// perLine is how many bytes a written line has at most.
const perLine = 32

// Writer writes a capture. It is not safe for concurrent use.
type Writer struct {
	w     io.Writer
	begun bool
}

// NewWriter returns a writer to w, which the caller closes. Nothing is written before the first call.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Note writes a note; line ends in it begin a new one.
func (w *Writer) Note(text string) error {
	var b strings.Builder
	for line := range strings.Lines(text) {
		fmt.Fprintf(&b, "# %s\n", strings.Map(printable, strings.TrimRight(line, "\r\n")))
	}
	return w.write(b.String())
}

// Add writes what a side said, so long after what was said before; a negative time is none. No
// bytes are nothing said, and their time is not kept.
func (w *Writer) Add(after time.Duration, from Side, data []byte) error {
	if len(data) == 0 {
		return nil
	}
	var b strings.Builder
	if after > 0 {
		fmt.Fprintf(&b, "~ %s\n", after.Round(time.Microsecond))
	}
	for len(data) > 0 {
		n := min(len(data), perLine)
		fmt.Fprintf(&b, "%c % X\n", from, data[:n])
		data = data[n:]
	}
	return w.write(b.String())
}

func (w *Writer) write(text string) error {
	if !w.begun {
		text = firstLine + "\n" + text
		w.begun = true
	}
	if _, err := io.WriteString(w.w, text); err != nil {
		return fmt.Errorf("capture: %w", err)
	}
	return nil
}

// printable keeps a note on its line.
func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return ' '
	}
	return r
}
