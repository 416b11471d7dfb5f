/* SPDX-License-Identifier: EUPL-1.2 */

#include "image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The installed program, in the environment of the image that it has started. */
#define INSTALLED "AVANTI_INSTALLED"

static void path(const struct image *i, uint32_t release, char *to)
{
	snprintf(to, IMAGE_PATH, "%s/%lu", i->dir, (unsigned long)release);
}

/* start gives back only if it could not. */
static void start(const struct image *i, uint32_t release)
{
	char file[IMAGE_PATH];

	path(i, release, file);
	execv(file, i->argv);
}

/* discard removes the image of a trial that is over. */
static void discard(const struct image *i)
{
	char file[IMAGE_PATH];

	if (i->memory.report.tried == i->memory.runs)
		return;
	path(i, i->memory.report.tried, file);
	unlink(file);
}

static int keep(struct image *i, const struct fwp_report *report, uint32_t trial)
{
	i->memory.trial = trial;
	i->memory.report = *report;
	return memory_keep_update(i->file, &i->memory);
}

/* installed remembers where the installed program is, and gives 0 if this is it. */
static int installed(void)
{
	char file[IMAGE_PATH];
	ssize_t n;

	if (getenv(INSTALLED))
		return 0;
	n = readlink("/proc/self/exe", file, sizeof file - 1);
	if (n > 0) {
		file[n] = 0;
		setenv(INSTALLED, file, 1);
	}
	return 1;
}

enum update_start image_start(struct image *i, struct fwp_report *report)
{
	enum update_start how = UPDATE_PLAIN;

	snprintf(i->file, sizeof i->file, "%s/update", i->dir);
	snprintf(i->other, sizeof i->other, "%s/loading", i->dir);
	if (!memory_update(i->file, &i->memory))
		i->say("the memory of updates is damaged: the installed firmware starts");
	*report = i->memory.report;
	if (!installed())
		return i->memory.trial ? UPDATE_ON_TRIAL : UPDATE_PLAIN;
	if (i->memory.trial) {
		how = UPDATE_AFTER_TRIAL;
		i->memory.report.result = FWP_ROLLED_BACK; /* also if another says so */
		i->memory.report.reason = FWP_REASON_START;
		keep(i, &i->memory.report, 0);
		discard(i);
	}
	if (i->memory.runs > i->release) {
		start(i, i->memory.runs);
		i->say("the image that counts does not start: the installed firmware does");
	}
	return how;
}

static void try(struct image *i, struct update *u)
{
	char file[IMAGE_PATH];

	path(i, u->manifest.release, file);
	if (!rename(i->other, file) && keep(i, &u->report, 1)) {
		i->say("update: trial begins");
		start(i, u->manifest.release);
	}
	unlink(file);
	update_unstarted(u);
}

static void settle(struct image *i, struct update *u)
{
	uint32_t before = i->memory.runs;
	char file[IMAGE_PATH];

	i->memory.runs = i->release;
	if (!keep(i, &u->report, 0)) {
		i->memory.runs = before;
		return; /* and again */
	}
	u->changed = 0;
	u->todo = UPDATE_NOTHING;
	path(i, before, file);
	if (before && before != i->release)
		unlink(file);
}

static void go_back(struct image *i, struct update *u)
{
	const char *first = getenv(INSTALLED);
	char program[IMAGE_PATH];

	keep(i, &u->report, 0); /* without it, the installed one says why by itself */
	discard(i);
	i->say("update: going back");
	snprintf(program, sizeof program, "%s", first ? first : i->argv[0]);
	unsetenv(INSTALLED);
	execv(program, i->argv);
	exit(1); /* who watches over this starts the installed one */
}

void image_work(struct image *i, struct load *l, struct update *u)
{
	switch (u->todo) {
	case UPDATE_TRY:
		u->todo = UPDATE_NOTHING;
		try(i, u);
		break;
	case UPDATE_KEEP:
		settle(i, u);
		return;
	case UPDATE_GO_BACK:
		go_back(i, u);
		break;
	case UPDATE_LOAD:
		u->todo = UPDATE_NOTHING;
		load_begin(l, u);
		break;
	case UPDATE_DROP:
		u->todo = UPDATE_NOTHING;
		load_end(l);
		unlink(i->other);
		break;
	case UPDATE_NOTHING:
		break;
	}
	if (u->changed && u->todo == UPDATE_NOTHING && keep(i, &u->report, 0))
		u->changed = 0;
}
