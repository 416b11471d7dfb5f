/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a device remembers over a restart: its boot id.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdint.h>

/* memory_boot gives a boot id that this device has never had: random at first,
 * then one more at each start, kept in a file. It is safe on the disk before it
 * is given. Without a file (NULL) it is random each time. It gives 0 if the file
 * cannot be written, or there is no randomness. */
uint32_t memory_boot(const char *file);

#endif
