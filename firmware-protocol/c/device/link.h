/* SPDX-License-Identifier: EUPL-1.2
 *
 * A TCP connection, made again and again, on POSIX.
 */
#ifndef LINK_H
#define LINK_H

#include "wire.h"

/* now is the clock of everything here, in milliseconds. It goes on while the
 * board sleeps: what was shown before is old then. */
uint32_t link_now(void);

/* link_dial begins a connection, about which poll says more by POLLOUT; -1: not
 * possible now. link_made tells then whether it was made. */
int link_dial(const char *host, const char *port);
int link_made(int fd);

/* Who uses a connection, as in device.h; connect gives 0 if it cannot. */
struct link_user {
	void *self;
	struct wire *wire;
	uint32_t retry; /* milliseconds between two attempts */
	int (*connect)(void *self, uint32_t now);
	void (*lost)(void *self, uint32_t now);
	int (*receive)(void *self, const uint8_t *bytes, size_t n, uint32_t now);
	int (*work)(void *self, uint32_t now);
};

/* A link of zeros, with host, port and fd -1, dials at once. */
struct link {
	const char *host, *port;
	int fd, made, tried;
	uint32_t since; /* the last attempt, or loss */
};

/* link_poll dials if it is time, and gives what to wait for. link_work does what
 * is due, with what came of it. */
short link_poll(struct link *l, const struct link_user *u);
void link_work(struct link *l, const struct link_user *u, short came);

/* link_close ends the connection. */
void link_close(struct link *l, const struct link_user *u);

#endif
