/* SPDX-License-Identifier: EUPL-1.2
 *
 * The reference device: a box and a panel for a terminal. It speaks MQTT over a
 * plain TCP connection, says on standard output what people would see and hear,
 * and takes keys from standard input: n next, r recall, s start, f finish, x no
 * show, q quit.
 */
#include "device.h"
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TICK = 50, RETRY = 1000, DIAL = 5000 }; /* milliseconds; RETRY: 1.5 */

/* now counts while the board sleeps, too: what was shown before is old then. */
static uint32_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint32_t)((uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000);
}

static void say(const char *line)
{
	puts(line);
	fflush(stdout);
}

/* dial begins a connection that poll will say more about; -1: not possible now. */
static int dial(const char *host, const char *port)
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
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		if (connect(fd, found->ai_addr, found->ai_addrlen) && errno != EINPROGRESS) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(found);
	return fd;
}

/* answered tells whether a connection that was dialled has been made. */
static int answered(int fd)
{
	int error = 0;
	socklen_t size = sizeof error;

	return !getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) && !error;
}

/* receive and transmit give 0 when the connection is gone. */
static int receive(struct device *d, int fd)
{
	uint8_t bytes[1024];
	ssize_t n = recv(fd, bytes, sizeof bytes, 0);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	return n > 0 && device_receive(d, bytes, (size_t)n, now());
}

static int transmit(struct device *d, int fd)
{
	ssize_t n = send(fd, d->out, d->out_size, MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	memmove(d->out, d->out + n, d->out_size - (size_t)n);
	d->out_size -= (size_t)n;
	return 1;
}

/* keys gives 0 at q, and -1 at the end of input: nobody is at the keys. */
static int keys(struct device *d)
{
	static const char letters[] = "nrsfx";
	char typed[64];
	const char *letter;
	ssize_t n = read(STDIN_FILENO, typed, sizeof typed), i;

	if (n <= 0)
		return -1;
	for (i = 0; i < n; i++) {
		if (typed[i] == 'q')
			return 0;
		letter = strchr(letters, typed[i]);
		if (letter && *letter)
			device_key(d, (uint32_t)(letter - letters) + 1, now());
	}
	return 1;
}

static int run(struct device *d, const char *host, const char *port)
{
	int fd = -1, dialled = 0, typing = 1;
	uint32_t since = now() - RETRY;

	for (;;) {
		struct pollfd wait[2] = {{STDIN_FILENO, POLLIN, 0}, {-1, POLLIN, 0}};
		int ok = 1;

		if (fd < 0 && now() - since >= RETRY) {
			fd = dial(host, port);
			dialled = 0;
			since = now();
		}
		if (!typing)
			wait[0].fd = -1;
		wait[1].fd = fd;
		if (!dialled || d->out_size)
			wait[1].events |= POLLOUT;
		poll(wait, 2, TICK);
		if (wait[0].revents) {
			int more = keys(d);
			if (!more)
				return 0;
			typing = more > 0;
		}
		if (fd >= 0 && !dialled) {
			ok = now() - since < DIAL;
			if (wait[1].revents) {
				ok = dialled = answered(fd);
				if (ok)
					device_connect(d, now());
			}
		} else if (wait[1].revents & (POLLIN | POLLHUP | POLLERR)) {
			ok = receive(d, fd);
		}
		if (!device_work(d, now()))
			ok = 0;
		if (ok && fd >= 0 && dialled && d->out_size)
			ok = transmit(d, fd);
		if (!ok && fd >= 0) {
			close(fd);
			fd = -1;
			since = now();
			device_lost(d, now());
		}
	}
}

static int usage(void)
{
	fputs("usage: device [-p ROWS] [-m FILE] HOST PORT OFFICE ID\n"
	      "  -p ROWS  a panel with so many rows; else a box\n"
	      "  -m FILE  where the boot id is kept; else it is random\n"
	      "The password is that of the environment variable AVANTI_PASSWORD.\n",
		stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static struct device d;
	const char *memory = NULL;
	int option;

	d.kind = FWP_BOX;
	d.rows = 1;
	while ((option = getopt(argc, argv, "p:m:")) != -1) {
		switch (option) {
		case 'p':
			d.kind = FWP_PANEL;
			d.rows = (uint32_t)strtoul(optarg, NULL, 10);
			if (d.rows < 1 || d.rows > FWP_ROWS)
				return usage();
			break;
		case 'm':
			memory = optarg;
			break;
		default:
			return usage();
		}
	}
	if (argc - optind != 4)
		return usage();
	d.office = argv[optind + 2];
	d.id = argv[optind + 3];
	d.password = getenv("AVANTI_PASSWORD");
	d.say = say;
	if (!d.password || !device_start(&d))
		return usage();
	d.boot = memory_boot(memory);
	if (!d.boot) {
		perror("device: the boot id cannot be kept");
		return 1;
	}
	return run(&d, argv[optind], argv[optind + 1]);
}
