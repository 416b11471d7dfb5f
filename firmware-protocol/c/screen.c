/* SPDX-License-Identifier: EUPL-1.2 */

#include "screen.h"

/* Beyond this age a heartbeat is forgotten, long before the clock comes round. */
enum { MOST_AGE = 0x7fffffff };

enum { BEATS_PER_TTL = 5 }; /* 5.7.1 */

void fwp_screen_want(struct fwp_screen *s, const struct fwp_set *set)
{
	s->set = *set;
	s->wanted = 1;
}

void fwp_screen_hear(struct fwp_screen *s, const struct fwp_heartbeat *hb, uint32_t now)
{
	uint32_t beats = hb->count - s->count, interval = s->set.ttl / BEATS_PER_TTL, due, came = now;

	if (hb->epoch == s->epoch) {
		if (hb->count <= s->count)
			return;
		interval += interval / 100; /* clocks do not run alike */
		if (s->wanted && interval && beats < MOST_AGE / interval) {
			due = s->heard + beats * interval;
			if (now - due < MOST_AGE) /* that is: due was before now */
				now = due;
		}
	}
	s->epoch = hb->epoch;
	s->count = hb->count;
	s->heard = now;
	s->came = came;
}

uint32_t fwp_screen_blank(struct fwp_screen *s, uint32_t now)
{
	uint32_t age = now - s->heard;

	if (age >= MOST_AGE)
		s->epoch = 0;
	if (!s->wanted)
		return FWP_BLANK_NO_SET;
	if (!s->epoch || age >= s->set.ttl)
		return FWP_BLANK_NO_HEARTBEAT;
	if (s->epoch != s->set.epoch)
		return FWP_BLANK_OLD_EPOCH;
	return s->set.blank ? FWP_BLANK_WANTED : FWP_NOT_BLANK;
}

static uint32_t crc_byte(uint32_t crc, uint8_t c)
{
	int i;

	crc ^= c;
	for (i = 0; i < 8; i++)
		crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	return crc;
}

static uint32_t crc_cell(uint32_t crc, const char *s, uint8_t end)
{
	while (*s)
		crc = crc_byte(crc, (uint8_t)*s++);
	return crc_byte(crc, end);
}

void fwp_screen_shown(struct fwp_screen *s, uint32_t now, struct fwp_shown *shown)
{
	uint32_t crc = 0xffffffff;
	unsigned i;

	shown->epoch = s->wanted ? s->set.epoch : 0;
	shown->rev.low = s->wanted ? s->set.rev.low : 0;
	shown->rev.high = s->wanted ? s->set.rev.high : 0;
	shown->blank = fwp_screen_blank(s, now);
	shown->crc = 0;
	if (shown->blank)
		return;
	for (i = 0; i < s->set.rows; i++) {
		crc = crc_cell(crc, s->set.row[i].number, 0x1f);
		crc = crc_cell(crc, s->set.row[i].desk, 0x1e);
	}
	shown->crc = ~crc;
}
