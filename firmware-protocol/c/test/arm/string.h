/* SPDX-License-Identifier: EUPL-1.2
 *
 * What device/ uses of <string.h>, for make arm.
 */
#ifndef STRING_H
#define STRING_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
int strcmp(const char *a, const char *b);
char *strcpy(char *restrict to, const char *restrict from);
size_t strlen(const char *s);
size_t strspn(const char *s, const char *accept);

#endif
