/* SPDX-License-Identifier: EUPL-1.2 */

#include "update.h"

#include <string.h>

/* Milliseconds. */
enum { AGAIN = 1000, SILENCE = 15000, MINUTE = 60000 };

enum { HEARTBEATS = 10 }; /* 9.6 */

static void report(struct update *u, uint32_t result, uint32_t reason)
{
	u->report.result = result;
	u->report.reason = reason;
	u->changed = u->unsent = 1;
}

static void fail(struct update *u, uint32_t reason)
{
	report(u, FWP_FAILED, reason);
	u->stage = UPDATE_IDLE;
	u->todo = UPDATE_DROP;
}

static void go_back(struct update *u, uint32_t reason)
{
	report(u, FWP_ROLLED_BACK, reason);
	u->stage = UPDATE_IDLE;
	u->todo = UPDATE_GO_BACK;
}

void update_started(struct update *u, enum update_start how, uint32_t now)
{
	u->since = now;
	if (how == UPDATE_AFTER_TRIAL) {
		report(u, FWP_ROLLED_BACK, FWP_REASON_START);
	} else if (how == UPDATE_ON_TRIAL) {
		u->stage = UPDATE_TRIAL;
		if (u->report.tried != u->running.release) /* the image is not what its manifest says */
			go_back(u, FWP_REASON_START);
	} else if (u->report.result == FWP_LOADING) {
		report(u, FWP_FAILED, FWP_REASON_DOWNLOAD); /* the power went meanwhile */
	}
}

void update_offered(struct update *u, const struct fwp_offer *offer, uint32_t now)
{
	uint32_t reason;

	if (!u->verify || u->stage != UPDATE_IDLE || u->todo != UPDATE_NOTHING)
		return; /* 9.4 */
	if (offer->id == u->report.offer)
		return; /* it came twice (1.7) */
	memset(&u->manifest, 0, sizeof u->manifest);
	reason = fwp_offer_check(offer, &u->running, u->verify, u->context, &u->manifest);
	u->report.offer = offer->id;
	u->report.tried = reason == FWP_REASON_SIGNATURE || reason == FWP_REASON_MANIFEST ? 0 : u->manifest.release;
	if (reason) {
		report(u, FWP_REFUSED, reason);
		return;
	}
	report(u, FWP_LOADING, FWP_REASON_NONE);
	u->offer = *offer;
	u->stage = UPDATE_LOADING;
	u->todo = UPDATE_LOAD;
	u->since = now;
	u->loaded = u->waiting = 0;
	sha256_begin(&u->sum);
}

void update_unreached(struct update *u, uint32_t now)
{
	if (u->stage != UPDATE_LOADING)
		return;
	if (u->loaded) {
		fail(u, FWP_REASON_DOWNLOAD);
		return;
	}
	u->waiting = 1;
	u->last = now;
}

void update_loaded(struct update *u, const uint8_t *bytes, size_t n, uint32_t now)
{
	if (u->stage != UPDATE_LOADING)
		return;
	u->last = now;
	if (n > u->manifest.size - u->loaded) { /* more than was signed */
		fail(u, FWP_REASON_DIGEST);
		return;
	}
	u->loaded += (uint32_t)n;
	sha256_add(&u->sum, bytes, n);
}

void update_ended(struct update *u)
{
	uint8_t sum[SHA256_SIZE];

	if (u->stage != UPDATE_LOADING)
		return;
	if (u->loaded != u->manifest.size) {
		fail(u, FWP_REASON_DOWNLOAD);
		return;
	}
	sha256_end(&u->sum, sum);
	if (memcmp(sum, u->manifest.sha256, sizeof sum)) {
		fail(u, FWP_REASON_DIGEST);
		return;
	}
	u->stage = UPDATE_TRIAL;
	u->todo = UPDATE_TRY;
	u->changed = 1;
}

void update_unstarted(struct update *u)
{
	report(u, FWP_ROLLED_BACK, FWP_REASON_START);
	u->stage = UPDATE_IDLE;
}

void update_online(struct update *u, uint32_t now)
{
	if (u->stage != UPDATE_TRIAL || u->connected)
		return;
	u->connected = 1;
	u->last = now;
}

void update_heard(struct update *u, uint32_t epoch)
{
	if (u->stage != UPDATE_TRIAL || !u->connected)
		return;
	if (epoch != u->epoch)
		u->heartbeats = 0;
	u->epoch = epoch;
	if (++u->heartbeats < HEARTBEATS)
		return;
	report(u, FWP_CONFIRMED, FWP_REASON_NONE);
	u->stage = UPDATE_IDLE;
	u->todo = UPDATE_KEEP;
}

static void load(struct update *u, uint32_t now)
{
	if (u->loaded) {
		if (now - u->last >= SILENCE)
			fail(u, FWP_REASON_DOWNLOAD);
	} else if (now - u->since >= u->offer.ttl) {
		fail(u, FWP_REASON_EXPIRED);
	} else if (u->waiting && now - u->last >= AGAIN) {
		u->waiting = 0;
		u->todo = UPDATE_LOAD;
	}
}

void update_work(struct update *u, uint32_t now)
{
	if (u->stage == UPDATE_LOADING)
		load(u, now);
	else if (u->stage == UPDATE_TRIAL && u->todo == UPDATE_NOTHING) {
		if (!u->connected && now - u->since >= MINUTE)
			go_back(u, FWP_REASON_CONNECTION);
		else if (u->connected && now - u->last >= MINUTE)
			go_back(u, FWP_REASON_HEARTBEATS);
	}
}
