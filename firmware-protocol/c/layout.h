/* SPDX-License-Identifier: EUPL-1.2
 *
 * How a message lies in its struct. For the files of this directory only.
 *
 * A layout is bytes, so that flash holds nothing but them: the type, the size of
 * the struct, the limit of the payload in eights, the number of keys, and which
 * of the first eight are required, a bit for each; then two bytes for every key
 * from 1: what its value is together with the word of the struct where it is
 * kept, and its limit.
 */
#ifndef FWPROTO_LAYOUT_H
#define FWPROTO_LAYOUT_H

#include "fwproto.h"

enum { TYPE, SIZE, LIMIT, COUNT, REQUIRED, FIELDS };
enum { KIND, MOST, FIELD }; /* FIELD: bytes of a field */

/* Major types of RFC 8949, section 3.1. */
enum { MAJOR_UINT, MAJOR_NINT, MAJOR_BYTES, MAJOR_TEXT, MAJOR_ARRAY, MAJOR_MAP, MAJOR_TAG, MAJOR_SIMPLE };

/* What a value is: a major type, in the bits where a head has it. Below it is
 * the word, PLACE. */
enum {
	NUMBER = MAJOR_UINT << 5,  /* in a word, or in two */
	MINUTES = MAJOR_NINT << 5, /* also positive; the limit is MOST_MINUTES */
	BLOB = MAJOR_BYTES << 5,   /* behind a word for the length */
	TEXT = MAJOR_TEXT << 5,    /* with a zero byte at its end */
	ROWS = MAJOR_ARRAY << 5,   /* a word for their number, one for something else, then they */
	TRUTH = MAJOR_SIMPLE << 5, /* in a word; the limit is 1 */
	PLACE = 31
};

/* The limit of a number is the greatest low five bits of its head: what is in a
 * head shows how long the number is. It may also be a number below 24. */
enum { BYTE = 24, WORD = 26, WIDE = 27 };

enum { FALSE_HEAD = 0xf4, TRUE = 21, MOST_MINUTES = 1080 };

/* AT divides by zero if the member is at no word, or at one beyond PLACE. */
#define AT(name, member) (WHERE(name, member) / 4 / (WHERE(name, member) % 4 == 0 && WHERE(name, member) / 4 <= PLACE))
#define WHERE(name, member) offsetof(struct fwp_##name, member)

/* OFFSET is the place in bytes; so written, it is the least code. */
#define OFFSET(kind) ((uint32_t)(kind) << 27 >> 25)

#define K(key) (1 << ((key) - 1))
#define LAYOUT(type, name, limit, keys, required) type, sizeof(struct fwp_##name), (limit) / 8, keys, required

/* APART keeps a function out of its caller: inside, it would be longer. */
#ifdef __GNUC__
#define APART __attribute__((noinline))
#else
#define APART
#endif

/* fwp_info gives the low five bits of the shortest head with this argument. */
uint32_t fwp_info(uint32_t low, uint32_t high);

/* exact puts a wrong length before a missing key, as 3.10 wants it. */
static inline enum fwp_class exact(enum fwp_class c, const uint32_t *length, uint32_t wanted)
{
	if ((c == FWP_OK || c == FWP_MISSING_KEY) && *length && *length != wanted)
		return FWP_BAD_VALUE;
	return c;
}

/* ARGUMENT is how many bytes stand behind a head with these low five bits: none
 * up to 23, then 1, 2, 4 and 8. */
#define ARGUMENT(info) (1u << (info) >> 24)

#endif
