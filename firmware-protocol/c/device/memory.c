/* SPDX-License-Identifier: EUPL-1.2 */

#include "memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static uint32_t random_boot(void)
{
	uint32_t boot = 0;
	FILE *f = fopen("/dev/urandom", "rb");

	if (!f)
		return 0;
	while (!boot && fread(&boot, sizeof boot, 1, f) == 1)
		;
	fclose(f);
	return boot;
}

/* keep writes a new file beside the old one and puts it in its place, so that a
 * power cut leaves one of both. */
static int keep(const char *file, uint32_t boot)
{
	char fresh[1024];
	FILE *f;
	int ok;

	if ((size_t)snprintf(fresh, sizeof fresh, "%s.new", file) >= sizeof fresh)
		return 0;
	f = fopen(fresh, "w");
	if (!f)
		return 0;
	ok = fprintf(f, "%lu\n", (unsigned long)boot) > 0 && !fflush(f) && !fsync(fileno(f));
	return !fclose(f) && ok && !rename(fresh, file);
}

uint32_t memory_boot(const char *file)
{
	unsigned long last = 0;
	uint32_t boot;
	FILE *f;

	if (!file)
		return random_boot();
	f = fopen(file, "r");
	if (f) {
		if (fscanf(f, "%lu", &last) != 1)
			last = 0;
		fclose(f);
	}
	boot = (uint32_t)(last + 1);
	if (!last || !boot)
		boot = random_boot();
	return boot && keep(file, boot) ? boot : 0;
}
