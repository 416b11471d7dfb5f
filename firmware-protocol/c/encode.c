/* SPDX-License-Identifier: EUPL-1.2 */

#include "layout.h"

static uint8_t *word(uint8_t *p, uint32_t v, uint32_t bits)
{
	while (bits) {
		bits -= 8;
		*p++ = (uint8_t)(v >> bits);
	}
	return p;
}

/* head writes an item's first bytes in their shortest form (3.3). */
static uint8_t *head(uint8_t *p, uint32_t major, uint32_t high, uint32_t low)
{
	uint32_t bits = 0, info = low;

	if (high) {
		info = 27;
		bits = 32;
	} else if (low > 23) {
		info = 24;
		for (bits = 8; bits < 32 && low >> bits; bits *= 2)
			info++;
	}
	*p++ = (uint8_t)(major << 5 | info);
	if (high)
		p = word(p, high, 32);
	return word(p, low, bits);
}

static uint8_t *string(uint8_t *p, uint32_t major, const uint8_t *s, uint32_t n)
{
	p = head(p, major, 0, n);
	while (n--)
		*p++ = *s++;
	return p;
}

/* text writes what ends with a zero byte or has most characters. */
static uint8_t *text(uint8_t *p, const uint8_t *s, uint32_t most)
{
	uint32_t n = 0;

	while (n < most && s[n])
		n++;
	return string(p, MAJOR_TEXT, s, n);
}

size_t fwp_encode(const uint8_t *layout, const void *message, uint8_t *buffer)
{
	const uint8_t *field = layout + FIELDS;
	uint8_t *p = buffer + 3;
	uint32_t key, seen = 0;

	buffer[0] = MAJOR_MAP << 5 | 1;
	buffer[1] = 0;
	buffer[2] = layout[TYPE];
	for (key = 1; key <= layout[COUNT]; key++, field += FIELD) {
		const uint8_t *from = (const uint8_t *)message + field[PLACE];
		uint32_t kind = field[KIND], high = 0, low = *from;

		if (kind < MAJOR_BYTES || kind > MAJOR_MAP)
			low = *(const uint32_t *)(const void *)from;
		if (kind & WIDE)
			high = ((const uint32_t *)(const void *)from)[1];
		if (!(low | high))
			continue;
		seen |= 1u << (key - 1);
		buffer[0]++;
		*p++ = (uint8_t)key;
		switch (kind) {
		case TEXT:
			p = text(p, from, field[MOST]);
			break;
#ifndef FWP_DEVICE /* a device sends none of these */
		case BLOB:
			if (low > field[MOST])
				return 0;
			p = string(p, kind, from + 1, low);
			break;
		case ROWS:
			low *= 2;
			if (low > field[MOST])
				return 0;
			p = head(p, kind, 0, low);
			for (from++; low--; from += FWP_CELL)
				p = text(p, from, FWP_CELL - 1);
			break;
		case TRUTH:
			p = head(p, kind, 0, TRUE);
			break;
		case MINUTES:
			p = low >> 31 ? head(p, MAJOR_NINT, 0, ~low) : head(p, MAJOR_UINT, 0, low);
			break;
#endif
		default:
			p = head(p, MAJOR_UINT, high, low);
		}
	}
	if (layout[REQUIRED] & ~seen)
		return 0;
	return (size_t)(p - buffer);
}
