/* SPDX-License-Identifier: EUPL-1.2
 *
 * How a device comes into an office (13), without sockets and clocks.
 */
#ifndef PAIR_H
#define PAIR_H

#include "pairing.h"
#include "wire.h"

enum pair_stage { PAIR_WAITING, PAIR_HELLO, PAIR_COMPARE, PAIR_DONE };

struct pair {
	/* Set these before pair_start; the texts stay the caller's. */
	const char *name, *code; /* on the label (13.1); the name is an id */
	const char *firmware, *hardware;
	uint32_t kind, rows;
	void (*say)(const char *line);
	int (*random)(uint8_t *bytes, size_t n); /* fills them, or gives 0 */
	/* The SHA-256 of the authority in the chain that the connection came with
	 * (13.8); NULL: the connection has no TLS. */
	const uint8_t *authority;

	struct wire wire;
	enum pair_stage stage;
	char user[48], up[64], down[64];
	uint8_t nonce[FWP_NONCE];
	uint32_t said; /* when hello or reveal went */
	struct fwp_challenge challenge;
	char number[5];  /* to be shown while the stage is PAIR_COMPARE */
	uint32_t shown;  /* since when */
	struct fwp_grant grant; /* in the stage PAIR_DONE: keep it, then close the connection */
};

/* pair_start gives 0 if the name is no id or the code is shorter than 8
 * characters or too long. */
int pair_start(struct pair *p);

/* These are as in device.h. Between two connections there are 5 seconds (13.2). */
int pair_connect(struct pair *p, uint32_t now);
void pair_lost(struct pair *p, uint32_t now);
int pair_receive(struct pair *p, const uint8_t *bytes, size_t n, uint32_t now);
int pair_work(struct pair *p, uint32_t now);

#endif
