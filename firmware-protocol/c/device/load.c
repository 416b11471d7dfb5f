/* SPDX-License-Identifier: EUPL-1.2 */

#include "load.h"
#include "link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER = 5000 }; /* milliseconds until the head is over */

void load_begin(struct load *l, struct update *u)
{
	load_end(l);
	memset(&l->head, 0, sizeof l->head);
	l->asked = 0;
	l->image = 0;
	l->since = link_now();
	l->size = fetch_request(l->request, l->host, l->port, u->offer.path);
	unlink(l->file);
	l->out = l->size ? open(l->file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700) : -1;
	if (l->out < 0) {
		update_ended(u);
		return;
	}
	l->fd = link_dial(l->host, l->port);
	if (l->fd < 0)
		update_unreached(u, l->since);
}

void load_end(struct load *l)
{
	if (l->fd >= 0)
		close(l->fd);
	if (l->out >= 0)
		close(l->out);
	l->fd = l->out = -1;
}

short load_poll(const struct load *l)
{
	return l->asked < l->size ? POLLOUT : POLLIN;
}

/* ask gives 0 when the server was not reached. */
static int ask(struct load *l)
{
	ssize_t n;

	if (!l->asked && !link_made(l->fd))
		return 0;
	n = send(l->fd, l->request + l->asked, l->size - l->asked, MSG_NOSIGNAL);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	l->asked += (size_t)n;
	return 1;
}

/* take gives 0 when there is nothing more to take. */
static int take(struct load *l, struct update *u, const uint8_t *bytes, size_t n)
{
	int end;

	for (; n && !l->image; n--, bytes++) {
		end = fetch_read(&l->head, *bytes);
		if (end < 0)
			return 0;
		l->image = end;
	}
	if (!n)
		return 1;
	if (write(l->out, bytes, n) != (ssize_t)n)
		return 0;
	update_loaded(u, bytes, n, link_now());
	return u->stage == UPDATE_LOADING;
}

void load_work(struct load *l, struct update *u, short came)
{
	uint8_t bytes[4096];
	ssize_t n;

	if (l->fd < 0)
		return;
	if (!l->image && link_now() - l->since >= ANSWER) {
		load_end(l);
		update_unreached(u, link_now());
	} else if (came && l->asked < l->size) {
		if (ask(l))
			return;
		load_end(l);
		update_unreached(u, link_now());
	} else if (came) {
		n = recv(l->fd, bytes, sizeof bytes, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n > 0 && take(l, u, bytes, (size_t)n))
			return;
		if (fsync(l->out))
			u->loaded = 0; /* what cannot be kept has not arrived */
		load_end(l);
		update_ended(u);
	}
}
