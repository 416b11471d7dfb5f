/* SPDX-License-Identifier: EUPL-1.2
 *
 * The honest display (6): content is shown only while heartbeats of its own
 * epoch arrive.
 */
#ifndef FWPROTO_SCREEN_H
#define FWPROTO_SCREEN_H

#include "fwproto.h"

/* A screen of zeros has received nothing. A device feeds it what it receives
 * and asks it what to show. Times are milliseconds of the device's own clock,
 * which may wrap around. */
struct fwp_screen {
	struct fwp_set set; /* the newest */
	uint32_t wanted;    /* 0: none was received */
	uint32_t epoch;     /* of the last heartbeat; 0: none counts */
	uint32_t count;     /* of it */
	uint32_t heard;     /* when it came, or should have come */
	uint32_t came;      /* when it came */
};

/* fwp_screen_want takes the newest content. */
void fwp_screen_want(struct fwp_screen *s, const struct fwp_set *set);

/* fwp_screen_hear takes a heartbeat that was heard at now. One that was held up
 * on its way counts from when it should have come (6.5). */
void fwp_screen_hear(struct fwp_screen *s, const struct fwp_heartbeat *hb, uint32_t now);

/* fwp_screen_blank gives why the content must not be shown at now; with
 * FWP_NOT_BLANK it must. It is to be asked at least once a day: a heartbeat
 * that is older than 24 days would seem young when the clock has wrapped
 * around. A ttl beyond 24 days counts as 24 days. */
uint32_t fwp_screen_blank(struct fwp_screen *s, uint32_t now);

/* fwp_screen_shown fills in what to report (5.4). */
void fwp_screen_shown(struct fwp_screen *s, uint32_t now, struct fwp_shown *shown);

#endif
