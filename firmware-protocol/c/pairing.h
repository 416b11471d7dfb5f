/* SPDX-License-Identifier: EUPL-1.2
 *
 * How a device comes to its id and its password (13). SHA-256 and random bytes
 * are the caller's.
 */
#ifndef FWPROTO_PAIRING_H
#define FWPROTO_PAIRING_H

#include "fwproto.h"

enum { FWP_SUM = 32, FWP_NONCE = 16, FWP_PASSWORD = 32 };

/* In these, a byte string has its length before it. */
struct fwp_hello { /* 5.12 */
	uint32_t kind, rows;
	uint32_t commitment_length;
	uint8_t commitment[FWP_SUM];
	char firmware[FWP_TEXT], hardware[FWP_TEXT];
};

struct fwp_challenge { /* 5.13 */
	uint32_t nonce_length;
	uint8_t nonce[FWP_NONCE];
	uint32_t authority_length;
	uint8_t authority[FWP_SUM];
};

struct fwp_reveal { /* 5.14 */
	uint32_t nonce_length;
	uint8_t nonce[FWP_NONCE];
};

struct fwp_grant { /* 5.15 */
	char device[FWP_ID], office[FWP_ID];
	uint32_t password_length;
	uint8_t password[FWP_PASSWORD];
	uint32_t authority_length;
	uint8_t authority[FWP_SUM];
};

extern const uint8_t fwp_hello_layout[], fwp_challenge_layout[], fwp_reveal_layout[], fwp_grant_layout[];

/* These are fwp_decode and the lengths that must be exact. */
enum fwp_class fwp_decode_hello(const uint8_t *payload, size_t n, struct fwp_hello *m);
enum fwp_class fwp_decode_challenge(const uint8_t *payload, size_t n, struct fwp_challenge *m);
enum fwp_class fwp_decode_reveal(const uint8_t *payload, size_t n, struct fwp_reveal *m);
enum fwp_class fwp_decode_grant(const uint8_t *payload, size_t n, struct fwp_grant *m);

static inline size_t fwp_encode_hello(const struct fwp_hello *m, uint8_t *buffer)
{
	return fwp_encode(fwp_hello_layout, m, buffer);
}

static inline size_t fwp_encode_reveal(const struct fwp_reveal *m, uint8_t *buffer)
{
	return fwp_encode(fwp_reveal_layout, m, buffer);
}

#endif
