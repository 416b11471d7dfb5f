// SPDX-License-Identifier: EUPL-1.2

package rs485

import (
	"fmt"
	"strings"
)

// modbus is a row of digits, each an ASCII character in a register from register 0 on. It takes
// function 16 (write multiple registers) of Modbus RTU and answers with its first six bytes; what
// it does not like it answers with an exception. Frames end with silence.
type modbus struct {
	id        byte
	registers []uint16
	frame     []byte
}

func (m *modbus) hear(b byte) heard {
	if len(m.frame) < 256 {
		m.frame = append(m.frame, b)
	}
	return heard{}
}

func (m *modbus) quiet() heard {
	f := m.frame
	m.frame = nil
	if len(f) == 0 {
		return heard{}
	}
	if len(f) < 4 {
		return heard{complaint: fmt.Sprintf("% X is too short", f)}
	}
	body := f[:len(f)-2]
	if sum := checksum(body); f[len(f)-2] != sum[0] || f[len(f)-1] != sum[1] {
		return heard{complaint: fmt.Sprintf("% X has a wrong CRC", f)}
	}
	if f[0] != m.id {
		return heard{}
	}
	if f[1] != 16 {
		return m.refuse(f[1], 1, "function %d", f[1])
	}
	if len(body) < 7 {
		return m.refuse(16, 3, "% X is too short", f)
	}
	start, count, bytes := int(f[2])<<8|int(f[3]), int(f[4])<<8|int(f[5]), int(f[6])
	if bytes != 2*count || len(body) != 7+bytes || count == 0 {
		return m.refuse(16, 3, "%d registers in %d bytes", count, len(body)-7)
	}
	if start+count > len(m.registers) {
		return m.refuse(16, 2, "registers %d to %d of %d", start, start+count-1, len(m.registers))
	}
	for i := range count {
		m.registers[start+i] = uint16(body[7+2*i])<<8 | uint16(body[8+2*i])
	}
	text := m.text()
	return heard{show: &text, answer: m.sign(f[0], 16, f[2], f[3], f[4], f[5]), frame: true}
}

func (m *modbus) text() string {
	var b strings.Builder
	for _, r := range m.registers {
		b.WriteRune(rune(r))
	}
	return strings.Trim(b.String(), " \x00")
}

func (m *modbus) refuse(function, code byte, format string, args ...any) heard {
	return heard{answer: m.sign(m.id, function|0x80, code), complaint: fmt.Sprintf(format, args...)}
}

func (m *modbus) sign(body ...byte) []byte {
	sum := checksum(body)
	return append(body, sum[0], sum[1])
}

// checksum is the CRC of Modbus, by the polynomial division of the specification: the bits of each
// byte from the lowest on, x^16 + x^15 + x^2 + 1, begun with ones. Low byte first.
func checksum(data []byte) [2]byte {
	register := [16]bool{}
	for i := range register {
		register[i] = true
	}
	for _, b := range data {
		for bit := range 8 {
			out := register[0] != (b>>bit&1 == 1)
			copy(register[:], register[1:])
			register[15] = out
			if out {
				register[13] = !register[13]
				register[0] = !register[0]
			}
		}
	}
	var sum [2]byte
	for i, set := range register {
		if set {
			sum[i/8] |= 1 << (i % 8)
		}
	}
	return sum
}
