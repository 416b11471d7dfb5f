/* SPDX-License-Identifier: EUPL-1.2
 *
 * How a message lies in its struct. For the files of this directory only.
 *
 * A layout is bytes, so that flash holds nothing but them: the type, the size of
 * the struct, the limit of the payload in eights, the number of keys, and which
 * of them are required, a bit for each; then three bytes for every key from 1:
 * what its value is, where it is kept, and its limit, 0 for none.
 */
#ifndef FWPROTO_LAYOUT_H
#define FWPROTO_LAYOUT_H

#include "fwproto.h"

enum { TYPE, SIZE, LIMIT, COUNT, REQUIRED, FIELDS };
enum { KIND, PLACE, MOST, FIELD }; /* FIELD: bytes of a field */

/* Major types of RFC 8949, section 3.1. */
enum { MAJOR_UINT, MAJOR_NINT, MAJOR_BYTES, MAJOR_TEXT, MAJOR_ARRAY, MAJOR_MAP, MAJOR_TAG, MAJOR_SIMPLE };

/* What a value is: its major type and how it is kept. Numbers and truths are
 * kept in a word. */
enum {
	MAJOR = 0x07,
	WIDE = 0x08,   /* in two words */
	SIGNED = 0x10, /* minutes, also negative */

	NUMBER = MAJOR_UINT,
	LONG = MAJOR_UINT | WIDE,
	MINUTES = MAJOR_UINT | SIGNED,
	BLOB = MAJOR_BYTES, /* with a byte for the length before it */
	TEXT = MAJOR_TEXT,
	ROWS = MAJOR_ARRAY, /* with a byte for their number before them; the limit is that of cells */
	TRUTH = MAJOR_SIMPLE
};

enum { TRUE = 21, MOST_MINUTES = 1080 };

#define AT(name, member) offsetof(struct fwp_##name, member)
#define K(key) (1 << ((key) - 1))
#define LAYOUT(type, name, limit, keys, required) type, sizeof(struct fwp_##name), (limit) / 8, keys, required

/* exact puts a wrong length before a missing key, as 3.10 wants it. */
static inline enum fwp_class exact(enum fwp_class c, const uint8_t *length, uint32_t wanted)
{
	if ((c == FWP_OK || c == FWP_MISSING_KEY) && *length && *length != wanted)
		return FWP_BAD_VALUE;
	return c;
}

#endif
