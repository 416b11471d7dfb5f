/* SPDX-License-Identifier: EUPL-1.2
 *
 * The reference device: a box and a panel for a terminal. It speaks MQTT over a
 * plain TCP connection, says on standard output what people would see and hear,
 * and takes keys from standard input: n next, r recall, s start, f finish, x no
 * show, q quit.
 */
#include "device.h"
#include "ed25519.h"
#include "image.h"
#include "link.h"
#include "pair.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef RELEASE
#define RELEASE "1.0.0"
#endif

enum { TICK = 50, RETRY = 1000, RETRY_PAIR = 5000 }; /* milliseconds; 1.5, 13.2 */

/* What the arguments say. */
struct options {
	const char *memory, *who, *name, *dir, *port;
	uint8_t maker[ED25519_KEY];
	int updates;
};

static void say(const char *line)
{
	puts(line);
	fflush(stdout);
}

static int verify(void *key, const uint8_t *message, size_t n, const uint8_t *signature)
{
	return ed25519_verify(key, message, n, signature);
}

static uint32_t release(void)
{
	unsigned long major = 0, minor = 0, patch = 0;

	sscanf(RELEASE, "%lu.%lu.%lu", &major, &minor, &patch);
	return (uint32_t)(major << 24 | minor << 16 | patch); /* 9.2 */
}

static uint32_t heap(void)
{
	unsigned long long free_bytes = (unsigned long long)sysconf(_SC_AVPHYS_PAGES) * (unsigned long long)sysconf(_SC_PAGESIZE);

	return free_bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)free_bytes;
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
			device_key(d, (uint32_t)(letter - letters) + 1, link_now());
	}
	return 1;
}

static int begin(void *d, uint32_t now)
{
	device_connect(d, now);
	return 1;
}

static void lost(void *d, uint32_t now)
{
	device_lost(d, now);
}

static int receive(void *d, const uint8_t *bytes, size_t n, uint32_t now)
{
	return device_receive(d, bytes, n, now);
}

static int work(void *d, uint32_t now)
{
	return device_work(d, now);
}

static void run(struct device *d, struct link *l, struct image *image, struct load *load)
{
	const struct link_user user = {d, &d->wire, RETRY, begin, lost, receive, work};
	struct pollfd wait[3] = {{STDIN_FILENO, POLLIN, 0}, {-1, 0, 0}, {-1, 0, 0}};
	int more;

	for (;;) {
		wait[1].events = link_poll(l, &user);
		wait[1].fd = l->fd;
		wait[2].events = load_poll(load);
		wait[2].fd = load->fd;
		wait[0].revents = wait[1].revents = wait[2].revents = 0;
		poll(wait, 3, TICK);
		d->heap = heap();
		if (wait[0].revents) {
			more = keys(d);
			if (!more)
				return;
			if (more < 0)
				wait[0].fd = -1;
		}
		load_work(load, &d->update, wait[2].revents);
		link_work(l, &user, wait[1].revents);
		if (d->update.verify)
			image_work(image, load, &d->update);
	}
}

static int pair_begin(void *p, uint32_t now)
{
	return pair_connect(p, now);
}

static void pair_end(void *p, uint32_t now)
{
	pair_lost(p, now);
}

static int pair_take(void *p, const uint8_t *bytes, size_t n, uint32_t now)
{
	return pair_receive(p, bytes, n, now);
}

static int pair_do(void *p, uint32_t now)
{
	return pair_work(p, now);
}

/* take_in waits until an office takes the device in (13). It gives 0 if there is
 * no code, or what the office gives cannot be kept. */
static int take_in(const struct options *o, const struct device *d, struct link *l, struct fwp_grant *who)
{
	static struct pair p;
	const struct link_user user = {&p, &p.wire, RETRY_PAIR, pair_begin, pair_end, pair_take, pair_do};
	struct pollfd wait = {-1, 0, 0};

	p.name = o->name;
	p.code = getenv("AVANTI_CODE");
	p.firmware = d->firmware;
	p.hardware = d->hardware;
	p.kind = d->kind;
	p.rows = d->rows;
	p.say = say;
	p.random = memory_random;
	if (!p.name || !p.code || !pair_start(&p)) {
		fputs("device: to be paired it needs -n NAME, an id, and AVANTI_CODE, 8 characters or more\n", stderr);
		return 0;
	}
	while (p.stage != PAIR_DONE) {
		wait.events = link_poll(l, &user);
		wait.fd = l->fd;
		wait.revents = 0;
		poll(&wait, 1, TICK);
		link_work(l, &user, wait.revents);
	}
	*who = p.grant;
	link_close(l, &user);
	l->tried = 0; /* it connects at once as what it is now */
	if (memory_take(o->who, who))
		return 1;
	perror("device: what the office gave cannot be kept");
	return 0;
}

static int usage(void)
{
	fputs("usage: device [OPTION]... HOST PORT OFFICE ID\n"
	      "       device [OPTION]... -c FILE [-n NAME] HOST PORT\n"
	      "  -p ROWS  a panel with so many rows; else a box\n"
	      "  -m FILE  where the boot id is kept; else it is random\n"
	      "  -c FILE  where it is kept who the device is; without that file it is paired\n"
	      "  -n NAME  its name on the label, for pairing\n"
	      "  -u DIR   takes firmware, and keeps it there\n"
	      "  -k KEY   of the maker of firmware, 64 hex digits\n"
	      "  -w PORT  of the HTTP server that has it; else 8080\n"
	      "The password is that of the environment variable AVANTI_PASSWORD; with -c, AVANTI_CODE is the code on the label.\n",
		stderr);
	return 2;
}

static int read_key(uint8_t *key, const char *hex)
{
	unsigned byte;
	int i;

	for (i = 0; i < ED25519_KEY; i++) {
		if (strspn(hex + 2 * i, "0123456789abcdef") < 2 || sscanf(hex + 2 * i, "%2x", &byte) != 1)
			return 0;
		key[i] = (uint8_t)byte;
	}
	return !hex[2 * i];
}

/* read_options gives 0 if they are none. */
static int read_options(struct options *o, struct device *d, int argc, char **argv)
{
	int option;

	o->port = "8080";
	d->kind = FWP_BOX;
	d->rows = 1;
	while ((option = getopt(argc, argv, "p:m:c:n:u:k:w:")) != -1) {
		switch (option) {
		case 'p':
			d->kind = FWP_PANEL;
			d->rows = (uint32_t)strtoul(optarg, NULL, 10);
			if (d->rows < 1 || d->rows > FWP_ROWS)
				return 0;
			break;
		case 'm':
			o->memory = optarg;
			break;
		case 'c':
			o->who = optarg;
			break;
		case 'n':
			o->name = optarg;
			break;
		case 'u':
			o->dir = optarg;
			break;
		case 'k':
			if (!read_key(o->maker, optarg))
				return 0;
			o->updates = 1;
			break;
		case 'w':
			o->port = optarg;
			break;
		default:
			return 0;
		}
	}
	return argc - optind == (o->who ? 2 : 4) && !o->dir == !o->updates;
}

/* identify finds out who the device is, or is taken in. */
static int identify(const struct options *o, struct device *d, struct link *l, char **arguments)
{
	static struct fwp_grant who;
	int known;

	d->office = arguments[2];
	d->id = arguments[3];
	d->password = (const uint8_t *)getenv("AVANTI_PASSWORD");
	if (!o->who) {
		if (!d->password)
			fputs("device: AVANTI_PASSWORD is missing\n", stderr);
		else
			d->password_size = strlen((const char *)d->password);
		return d->password != NULL;
	}
	known = memory_who(o->who, &who);
	if (!known)
		fprintf(stderr, "device: %s is damaged, or others can read it: delete it and pair the device again\n", o->who);
	if (!known || (known < 0 && !take_in(o, d, l, &who)))
		return 0;
	d->office = who.office;
	d->id = who.device;
	d->password = who.password;
	d->password_size = who.password_length;
	return 1;
}

int main(int argc, char **argv)
{
	static struct device d;
	static struct options o;
	static struct image image;
	static struct load load;
	struct link l = {NULL, NULL, -1, 0, 0, 0};
	enum update_start how = UPDATE_PLAIN;

	d.firmware = RELEASE;
	d.hardware = "linux";
	d.say = say;
	if (!read_options(&o, &d, argc, argv))
		return usage();
	l.host = load.host = argv[optind];
	l.port = argv[optind + 1];
	load.fd = load.out = -1;
	load.port = o.port;
	if (o.updates) {
		image.dir = o.dir;
		image.argv = argv;
		image.release = release();
		image.say = say;
		how = image_start(&image, &d.update.report);
		load.file = image.other;
		d.update.running.kind = d.kind;
		d.update.running.release = release();
		d.update.running.room = 1u << 26;
		d.update.running.hardware = d.hardware;
		d.update.verify = verify;
		d.update.context = o.maker;
	}
	say("firmware " RELEASE);
	if (!identify(&o, &d, &l, argv + optind))
		return 2;
	d.boot = memory_boot(o.memory);
	if (!d.boot) {
		perror("device: the boot id cannot be kept");
		return 1;
	}
	if (!device_start(&d, link_now()))
		return usage();
	update_started(&d.update, how, link_now());
	run(&d, &l, &image, &load);
	return 0;
}
