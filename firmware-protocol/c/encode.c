/* SPDX-License-Identifier: EUPL-1.2 */

#include "layout.h"

uint32_t fwp_info(uint32_t low, uint32_t high)
{
	uint32_t info = low;

	if (info > 23)
		info = 24;
	if (low >> 8)
		info++;
	if (low >> 16)
		info++;
	if (high)
		info = 27;
	return info;
}

/* item writes a head in its shortest form (3.3) and n bytes behind it. */
static uint8_t *item(uint8_t *p, uint32_t kind, uint32_t low, uint32_t high, const uint8_t *s, uint32_t n)
{
	uint32_t info = fwp_info(low, high), size = ARGUMENT(info), i = size;

	*p++ = (uint8_t)(kind >> 5 << 5 | info);
	while (i--) {
		p[i] = (uint8_t)low;
		low = low >> 8 | high << 24;
		high >>= 8;
	}
	p += size;
	while (n--)
		*p++ = *s++;
	return p;
}

/* length is that of a text that ends with a zero byte or has most characters. */
static uint32_t length(const uint8_t *s, uint32_t most)
{
	uint32_t n = 0;

	while (n < most && s[n])
		n++;
	return n;
}

/* put writes the key i + 1 and its value and gives where they end: p itself if the value
 * is 0 or empty, NULL if it is too great. */
APART static uint8_t *put(uint8_t *p, const uint8_t *layout, const void *message, uint32_t i)
{
	const uint8_t *field = layout + FIELDS + FIELD * i;
	uint32_t kind = field[KIND], low, high = 0, n = 0;
	const uint8_t *from = (const uint8_t *)message + OFFSET(kind);

	if (kind >> 5 == MAJOR_TEXT)
		n = low = length(from, field[MOST]);
	else
		low = *(const uint32_t *)(const void *)from;
	if (field[MOST] == WIDE)
		high = ((const uint32_t *)(const void *)from)[1];
	if (!(low | high))
		return p;
	*p++ = (uint8_t)(i + 1);
#ifndef FWP_DEVICE /* a device sends none of these */
	switch (kind >> 5) {
	case MAJOR_BYTES:
		if (low > field[MOST])
			return NULL;
		n = low;
		from += 4;
		break;
	case MAJOR_ARRAY:
		if (low > field[MOST])
			return NULL;
		p = item(p, ROWS, 2 * low, 0, NULL, 0);
		for (low *= 2, from += 8; low--; from += FWP_CELL) {
			n = length(from, FWP_CELL - 1);
			p = item(p, TEXT, n, 0, from, n);
		}
		return p;
	case MAJOR_SIMPLE:
		low = TRUE;
		break;
	case MAJOR_NINT:
		if (low >> 31)
			low = ~low;
		else
			kind = NUMBER;
	}
#endif
	return item(p, kind, low, high, from, n);
}

size_t fwp_encode(const uint8_t *layout, const void *message, uint8_t *buffer)
{
	uint8_t *p = buffer + 3, *q;
	uint32_t i = 0;

	buffer[0] = MAJOR_MAP << 5 | 1;
	buffer[1] = 0;
	buffer[2] = layout[TYPE];
	do {
		q = put(p, layout, message, i);
#ifndef FWP_DEVICE
		if (!q)
			return 0;
#endif
		if (q != p)
			buffer[0]++;
		else if (layout[REQUIRED] >> i & 1)
			return 0;
		p = q;
		i++;
	} while (i < layout[COUNT]);
	return (size_t)(p - buffer);
}
