/* SPDX-License-Identifier: EUPL-1.2
 *
 * Two places for the firmware, on POSIX: what a boot loader does on a
 * microcontroller. The installed program is started first, always, and starts the
 * image that counts, if that is newer. An image is a program and gets the
 * arguments of the installed one.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include "load.h"
#include "memory.h"

enum { IMAGE_PATH = 1024 };

struct image {
	const char *dir; /* exists, and is the device's own */
	char **argv;
	uint32_t release; /* of this program */
	void (*say)(const char *line);

	struct memory_update memory;
	char file[IMAGE_PATH]; /* of the memory */
	char other[IMAGE_PATH]; /* where an image is loaded to */
};

/* image_start starts the image that counts, or says how this program was
 * started; *report is then what is remembered. */
enum update_start image_start(struct image *i, struct fwp_report *report);

/* image_work keeps what has changed and does what is in todo. */
void image_work(struct image *i, struct load *l, struct update *u);

#endif
