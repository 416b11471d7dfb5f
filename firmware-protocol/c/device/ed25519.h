/* SPDX-License-Identifier: EUPL-1.2
 *
 * Ed25519 (RFC 8032): the check of a signature, nothing else. There is no secret
 * in it, so its time may tell what it works on.
 */
#ifndef ED25519_H
#define ED25519_H

#include <stddef.h>
#include <stdint.h>

enum { ED25519_KEY = 32, ED25519_SIGNATURE = 64 };

/* ed25519_verify tells whether a signature over n bytes is that of a key: 1 or 0. */
int ed25519_verify(const uint8_t key[ED25519_KEY], const uint8_t *message, size_t n,
	const uint8_t signature[ED25519_SIGNATURE]);

#endif
