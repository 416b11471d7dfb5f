/* SPDX-License-Identifier: EUPL-1.2 */

#include "pairing.h"
#include "layout.h"

enum { MOST_ID = 32 };

const uint8_t fwp_hello_layout[] = {
	LAYOUT(12, hello, FWP_PAYLOAD, 5, K(1)),
	BLOB + AT(hello, commitment_length), FWP_SUM,
	NUMBER + AT(hello, kind), BYTE,
	TEXT + AT(hello, firmware), FWP_TEXT - 1,
	TEXT + AT(hello, hardware), FWP_TEXT - 1,
	NUMBER + AT(hello, rows), BYTE,
};

const uint8_t fwp_challenge_layout[] = {
	LAYOUT(13, challenge, FWP_PAYLOAD, 2, K(1)),
	BLOB + AT(challenge, nonce_length), FWP_NONCE,
	BLOB + AT(challenge, authority_length), FWP_SUM,
};

const uint8_t fwp_reveal_layout[] = {
	LAYOUT(14, reveal, FWP_PAYLOAD, 1, K(1)),
	BLOB + AT(reveal, nonce_length), FWP_NONCE,
};

const uint8_t fwp_grant_layout[] = {
	LAYOUT(15, grant, FWP_PAYLOAD, 4, K(1) | K(2) | K(3)),
	TEXT + AT(grant, device), MOST_ID,
	TEXT + AT(grant, office), MOST_ID,
	BLOB + AT(grant, password_length), FWP_PASSWORD,
	BLOB + AT(grant, authority_length), FWP_SUM,
};

enum fwp_class fwp_decode_hello(const uint8_t *payload, size_t n, struct fwp_hello *m)
{
	return exact(fwp_decode(fwp_hello_layout, payload, n, m), &m->commitment_length, FWP_SUM);
}

enum fwp_class fwp_decode_challenge(const uint8_t *payload, size_t n, struct fwp_challenge *m)
{
	enum fwp_class c = fwp_decode(fwp_challenge_layout, payload, n, m);

	return exact(exact(c, &m->nonce_length, FWP_NONCE), &m->authority_length, FWP_SUM);
}

enum fwp_class fwp_decode_reveal(const uint8_t *payload, size_t n, struct fwp_reveal *m)
{
	return exact(fwp_decode(fwp_reveal_layout, payload, n, m), &m->nonce_length, FWP_NONCE);
}

enum fwp_class fwp_decode_grant(const uint8_t *payload, size_t n, struct fwp_grant *m)
{
	enum fwp_class c = fwp_decode(fwp_grant_layout, payload, n, m);

	return exact(exact(c, &m->password_length, FWP_PASSWORD), &m->authority_length, FWP_SUM);
}
