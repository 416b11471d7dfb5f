/* SPDX-License-Identifier: EUPL-1.2
 *
 * What people see and hear: which lamp, which sound, which rows. A board with
 * other lamps and buzzers changes this file.
 */
#ifndef FACE_H
#define FACE_H

#include "screen.h"

/* What the lamp does. */
enum face_lamp { FACE_OFF, FACE_ON, FACE_BLINK, FACE_PENDING, FACE_HURRY };

/* What the buzzer says: somebody came (5.3.2), or how a press ended (5.2.4). */
enum face_sound { FACE_SILENT, FACE_RING, FACE_DONE, FACE_CONFLICT, FACE_REFUSED };

enum { FACE_LINE = 448 };

/* face_lamp gives what the lamp does, for a set that is blank for a reason of 5.4,
 * or not. pending: a press waits for its reply. */
enum face_lamp face_lamp(const struct fwp_set *set, uint32_t blank, uint32_t pending);

/* face_lit tells whether that lamp is lit now, 1 or 0. now need not begin anywhere. */
int face_lit(enum face_lamp lamp, uint32_t now);

/* face_buzzes tells whether the buzzer is on so many milliseconds after the
 * sound began; after a second it is not. */
int face_buzzes(enum face_sound sound, uint32_t passed);

/* face_ended gives the sound for a reply's status, 0 for none that came (5.2.4). */
enum face_sound face_ended(uint32_t status);

/* face_rings tells whether a set sounds: before is the one before it, NULL: there was none. */
int face_rings(const struct fwp_set *before, const struct fwp_set *set);

/* face_digits tells whether the lamp of a box without a display is lit so many
 * milliseconds after it began to say four digits (13.6). It says them again and
 * again. */
int face_digits(const char *digits, uint32_t passed);

/* face_rows writes what a display of so many rows shows, as a text of less than
 * FACE_LINE characters. */
void face_rows(char *line, const struct fwp_set *set, uint32_t blank, uint32_t rows);

extern const char *const face_lamps[], *const face_sounds[];

#endif
