/* SPDX-License-Identifier: EUPL-1.2
 *
 * How a device takes new firmware (9): which offers, what it reports, and when a
 * trial is over. Images, sockets and memory are the board's: after everything
 * else it keeps what has changed, then does what is in todo. Times are
 * milliseconds of the device's own clock, which may wrap around.
 */
#ifndef UPDATE_H
#define UPDATE_H

#include "offer.h"
#include "sha256.h"

enum update_stage { UPDATE_IDLE, UPDATE_LOADING, UPDATE_TRIAL };

/* What the board is to do. */
enum update_todo {
	UPDATE_NOTHING,
	UPDATE_LOAD,   /* load offer.path into the other place */
	UPDATE_DROP,   /* stop loading */
	UPDATE_TRY,    /* start the other place, on trial */
	UPDATE_KEEP,   /* this place, which is on trial, counts from now on */
	UPDATE_GO_BACK /* start the place that counts */
};

/* How a firmware was started. */
enum update_start {
	UPDATE_PLAIN,
	UPDATE_ON_TRIAL,
	UPDATE_AFTER_TRIAL /* a trial began, and neither kept its place nor went back */
};

/* Set running, verify and context; report is what was kept, zeros at first. */
struct update {
	struct fwp_running running; /* the release is that of the firmware that asks */
	fwp_verify *verify;         /* NULL: no offers are taken */
	void *context;              /* of verify */

	struct fwp_report report; /* offer 0: there is none */
	uint32_t changed;         /* 1: report is to be kept; the board sets it back */
	uint32_t unsent;          /* 1: report is to be sent */
	enum update_stage stage;
	enum update_todo todo; /* the board sets it back */
	struct fwp_offer offer;
	struct fwp_manifest manifest;
	struct sha256 sum;
	uint32_t loaded;           /* bytes */
	uint32_t waiting;          /* 1: the download could not begin; again in a second */
	uint32_t since;            /* the offer came, or the trial began */
	uint32_t last;             /* the last byte came, or the last attempt failed, or the trial got online */
	uint32_t connected;        /* 1: the trial got online */
	uint32_t epoch, heartbeats; /* that the trial has heard */
};

/* update_started comes first, once. */
void update_started(struct update *u, enum update_start how, uint32_t now);

/* update_offered takes an offer (9.5). */
void update_offered(struct update *u, const struct fwp_offer *offer, uint32_t now);

/* These say how loading goes on: the host was not reached; bytes came, in order;
 * there are no more. */
void update_unreached(struct update *u, uint32_t now);
void update_loaded(struct update *u, const uint8_t *bytes, size_t n, uint32_t now);
void update_ended(struct update *u);

/* update_unstarted says that the other place could not be started. */
void update_unstarted(struct update *u);

/* update_online says that the device is connected and subscribed, update_heard
 * that it has heard a heartbeat of an epoch since. */
void update_online(struct update *u, uint32_t now);
void update_heard(struct update *u, uint32_t epoch);

/* update_work does what is due. */
void update_work(struct update *u, uint32_t now);

#endif
