/* SPDX-License-Identifier: EUPL-1.2
 *
 * What device/ uses of <stdio.h>, for make arm.
 */
#ifndef STDIO_H
#define STDIO_H

#include <stddef.h>

int snprintf(char *restrict to, size_t size, const char *restrict format, ...);

#endif
