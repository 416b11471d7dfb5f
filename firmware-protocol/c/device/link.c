/* SPDX-License-Identifier: EUPL-1.2 */

#include "link.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { DIAL = 5000 }; /* milliseconds */

uint32_t link_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint32_t)((uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000);
}

int link_dial(const char *host, const char *port)
{
	struct addrinfo hints, *found;
	int fd, one = 1;

	memset(&hints, 0, sizeof hints);
	hints.ai_socktype = SOCK_STREAM;
	if (getaddrinfo(host, port, &hints, &found))
		return -1;
	fd = socket(found->ai_family, SOCK_STREAM, 0);
	if (fd >= 0) {
		fcntl(fd, F_SETFL, O_NONBLOCK);
		fcntl(fd, F_SETFD, FD_CLOEXEC); /* another firmware begins without */
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		if (connect(fd, found->ai_addr, found->ai_addrlen) && errno != EINPROGRESS) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(found);
	return fd;
}

int link_made(int fd)
{
	int error = 0;
	socklen_t size = sizeof error;

	return !getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) && !error;
}

short link_poll(struct link *l, const struct link_user *u)
{
	if (l->fd < 0 && (!l->tried || link_now() - l->since >= u->retry)) {
		l->fd = link_dial(l->host, l->port);
		l->made = 0;
		l->tried = 1;
		l->since = link_now();
	}
	return !l->made || u->wire->out_size ? POLLIN | POLLOUT : POLLIN;
}

/* receive and transmit give 0 when the connection is gone. */
static int receive(struct link *l, const struct link_user *u)
{
	uint8_t bytes[1024];
	ssize_t n = recv(l->fd, bytes, sizeof bytes, 0);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	return n > 0 && u->receive(u->self, bytes, (size_t)n, link_now());
}

static int transmit(struct link *l, struct wire *w)
{
	ssize_t n;

	if (!w->out_size)
		return 1;
	n = send(l->fd, w->out, w->out_size, MSG_NOSIGNAL);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	w->out_size -= (size_t)n;
	memmove(w->out, w->out + n, w->out_size);
	return 1;
}

void link_close(struct link *l, const struct link_user *u)
{
	if (l->fd < 0)
		return;
	close(l->fd);
	l->fd = -1;
	l->since = link_now();
	u->lost(u->self, l->since);
}

void link_work(struct link *l, const struct link_user *u, short came)
{
	int ok = 1;

	if (l->fd >= 0 && !l->made) {
		ok = link_now() - l->since < DIAL;
		if (came) {
			ok = l->made = link_made(l->fd);
			if (ok)
				ok = u->connect(u->self, link_now());
		}
	} else if (l->fd >= 0 && came & (POLLIN | POLLHUP | POLLERR)) {
		ok = receive(l, u);
	}
	if (!u->work(u->self, link_now()))
		ok = 0;
	if (ok && l->fd >= 0 && l->made)
		ok = transmit(l, u->wire);
	if (!ok)
		link_close(l, u);
}
