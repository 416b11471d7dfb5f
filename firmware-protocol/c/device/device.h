/* SPDX-License-Identifier: EUPL-1.2
 *
 * A box and a panel in one: what they do, without sockets and clocks, so that it
 * can be carried to any board. Times are milliseconds of the device's own clock,
 * which may wrap around.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include "face.h"
#include "update.h"
#include "wire.h"

enum { DEVICE_TOPIC = 96, DEVICE_PASSWORD = 128 };

struct device {
	/* Set these before device_start; the texts stay the caller's. */
	const char *office, *id;
	const uint8_t *password;
	size_t password_size;           /* at most DEVICE_PASSWORD */
	const char *firmware, *hardware; /* as in 5.5 */
	uint32_t kind;                  /* FWP_BOX or FWP_PANEL */
	uint32_t rows;                  /* how many it can show */
	uint32_t boot;                  /* new at each start, never 0 */
	void (*say)(const char *line);  /* tells people what happens, one line at a time */
	struct update update;           /* without verify it takes no offers */

	/* Set these at any time, for telemetry; 0: not known, and a cable. */
	uint32_t heap; /* bytes */
	uint32_t loss; /* dB */

	struct wire wire;
	uint32_t session; /* connections of this boot */
	char state_topic[DEVICE_TOPIC], event_topic[DEVICE_TOPIC], shown_topic[DEVICE_TOPIC], result_topic[DEVICE_TOPIC];
	char reply_topic[DEVICE_TOPIC], set_topic[DEVICE_TOPIC], beat_topic[DEVICE_TOPIC], command_topic[DEVICE_TOPIC];
	char telemetry_topic[DEVICE_TOPIC];

	struct fwp_screen screen;
	struct fwp_shown shown; /* what was reported last on this connection */
	uint32_t reported;      /* 0: nothing yet */
	uint32_t status;        /* that was published last */
	uint32_t offers;        /* 1: this host makes them (2.4) */

	uint32_t seq;           /* of the last press */
	struct fwp_press press; /* that waits for its reply */
	uint32_t pending;       /* 0: none does */
	uint32_t pressed, sent; /* when it was pressed and last sent */
	uint32_t unsent;        /* 1: it has not been sent yet */

	enum face_lamp lamp;   /* what the lamp does */
	enum face_sound sound; /* the last one, and when it began */
	uint32_t sounded;

	uint32_t uptime, counted; /* seconds, and when they were counted */
	uint32_t dropped;         /* messages that it could not use */
	uint32_t measured;        /* uptime of the next telemetry */

	char face[4][FACE_LINE]; /* what was said last of rows, lamp, waiting, revision */
};

/* device_start gives 0 if the office or the device has no valid id (2.3), or the
 * password is too long. A device that takes updates goes on with update_started. */
int device_start(struct device *d, uint32_t now);

/* device_connect begins a session on a connection that was just made. */
void device_connect(struct device *d, uint32_t now);

/* device_lost says that the connection is gone. */
void device_lost(struct device *d, uint32_t now);

/* device_receive takes bytes of the connection. It gives 0 when the connection
 * must be closed. */
int device_receive(struct device *d, const uint8_t *bytes, size_t n, uint32_t now);

/* device_key takes a press of one of FWP_KEY_NEXT to FWP_KEY_NO_SHOW. While one
 * waits for its reply, others are ignored. */
void device_key(struct device *d, uint32_t key, uint32_t now);

/* device_work does what is due, says what changed, and is to be called after
 * everything else, and at least ten times a second. It gives 0 when the
 * connection must be closed. Send what is in wire.out then. */
int device_work(struct device *d, uint32_t now);

/* device_id tells whether a text is an id (2.3). */
int device_id(const char *s);

#endif
