/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a device remembers over a restart, in files: its boot id, who it is, and
 * how far an update is. A file is written whole and is safe on the disk when a
 * function returns. Functions give 0 when they could not do what they say.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include "offer.h"
#include "pairing.h"

/* memory_random fills bytes with random ones. */
int memory_random(uint8_t *bytes, size_t n);

/* memory_boot gives a boot id that this device has never had: random at first,
 * then one more at each start. Without a file (NULL) it is random each time. It
 * gives 0 if the file cannot be written, or there is no randomness. */
uint32_t memory_boot(const char *file);

/* memory_who reads what a grant gave. It gives -1 if there is no such file, and
 * 0 if that cannot be used: it is damaged, or others than its owner can read it. */
int memory_who(const char *file, struct fwp_grant *who);

/* memory_take keeps it, for the owner's eyes only. */
int memory_take(const char *file, const struct fwp_grant *who);

/* How far an update is. All zeros: there never was one. */
struct memory_update {
	uint32_t runs;  /* the release that counts; 0: the one that was installed */
	uint32_t trial; /* 1: a trial has begun */
	struct fwp_report report;
};

int memory_update(const char *file, struct memory_update *m);
int memory_keep_update(const char *file, const struct memory_update *m);

#endif
