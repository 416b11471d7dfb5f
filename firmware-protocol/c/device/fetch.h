/* SPDX-License-Identifier: EUPL-1.2
 *
 * As much HTTP as loading an image needs (9.1): one GET, whose answer ends with
 * its connection. Sockets are elsewhere.
 */
#ifndef FETCH_H
#define FETCH_H

#include <stddef.h>
#include <stdint.h>

enum { FETCH_REQUEST = 512 };

/* fetch_request writes the request into an array of FETCH_REQUEST characters and
 * gives its length, 0 if path is none, or all is too long. */
size_t fetch_request(char *request, const char *host, const char *port, const char *path);

/* A head of zeros is at the beginning of an answer. */
struct fetch_head {
	uint32_t n, ends; /* bytes so far; those of the empty line at its end */
};

/* fetch_read takes a byte of an answer's head. It gives 0 while that goes on, 1
 * at its end, where the image begins, and -1 if there will be no image. */
int fetch_read(struct fetch_head *h, uint8_t byte);

#endif
