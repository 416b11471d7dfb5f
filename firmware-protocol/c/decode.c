/* SPDX-License-Identifier: EUPL-1.2 */

#include "layout.h"

struct walk {
	const uint8_t *p, *end;
	/* The head of the item that was read last: its major type and argument;
	 * arg is UINT32_MAX if that has more than 32 bits. */
	uint32_t major, arg, low, high;
	/* What is being walked: the map that the payload is, or a container in it
	 * (3.7), and what to go on with behind that. */
	uint32_t nested; /* MAJOR_ARRAY, MAJOR_MAP, or 0 */
	uint32_t left, outer_left;
	const uint8_t *last, *outer_last; /* the last key, NULL: none */
	const uint8_t *field;             /* where the items belong, NULL: nowhere */
	uint8_t *to;
	uint32_t bad;
};

/* head reads the first bytes of an item. */
static enum fwp_class head(struct walk *w)
{
	const uint8_t *p = w->p, *end = w->end;
	uint32_t low, high = 0, size, i;

	if (p == end)
		return FWP_TRUNCATED;
	low = *p++;
	w->major = low >> 5;
	low &= 31;
	if (low > 23) {
		if (low == 31)
			return FWP_INDEFINITE;
		size = low - 24;
		if (size > 3)
			return FWP_UNSUPPORTED;
		low = 0;
		size = 1u << size;
		for (i = size; i; i--) {
			if (p == end)
				return FWP_TRUNCATED;
			high = high << 8 | low >> 24;
			low = low << 8 | *p++;
		}
		/* Has it what a shorter form would have no room for? */
		i = size == 8 ? high : size == 1 ? low > 23 : low >> 4 * size;
		if (!i && w->major != MAJOR_SIMPLE)
			return FWP_NON_MINIMAL_INT;
	}
	w->p = p;
	w->low = low;
	w->high = high;
	w->arg = high ? UINT32_MAX : low;
	return FWP_OK;
}

/* key reads a key and holds it against 3.2. */
static enum fwp_class key(struct walk *w)
{
	const uint8_t *a = w->last, *b = w->p;
	enum fwp_class c = head(w);

	if (c)
		return c;
	if (w->major != MAJOR_UINT)
		return FWP_BAD_KEY;
	w->last = b;
	if (!a)
		return FWP_OK;
	/* As they are encoded, keys compare as they do as numbers. */
	for (; b < w->p; a++, b++)
		if (*a != *b)
			return *a < *b ? FWP_OK : FWP_UNSORTED_KEYS;
	return FWP_DUPLICATE_KEY;
}

/* value reads a value, of a container only the head, and holds it against 3.2 to 3.7. */
static enum fwp_class value(struct walk *w)
{
	const uint8_t *p = w->p;
	enum fwp_class c = head(w);
	uint32_t major = w->major, i = w->arg;

	if (c)
		return c;
	if (major > MAJOR_MAP) {
		i = *p - 0xf4u;
		if (i > 1)
			return FWP_UNSUPPORTED;
	} else if (major > MAJOR_TEXT) {
		if (w->nested)
			return FWP_TOO_DEEP;
	} else if (major > MAJOR_NINT) {
		p = w->p;
		if ((size_t)(w->end - p) < i)
			return FWP_TRUNCATED;
		w->p += i;
		if (major == MAJOR_TEXT)
			while (p < w->p)
				if (*p++ - 0x20u > 0x5e)
					return FWP_NOT_ASCII;
	} else {
		i |= major;
	}
	return i || w->nested == MAJOR_ARRAY ? FWP_OK : FWP_ZERO_VALUE;
}

/* keep stores a value if it is one for its field. */
static void keep(struct walk *w)
{
	const uint8_t *field = w->field, *from;
	uint32_t kind, wanted, most;
	uint8_t *to = w->to;

	if (!field)
		return;
	kind = field[KIND];
	most = field[MOST];
	wanted = kind & MAJOR;
	if (w->nested) {
		wanted = MAJOR_TEXT;
		most = FWP_CELL - 1;
	}
	if (kind & SIGNED) {
		wanted = w->major & MAJOR_NINT;
		most = MOST_MINUTES - wanted;
	}
	if (!(kind & WIDE) && w->high)
		goto bad;
	if (w->major != wanted || (most && w->low > most))
		goto bad;
	if (wanted == MAJOR_ARRAY) {
		if (w->low & 1)
			goto bad;
		*to = (uint8_t)(w->low / 2);
		w->to++;
		return;
	}
	if (wanted == MAJOR_BYTES || wanted == MAJOR_TEXT) {
		if (wanted == MAJOR_BYTES)
			*to++ = (uint8_t)w->low;
		for (from = w->p - w->low; from < w->p;)
			*to++ = *from++;
		w->to += FWP_CELL;
		return;
	}
	((uint32_t *)(void *)to)[0] = wanted == MAJOR_NINT ? ~w->low : w->low;
	if (kind & WIDE)
		((uint32_t *)(void *)to)[1] = w->high;
	return;
bad:
	w->bad = 1;
	w->field = NULL;
}

enum fwp_class fwp_decode(const uint8_t *layout, const uint8_t *payload, size_t n, void *message)
{
	struct walk w;
	uint32_t seen = 0, i;
	enum fwp_class c;

	if (n > layout[LIMIT] * 8u)
		return FWP_TOO_LONG;
	if (n && payload[0] >> 5 != MAJOR_MAP)
		return FWP_NOT_A_MAP;
	for (i = layout[SIZE]; i--;)
		((uint8_t *)message)[i] = 0;
	w.p = payload;
	w.end = payload + n;
	w.last = NULL;
	w.nested = w.bad = 0;
	c = head(&w);
	if (c)
		return c;
	w.left = w.arg;
	while (w.left--) {
		if (w.nested != MAJOR_ARRAY) {
			c = key(&w);
			if (c)
				return c;
		}
		if (!w.nested) {
			w.field = NULL;
			i = w.arg - 1;
			if (i < layout[COUNT]) {
				w.field = layout + FIELDS + FIELD * i;
				w.to = (uint8_t *)message + w.field[PLACE];
				seen |= 1u << i;
			}
		}
		c = value(&w);
		if (c)
			return c;
		keep(&w);
		if (w.major >> 1 == MAJOR_ARRAY >> 1) {
			w.nested = w.major;
			w.outer_left = w.left;
			w.outer_last = w.last;
			w.left = w.arg;
			w.last = NULL;
		}
		if (w.nested && !w.left) {
			w.nested = 0;
			w.left = w.outer_left;
			w.last = w.outer_last;
		}
	}
	if (w.p != w.end)
		return FWP_TRAILING_BYTES;
	if (payload[0] > (MAJOR_MAP << 5 | 23))
		return FWP_TOO_LONG;
	if (n < 3 || payload[1] || payload[2] != layout[TYPE])
		return FWP_UNKNOWN_TYPE;
	if (w.bad)
		return FWP_BAD_VALUE;
	return layout[REQUIRED] & ~seen ? FWP_MISSING_KEY : FWP_OK;
}
