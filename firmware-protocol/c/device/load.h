/* SPDX-License-Identifier: EUPL-1.2
 *
 * Loading an image into a file, on POSIX.
 */
#ifndef LOAD_H
#define LOAD_H

#include "fetch.h"
#include "update.h"

/* A load with fd -1 does nothing. */
struct load {
	const char *host, *port; /* of the HTTP server */
	const char *file;        /* where the image goes */
	int fd, out;
	size_t asked, size; /* bytes of the request that were sent, and all */
	char request[FETCH_REQUEST];
	struct fetch_head head;
	int image; /* 1: the head is over */
	uint32_t since;
};

/* load_begin asks for the image of an update, load_end gives it up. */
void load_begin(struct load *l, struct update *u);
void load_end(struct load *l);

/* load_poll gives what to wait for on fd; load_work does what is due. */
short load_poll(const struct load *l);
void load_work(struct load *l, struct update *u, short came);

#endif
