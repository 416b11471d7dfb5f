/* SPDX-License-Identifier: EUPL-1.2 */

#include "face.h"

#include <stdio.h>
#include <string.h>

const char *const face_lamps[] = {"off", "on", "blink", "pending", "hurry"};
const char *const face_sounds[] = {"silent", "ring", "done", "conflict", "refused"};

enum { FLASH = 250, GAP = 250, PAUSE = 2000 }; /* milliseconds, of digits */

enum face_lamp face_lamp(const struct fwp_set *set, uint32_t blank, uint32_t pending)
{
	if (pending)
		return FACE_PENDING;
	if (blank)
		return FACE_OFF;
	if (set->late && set->lamp != FWP_LAMP_PENDING)
		return FACE_HURRY; /* 5.3.4 */
	return (enum face_lamp)set->lamp;
}

int face_lit(enum face_lamp lamp, uint32_t now)
{
	switch (lamp) {
	case FACE_OFF:
		return 0;
	case FACE_ON:
		return 1;
	case FACE_BLINK:
		return now % 1000 < 500;
	case FACE_HURRY:
		return now % 500 < 250;
	case FACE_PENDING:
		break;
	}
	return now % 250 < 125;
}

int face_buzzes(enum face_sound sound, uint32_t passed)
{
	/* A bit for each tenth of a second. */
	static const uint32_t patterns[] = {0, 0x77, 0x1, 0x5, 0xff};

	return passed < 1000 && patterns[sound] >> passed / 100 & 1;
}

enum face_sound face_ended(uint32_t status)
{
	if (status == FWP_REPLY_OK || status == FWP_REPLY_DUPLICATE)
		return FACE_DONE;
	return status == FWP_REPLY_CONFLICT ? FACE_CONFLICT : FACE_REFUSED;
}

int face_rings(const struct fwp_set *before, const struct fwp_set *set)
{
	return before && before->epoch == set->epoch && set->ring && set->ring != before->ring;
}

int face_digits(const char *digits, uint32_t passed)
{
	uint32_t flashes[4], whole = 0, i;

	for (i = 0; i < 4; i++) {
		flashes[i] = digits[i] == '0' ? 10 : (uint32_t)(digits[i] - '0');
		whole += flashes[i] * (FLASH + GAP) + PAUSE;
	}
	passed %= whole + PAUSE; /* a longer pause before the first */
	for (i = 0; i < 4; i++) {
		if (passed < flashes[i] * (FLASH + GAP))
			return passed % (FLASH + GAP) < FLASH;
		passed -= flashes[i] * (FLASH + GAP);
		if (passed < PAUSE)
			return 0;
		passed -= PAUSE;
	}
	return 0;
}

static const char *arrow(char letter)
{
	switch (letter) {
	case 'u':
		return " up";
	case 'd':
		return " down";
	case 'l':
		return " left";
	case 'r':
		return " right";
	}
	return ""; /* 5.3.3 */
}

void face_rows(char *line, const struct fwp_set *set, uint32_t blank, uint32_t rows)
{
	static const char *const marks[] = {"", "no connection: no set", "no connection: no heartbeat",
		"no connection: old epoch", "dark"};
	size_t n = (size_t)snprintf(line, FACE_LINE, "shows"), letters = strlen(set->arrows);
	uint32_t i;

	if (blank)
		snprintf(line + n, FACE_LINE - n, " %s", marks[blank]);
	for (i = 0; !blank && i < set->rows && i < rows; i++)
		n += (size_t)snprintf(line + n, FACE_LINE - n, "%s %s at %s%s%s", i ? "," : "", set->row[i].number,
			set->row[i].desk, i < letters ? arrow(set->arrows[i]) : "", set->flash >> i & 1 ? " flashing" : "");
}
