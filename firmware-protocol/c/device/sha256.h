/* SPDX-License-Identifier: EUPL-1.2
 *
 * SHA-256 (FIPS 180-4): for images and for pairing.
 */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_SIZE = 32 };

struct sha256 {
	uint32_t state[8];
	uint8_t block[64];
	uint32_t n; /* bytes so far, fewer than 2^29 */
};

void sha256_begin(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *bytes, size_t n);

/* sha256_end gives the sum; *s is not to be used again before its next begin. */
void sha256_end(struct sha256 *s, uint8_t sum[SHA256_SIZE]);

#endif
