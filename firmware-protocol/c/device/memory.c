/* SPDX-License-Identifier: EUPL-1.2 */

#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_SIZE = 512, FILE_NAME = 1024 };

int memory_random(uint8_t *bytes, size_t n)
{
	FILE *f = fopen("/dev/urandom", "rb");
	int ok;

	if (!f)
		return 0;
	ok = fread(bytes, n, 1, f) == 1;
	fclose(f);
	return ok;
}

/* settle makes a rename in a file's directory outlast a power cut. */
static int settle(const char *file)
{
	char dir[FILE_NAME];
	char *slash;
	int fd, ok;

	snprintf(dir, sizeof dir, "%s", file);
	slash = strrchr(dir, '/');
	if (slash)
		slash[slash == dir] = 0;
	fd = open(slash ? dir : ".", O_RDONLY);
	if (fd < 0)
		return 0;
	ok = !fsync(fd);
	return !close(fd) && ok;
}

/* keep writes a new file beside the old one and puts it in its place, so that a
 * power cut leaves one of both. */
static int keep(const char *file, const char *text)
{
	char fresh[FILE_NAME];
	size_t n = strlen(text);
	int fd, ok;

	if ((size_t)snprintf(fresh, sizeof fresh, "%s.new", file) >= sizeof fresh)
		return 0;
	unlink(fresh); /* of a power cut; its mode is not known */
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return 0;
	ok = write(fd, text, n) == (ssize_t)n && !fsync(fd);
	return !close(fd) && ok && !rename(fresh, file) && settle(file);
}

/* recall gives 0 if there is no such file, or it is too long. */
static int recall(const char *file, char *text)
{
	FILE *f = fopen(file, "r");
	size_t n;

	if (!f)
		return 0;
	n = fread(text, 1, TEXT_SIZE - 1, f);
	text[n] = 0;
	return !fclose(f) && n < TEXT_SIZE - 1;
}

static uint32_t random_boot(void)
{
	uint32_t boot = 0;

	while (!boot && memory_random((uint8_t *)&boot, sizeof boot))
		;
	return boot;
}

uint32_t memory_boot(const char *file)
{
	unsigned long last = 0;
	char text[TEXT_SIZE];
	uint32_t boot;

	if (!file)
		return random_boot();
	if (!recall(file, text) || sscanf(text, "%lu", &last) != 1)
		last = 0;
	boot = (uint32_t)(last + 1);
	if (!last || !boot)
		boot = random_boot();
	snprintf(text, sizeof text, "%lu\n", (unsigned long)boot);
	return boot && keep(file, text) ? boot : 0;
}

int memory_who(const char *file, struct fwp_grant *who)
{
	char text[TEXT_SIZE], hex[2 * FWP_PASSWORD + 1], more[2];
	struct stat s;
	unsigned byte;
	size_t i;

	if (stat(file, &s))
		return errno == ENOENT ? -1 : 0;
	memset(who, 0, sizeof *who);
	if (s.st_mode & 077 || !recall(file, text) ||
		sscanf(text, "%32[a-z0-9-] %32[a-z0-9-] %64[0-9a-f]%1[^\n]", who->office, who->device, hex, more) != 3 ||
		strlen(hex) != 2 * FWP_PASSWORD)
		return 0;
	for (i = 0; i < FWP_PASSWORD; i++) {
		if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
			return 0;
		who->password[i] = (uint8_t)byte;
	}
	who->password_length = FWP_PASSWORD;
	return 1;
}

int memory_take(const char *file, const struct fwp_grant *who)
{
	char text[TEXT_SIZE];
	size_t n = (size_t)snprintf(text, sizeof text, "%s %s ", who->office, who->device), i;

	for (i = 0; i < FWP_PASSWORD; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%02x", who->password[i]);
	snprintf(text + n, sizeof text - n, "\n");
	return keep(file, text);
}

int memory_update(const char *file, struct memory_update *m)
{
	unsigned long v[7];
	char text[TEXT_SIZE];

	memset(m, 0, sizeof *m);
	errno = 0;
	if (!recall(file, text))
		return errno == ENOENT;
	if (sscanf(text, "%lu %lu %lu %lu %lu %lu %lu", v, v + 1, v + 2, v + 3, v + 4, v + 5, v + 6) != 7 || v[3] > FWP_ROLLED_BACK)
		return 0;
	m->runs = (uint32_t)v[0];
	m->trial = (uint32_t)v[1];
	m->report.offer = (uint32_t)v[2];
	m->report.result = (uint32_t)v[3];
	m->report.reason = (uint32_t)v[4];
	m->report.release = (uint32_t)v[5];
	m->report.tried = (uint32_t)v[6];
	return 1;
}

int memory_keep_update(const char *file, const struct memory_update *m)
{
	char text[TEXT_SIZE];

	snprintf(text, sizeof text, "%lu %lu %lu %lu %lu %lu %lu\n", (unsigned long)m->runs, (unsigned long)m->trial,
		(unsigned long)m->report.offer, (unsigned long)m->report.result, (unsigned long)m->report.reason,
		(unsigned long)m->report.release, (unsigned long)m->report.tried);
	return keep(file, text);
}
