/* SPDX-License-Identifier: EUPL-1.2 */

#include "fetch.h"

#include <stdio.h>

enum { MOST = 8192 }; /* bytes of a head */

size_t fetch_request(char *request, const char *host, const char *port, const char *path)
{
	const char *p;
	int n;

	if (*path != '/')
		return 0;
	for (p = path; *p; p++)
		if (*p <= ' ' || *p > '~')
			return 0;
	n = snprintf(request, FETCH_REQUEST, "GET %s HTTP/1.0\r\nHost: %s:%s\r\n\r\n", path, host, port);
	return n < 0 || n >= FETCH_REQUEST ? 0 : (size_t)n;
}

int fetch_read(struct fetch_head *h, uint8_t byte)
{
	static const char first[] = "HTTP/1.x 200", last[] = "\r\n\r\n";

	if (h->n < sizeof first - 1 && byte != (uint8_t)first[h->n] && first[h->n] != 'x')
		return -1;
	if (++h->n > MOST)
		return -1;
	if (byte == (uint8_t)last[h->ends])
		h->ends++;
	else
		h->ends = byte == '\r';
	return h->ends == sizeof last - 1;
}
