/* SPDX-License-Identifier: EUPL-1.2 */

#include "layout.h"

struct walk {
	const uint8_t *p, *end;
	/* The head of the item that was read last: its major type and argument;
	 * arg is UINT32_MAX if that has more than 32 bits. from is behind it. */
	uint32_t major, low, high, arg;
	const uint8_t *from;
	/* What is being walked: the map that the payload is, or a container in it
	 * (3.7), and what to go on with behind that. */
	uint32_t nested; /* MAJOR_ARRAY, MAJOR_MAP, or 0 */
	uint32_t left, outer_left;
	const uint8_t *last, *outer_last; /* the last key, NULL: none */
	const uint8_t *field;             /* what the next value is, NULL: unknown */
	uint32_t *to;                     /* where to keep it */
	uint32_t missing; /* which required keys; more than a byte: a value is bad */
	const uint8_t *layout;
	void *message;
};

/* What numbers and desks of rows are: as the number of a reply, key 4. */
#define CELL (fwp_reply_layout + FIELDS + FIELD * 3)

/* head reads the first bytes of an item. */
static enum fwp_class head(struct walk *w)
{
	const uint8_t *p = w->p, *end = w->end, *stop;
	uint32_t low, info;

	if (p == end)
		return FWP_TRUNCATED;
	low = *p++;
	w->major = low >> 5;
	low &= 31;
	w->high = 0;
	if (low > 23) {
		if (low == 31)
			return FWP_INDEFINITE;
		if (low > 27)
			return FWP_UNSUPPORTED;
		info = low;
		low = 0;
		for (stop = p + ARGUMENT(info); p < stop; p++) {
			if (p == end)
				return FWP_TRUNCATED;
			if (stop - p == 4)
				w->high = low;
			low = low << 8 | *p;
		}
		if (w->major != MAJOR_SIMPLE && fwp_info(low, w->high) != info)
			return FWP_NON_MINIMAL_INT;
	}
	w->p = w->from = p;
	w->low = low;
	w->arg = w->high ? UINT32_MAX : low;
	return FWP_OK;
}

/* keep stores a value if it is one for its field. x is what the limit is for: of
 * a number the head, of a string the length, of an array how many elements. */
APART static enum fwp_class keep(struct walk *w, uint32_t x)
{
	const uint8_t *field = w->field, *from;
	uint32_t kind, most, v = w->low, major = w->major, *to = w->to;
	uint8_t *b;

	if (!field)
		return FWP_OK;
	w->field = CELL; /* for the elements, if this is an array */
	w->to += FWP_CELL / 4;
	kind = field[KIND] >> 5;
	most = field[MOST];
	if (kind == MAJOR_NINT) {
		kind = major & 1;
		most = MOST_MINUTES - kind;
		x = w->arg;
		v ^= -kind;
	}
	if (major == MAJOR_ARRAY)
		v = x = x >> 1 | x << 31; /* rows; with half a row, too many */
	if (major != kind || x > most) {
		w->missing = ~most; /* more than a byte */
		w->field = NULL;
		return FWP_OK;
	}
	if (most == WIDE)
		to[1] = w->high;
	if (major != MAJOR_TEXT)
		*to++ = v;
	b = (uint8_t *)to;
	for (from = w->from; from < w->p;)
		*b++ = *from++;
	return FWP_OK;
}

/* item reads a key, if there is one, and a value, of a container only the head,
 * and holds them against 3.2 to 3.7. */
APART static enum fwp_class item(struct walk *w)
{
	const uint8_t *start, *a;
	uint32_t x, major, key = w->nested ^ MAJOR_ARRAY;
	enum fwp_class c;

	for (;;) {
		start = w->p;
		c = head(w);
		if (c)
			return c;
		major = w->major;
		x = *start;
		if (!key)
			break;
		key = 0;
		if (major != MAJOR_UINT)
			return FWP_BAD_KEY;
		a = w->last;
		w->last = start;
		/* As they are encoded, keys compare as they do as numbers. */
		if (a)
			do {
				if (start == w->p)
					return FWP_DUPLICATE_KEY;
				if (*a > *start)
					return FWP_UNSORTED_KEYS;
			} while (*a++ == *start++);
		if (w->nested)
			continue;
		w->field = NULL;
		x--; /* of a key from 24 on, 23 or more */
		if (x < w->layout[COUNT]) {
			w->missing &= ~(1u << x);
			w->field = w->layout + FIELDS + FIELD * x;
			w->to = (uint32_t *)(void *)((uint8_t *)w->message + OFFSET(*w->field));
		}
	}
	if (major > MAJOR_MAP) {
		x -= FALSE_HEAD;
		if (x > 1)
			return FWP_UNSUPPORTED;
	} else if (major > MAJOR_NINT) {
		x = w->arg;
		if (major > MAJOR_TEXT) {
			if (w->nested)
				return FWP_TOO_DEEP;
			if (!x)
				return FWP_ZERO_VALUE;
			w->nested = major;
			w->outer_left = w->left;
			w->left = x;
			w->outer_last = w->last;
			w->last = NULL;
		} else {
			start = w->p;
			if ((size_t)(w->end - start) < x)
				return FWP_TRUNCATED;
			w->p += x;
			if (major == MAJOR_TEXT)
				while (start < w->p)
					if (*start++ - 0x20u > 0x5e)
						return FWP_NOT_ASCII;
		}
	}
	if (!x && w->nested != MAJOR_ARRAY)
		return FWP_ZERO_VALUE;
	return keep(w, x);
}

enum fwp_class fwp_decode(const uint8_t *layout, const uint8_t *payload, size_t n, void *message)
{
	struct walk w;
	uint32_t i;
	enum fwp_class c;

	if (n > layout[LIMIT] * 8u)
		return FWP_TOO_LONG;
	if (n && payload[0] >> 5 != MAJOR_MAP)
		return FWP_NOT_A_MAP;
	i = layout[SIZE];
	do
		((uint8_t *)message)[--i] = 0;
	while (i);
	w.p = payload;
	w.end = payload + n;
	w.nested = 0;
	w.last = NULL;
	w.missing = layout[REQUIRED];
	w.layout = layout;
	w.message = message;
	c = head(&w);
	if (c)
		return c;
	w.left = w.arg;
	for (;;) {
		if (w.left) {
			w.left--;
			c = item(&w);
			if (c)
				return c;
		} else {
			if (!w.nested)
				break;
			w.nested = 0;
			w.last = w.outer_last;
			w.left = w.outer_left;
		}
	}
	if (w.p != w.end)
		return FWP_TRAILING_BYTES;
	if (payload[0] > (MAJOR_MAP << 5 | 23))
		return FWP_TOO_LONG;
	if (!w.last || (payload[1] | (payload[2] ^ layout[TYPE])))
		return FWP_UNKNOWN_TYPE;
	if (w.missing > UINT8_MAX)
		return FWP_BAD_VALUE;
	return w.missing ? FWP_MISSING_KEY : FWP_OK;
}
