/* SPDX-License-Identifier: EUPL-1.2
 *
 * SHA-512 (FIPS 180-4): for Ed25519.
 */
#ifndef SHA512_H
#define SHA512_H

#include <stddef.h>
#include <stdint.h>

enum { SHA512_SIZE = 64 };

struct sha512 {
	uint64_t state[8];
	uint8_t block[128];
	uint32_t n; /* bytes so far, fewer than 2^29 */
};

void sha512_begin(struct sha512 *s);
void sha512_add(struct sha512 *s, const void *bytes, size_t n);

/* sha512_end gives the sum; *s is not to be used again before its next begin. */
void sha512_end(struct sha512 *s, uint8_t sum[SHA512_SIZE]);

#endif
