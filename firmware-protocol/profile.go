// SPDX-License-Identifier: EUPL-1.2

package fwproto

// CBOR major types, RFC 8949 section 3.1.
const (
	majorUint  = 0
	majorNint  = 1
	majorBytes = 2
	majorText  = 3
	majorArray = 4
	majorMap   = 5
	majorTag   = 6
)

// maxDepth counts the outermost map as 1.
const maxDepth = 2

// checkProfile walks a payload once and holds it against SPEC 3.2 to 3.9. What
// passes has exactly one encoding, so nothing needs to be re-encoded and
// compared.
func checkProfile(b []byte) error {
	if len(b) == 0 {
		return fail(Truncated, "no bytes at all")
	}
	if b[0]>>5 != majorMap {
		return fail(NotAMap, "the first byte is 0x%02x", b[0])
	}
	w := walker{b: b}
	if _, err := w.item(1); err != nil {
		return err
	}
	if w.pos != len(b) {
		return fail(TrailingBytes, "%d bytes behind the map", len(b)-w.pos)
	}
	if b[0] > majorMap<<5|23 {
		return fail(TooLong, "more than 23 keys")
	}
	return nil
}

type walker struct {
	b   []byte
	pos int
}

// item walks one item at the given container depth and tells whether its value
// is zero or empty.
func (w *walker) item(depth int) (zero bool, err error) {
	start := w.pos
	major, arg, err := w.head()
	if err != nil {
		return false, err
	}
	switch major {
	case majorUint:
		return arg == 0, nil
	case majorNint:
		return false, nil
	case majorBytes, majorText:
		return arg == 0, w.str(major, arg)
	case majorArray:
		if depth > maxDepth {
			return false, fail(TooDeep, "array at byte %d", start)
		}
		for range arg {
			if _, err := w.item(depth + 1); err != nil {
				return false, err
			}
		}
		return arg == 0, nil
	case majorMap:
		if depth > maxDepth {
			return false, fail(TooDeep, "map at byte %d", start)
		}
		return arg == 0, w.pairs(depth, arg)
	case majorTag:
		return false, fail(Unsupported, "tag at byte %d", start)
	default:
		switch w.b[start] {
		case 0xf4:
			return true, nil
		case 0xf5:
			return false, nil
		}
		return false, fail(Unsupported, "simple value or float 0x%02x at byte %d", w.b[start], start)
	}
}

// head reads an item's first byte and its argument, RFC 8949 section 3.
func (w *walker) head() (major byte, arg uint64, err error) {
	start := w.pos
	if start >= len(w.b) {
		return 0, 0, fail(Truncated, "an item is missing at byte %d", start)
	}
	major, info := w.b[start]>>5, w.b[start]&0x1f
	w.pos++
	switch {
	case info < 24:
		return major, uint64(info), nil
	case info == 31:
		return 0, 0, fail(Indefinite, "byte %d", start)
	case info > 27:
		return 0, 0, fail(Unsupported, "reserved byte 0x%02x at byte %d", w.b[start], start)
	}
	size := 1 << (info - 24)
	if len(w.b)-w.pos < size {
		return 0, 0, fail(Truncated, "an argument ends at byte %d", len(w.b))
	}
	for _, c := range w.b[w.pos : w.pos+size] {
		arg = arg<<8 | uint64(c)
	}
	w.pos += size
	if major > majorTag {
		return major, arg, nil // a float or a long simple value: refused by the caller
	}
	if least := [4]uint64{24, 1 << 8, 1 << 16, 1 << 32}[info-24]; arg < least {
		return 0, 0, fail(NonMinimalInt, "%d in %d bytes at byte %d", arg, size, start)
	}
	return major, arg, nil
}

func (w *walker) str(major byte, n uint64) error {
	if uint64(len(w.b)-w.pos) < n {
		return fail(Truncated, "a string ends at byte %d", len(w.b))
	}
	s := w.b[w.pos : w.pos+int(n)]
	w.pos += int(n)
	if major == majorBytes {
		return nil
	}
	for i, c := range s {
		if c < 0x20 || c > 0x7e {
			return fail(NotASCII, "0x%02x at byte %d", c, w.pos-len(s)+i)
		}
	}
	return nil
}

func (w *walker) pairs(depth int, n uint64) error {
	var last uint64
	for i := range n {
		start := w.pos
		major, key, err := w.head()
		switch {
		case err != nil:
			return err
		case major != majorUint:
			return fail(BadKey, "key at byte %d", start)
		case i > 0 && key == last:
			return fail(DuplicateKey, "key %d", key)
		case i > 0 && key < last:
			return fail(UnsortedKeys, "key %d behind key %d", key, last)
		}
		zero, err := w.item(depth + 1)
		if err != nil {
			return err
		}
		if zero {
			return fail(ZeroValue, "key %d carries a zero or empty value and must be absent", key)
		}
		last = key
	}
	return nil
}
