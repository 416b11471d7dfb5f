/* SPDX-License-Identifier: EUPL-1.2 */

#include "device.h"

#include <stdio.h>
#include <string.h>

/* Milliseconds. */
enum {
	REPEAT = 1000,   /* 5.1.2 */
	AGE_LIMIT = 5000 /* 5.1.2 */
};

enum { TELEMETRY = 60 }; /* seconds, 5.11.1 */

/* What it subscribes to, in this order. */
enum { SET, REPLY, BEAT, COMMAND, TOPICS };

static void say(const struct device *d, const char *what, const char *more)
{
	char line[FACE_LINE];

	snprintf(line, sizeof line, "%s%s", what, more);
	d->say(line);
}

static void say_number(const struct device *d, const char *what, uint32_t n)
{
	char number[12];

	snprintf(number, sizeof number, "%lu", (unsigned long)n);
	say(d, what, number);
}

int device_id(const char *s)
{
	size_t n = strlen(s);

	return n >= 1 && n <= 32 && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

static void topic(const struct device *d, char *to, const char *leaf)
{
	snprintf(to, DEVICE_TOPIC, "avanti/1/%s/d/%s/%s", d->office, d->id, leaf);
}

int device_start(struct device *d, uint32_t now)
{
	if (!device_id(d->office) || !device_id(d->id) || d->password_size > DEVICE_PASSWORD)
		return 0;
	topic(d, d->state_topic, "state");
	topic(d, d->event_topic, "ev");
	topic(d, d->shown_topic, "shown");
	topic(d, d->reply_topic, "re");
	topic(d, d->set_topic, "set");
	topic(d, d->command_topic, "cmd");
	topic(d, d->result_topic, "res");
	topic(d, d->telemetry_topic, "tele");
	snprintf(d->beat_topic, DEVICE_TOPIC, "avanti/1/%s/hb", d->office);
	d->counted = now;
	return 1;
}

static size_t state(const struct device *d, uint32_t status, uint8_t *payload)
{
	struct fwp_state s;

	memset(&s, 0, sizeof s);
	s.status = status;
	s.boot = d->boot;
	s.session = d->session;
	s.kind = d->kind;
	if (status != FWP_LOST) {
		s.rows = d->rows;
		snprintf(s.firmware, sizeof s.firmware, "%s", d->firmware);
		snprintf(s.hardware, sizeof s.hardware, "%s", d->hardware);
	}
	return fwp_encode_state(&s, payload);
}

void device_connect(struct device *d, uint32_t now)
{
	uint8_t will[FWP_PAYLOAD];
	struct mqtt_connect c;

	d->session++;
	d->reported = d->offers = 0;
	d->update.unsent = d->update.report.offer != 0; /* 9.8 */
	c.id = d->id;
	c.password = d->password;
	c.password_size = d->password_size;
	c.will_topic = d->state_topic;
	c.will = will;
	c.will_size = state(d, FWP_LOST, will); /* 5.5.1 */
	wire_connect(&d->wire, &c, now);
}

void device_lost(struct device *d, uint32_t now)
{
	if (d->wire.stage == WIRE_ONLINE)
		d->say("connection lost");
	else if (d->wire.refused)
		say_number(d, "refused by the broker, code ", d->wire.refused); /* 1.5 */
	d->wire.refused = 0;
	wire_lost(&d->wire, now);
}

/* appear publishes what the device is, first of all and when that changes (5.5.1, 9.8). */
static int appear(struct device *d)
{
	uint8_t payload[FWP_PAYLOAD];

	d->status = d->update.stage == UPDATE_IDLE ? FWP_ONLINE : FWP_UPDATING;
	return wire_publish(&d->wire, d->state_topic, payload, state(d, d->status, payload), 1, 1);
}

static int connected(struct device *d, uint32_t now)
{
	static const uint8_t qos[TOPICS] = {1, 1, 0, 1};
	const char *topics[TOPICS];

	topics[SET] = d->set_topic;
	topics[REPLY] = d->reply_topic;
	topics[BEAT] = d->beat_topic;
	topics[COMMAND] = d->command_topic;
	return appear(d) && wire_subscribe(&d->wire, topics, qos, d->update.verify ? TOPICS : COMMAND, now);
}

static int subscribed(struct device *d, uint32_t now)
{
	if (!wire_granted(&d->wire, SET) || !wire_granted(&d->wire, REPLY) || !wire_granted(&d->wire, BEAT)) {
		d->say("a subscription was refused");
		return 0;
	}
	d->offers = d->update.verify && wire_granted(&d->wire, COMMAND);
	update_online(&d->update, now);
	say_number(d, "online, session ", d->session);
	return 1;
}

static void sound(struct device *d, enum face_sound which, uint32_t now)
{
	d->sound = which;
	d->sounded = now;
	say(d, "sound ", face_sounds[which]);
}

static void replied(struct device *d, const struct fwp_reply *r, uint32_t now)
{
	static const char *const names[] = {"?", "ok", "duplicate", "stale", "conflict", "denied", "busy"};
	char line[FACE_LINE];

	if (!d->pending || r->boot != d->boot || r->seq != d->press.seq || r->status == FWP_REPLY_BUSY)
		return; /* 5.2.2, 5.2.3 */
	d->pending = 0;
	snprintf(line, sizeof line, "reply %s%s%s", names[r->status <= FWP_REPLY_BUSY ? r->status : 0],
		*r->number ? " " : "", r->number);
	d->say(line);
	sound(d, face_ended(r->status), now);
}

static int is(const struct mqtt_message *m, const char *to)
{
	return m->topic_size == strlen(to) && !memcmp(m->topic, to, m->topic_size);
}

/* arrived takes a message; what is malformed is not heard (3.10). */
static void arrived(struct device *d, const struct mqtt_message *m, uint32_t now)
{
	union {
		struct fwp_set set;
		struct fwp_reply reply;
		struct fwp_heartbeat beat;
		struct fwp_offer offer;
	} u;
	enum fwp_class c = FWP_UNKNOWN_TYPE;

	if (is(m, d->beat_topic)) {
		c = fwp_decode_heartbeat(m->payload, m->size, &u.beat);
		if (!c) {
			fwp_screen_hear(&d->screen, &u.beat, now);
			update_heard(&d->update, u.beat.epoch);
		}
	} else if (is(m, d->set_topic)) {
		c = fwp_decode_set(m->payload, m->size, &u.set);
		if (!c) {
			if (face_rings(d->screen.wanted ? &d->screen.set : NULL, &u.set))
				sound(d, FACE_RING, now);
			fwp_screen_want(&d->screen, &u.set);
		}
	} else if (is(m, d->reply_topic)) {
		c = fwp_decode_reply(m->payload, m->size, &u.reply);
		if (!c)
			replied(d, &u.reply, now);
	} else if (d->offers && is(m, d->command_topic)) {
		c = fwp_decode_offer(m->payload, m->size, &u.offer);
		if (!c)
			update_offered(&d->update, &u.offer, now);
	}
	d->dropped += c != FWP_OK;
}

int device_receive(struct device *d, const uint8_t *bytes, size_t n, uint32_t now)
{
	struct mqtt_message m;

	for (; n; n--, bytes++) {
		switch (wire_read(&d->wire, *bytes, &m, now)) {
		case WIRE_NOTHING:
			break;
		case WIRE_CONNECTED:
			if (!connected(d, now))
				return 0;
			break;
		case WIRE_SUBSCRIBED:
			if (!subscribed(d, now))
				return 0;
			break;
		case WIRE_MESSAGE:
			arrived(d, &m, now);
			break;
		case WIRE_OVER:
			return 0;
		}
	}
	return 1;
}

void device_key(struct device *d, uint32_t key, uint32_t now)
{
	if (d->pending) {
		d->say("ignored, a press waits for its reply");
		return;
	}
	memset(&d->press, 0, sizeof d->press);
	d->press.boot = d->boot;
	d->press.seq = ++d->seq;
	d->press.key = key;
	d->press.rev = d->screen.set.rev;
	d->pending = d->unsent = 1;
	d->pressed = now;
	say_number(d, "press ", d->press.seq);
}

/* repeat sends the press that waits, or gives it up (5.1.2). */
static int repeat(struct device *d, uint32_t now)
{
	uint8_t payload[FWP_PAYLOAD];

	if (!d->pending)
		return 1;
	d->press.age = now - d->pressed;
	d->press.epoch = d->screen.epoch;
	d->press.beat = d->screen.count;
	d->press.since = now - d->screen.came;
	if (d->press.age >= AGE_LIMIT) {
		d->pending = 0;
		d->say("alarm: no reply");
		sound(d, face_ended(FWP_REPLY_STALE), now); /* 5.2.4 */
		return 1;
	}
	if (d->wire.stage != WIRE_ONLINE || !d->press.epoch || (!d->unsent && now - d->sent < REPEAT))
		return 1; /* without a heartbeat to name it would be stale (5.1.8) */
	d->unsent = 0;
	d->sent = now;
	return wire_publish(&d->wire, d->event_topic, payload, fwp_encode_press(&d->press, payload), 1, 0);
}

static int show(struct device *d, const struct fwp_shown *shown)
{
	uint8_t payload[FWP_PAYLOAD];

	if (d->reported && !memcmp(shown, &d->shown, sizeof *shown))
		return 1;
	d->reported = 1;
	d->shown = *shown;
	return wire_publish(&d->wire, d->shown_topic, payload, fwp_encode_shown(shown, payload), 1, 1);
}

/* report says what became of an offer. */
static int report(struct device *d)
{
	static const char *const results[] = {"", "loading", "confirmed", "refused", "failed", "rolled back"};
	uint8_t payload[FWP_PAYLOAD];
	char line[FACE_LINE];
	struct update *u = &d->update;

	if (!u->unsent || u->todo) /* first the board does it */
		return 1;
	u->unsent = 0;
	u->report.release = u->running.release;
	if (u->report.reason)
		snprintf(line, sizeof line, "update %s, reason %lu", results[u->report.result], (unsigned long)u->report.reason);
	else
		snprintf(line, sizeof line, "update %s", results[u->report.result]);
	d->say(line);
	return !d->offers || wire_publish(&d->wire, d->result_topic, payload, fwp_encode_report(&u->report, payload), 1, 1);
}

static int measure(struct device *d)
{
	uint8_t payload[FWP_PAYLOAD];
	struct fwp_telemetry t;

	if (d->uptime < d->measured)
		return 1;
	d->measured = d->uptime + TELEMETRY;
	t.loss = d->loss;
	t.heap = d->heap;
	t.uptime = d->uptime;
	t.dropped = d->dropped;
	return wire_publish(&d->wire, d->telemetry_topic, payload, fwp_encode_telemetry(&t, payload), 0, 0);
}

static void face(struct device *d, int part, const char *line)
{
	if (!strcmp(d->face[part], line))
		return;
	strcpy(d->face[part], line);
	d->say(line);
}

/* faces says what people see, whatever of it changed (6.2), and the revision, which they do not. */
static void faces(struct device *d, uint32_t blank)
{
	const struct fwp_set *set = &d->screen.set;
	char line[FACE_LINE];

	face_rows(line, set, blank, d->rows);
	face(d, 0, line);
	d->lamp = face_lamp(set, blank, d->pending);
	snprintf(line, sizeof line, "lamp %s", face_lamps[d->lamp]);
	face(d, 1, line);
	snprintf(line, sizeof line, "waiting %lu", (unsigned long)(blank ? 0 : set->waiting));
	face(d, 2, line);
	snprintf(line, sizeof line, "revision %llu", (unsigned long long)set->rev.high << 32 | set->rev.low);
	face(d, 3, line);
}

/* count counts seconds, for the clock in milliseconds comes round. */
static void count(struct device *d, uint32_t now)
{
	uint32_t seconds = (now - d->counted) / 1000;

	d->uptime += seconds;
	d->counted += seconds * 1000;
}

int device_work(struct device *d, uint32_t now)
{
	struct fwp_shown shown;
	int ok;

	memset(&shown, 0, sizeof shown);
	fwp_screen_shown(&d->screen, now, &shown);
	count(d, now);
	update_work(&d->update, now);
	ok = repeat(d, now);
	faces(d, shown.blank);
	if (d->wire.stage == WIRE_ONLINE) {
		if ((d->status == FWP_ONLINE) != (d->update.stage == UPDATE_IDLE))
			ok = ok && appear(d);
		ok = ok && show(d, &shown) && report(d) && measure(d);
	}
	return ok && wire_work(&d->wire, now);
}
