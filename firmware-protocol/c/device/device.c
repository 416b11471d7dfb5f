/* SPDX-License-Identifier: EUPL-1.2 */

#include "device.h"

#include <stdio.h>
#include <string.h>

/* Milliseconds. */
enum {
	REPEAT = 1000,    /* 5.1.2 */
	AGE_LIMIT = 5000, /* 5.1.2 */
	ANSWER = 5000,    /* of the broker to CONNECT and SUBSCRIBE */
	PING = 5000,
	SILENCE = 15000
};

enum { KEEP_ALIVE = 10 }; /* seconds, 1.3 */

static int valid_id(const char *s) /* 2.3 */
{
	size_t n = strlen(s);

	return n >= 1 && n <= 32 && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

static void topic(const struct device *d, char *to, const char *leaf)
{
	snprintf(to, DEVICE_TOPIC, "avanti/1/%s/d/%s/%s", d->office, d->id, leaf);
}

int device_start(struct device *d)
{
	if (!valid_id(d->office) || !valid_id(d->id) || strlen(d->password) > 128)
		return 0;
	topic(d, d->state_topic, "state");
	topic(d, d->event_topic, "ev");
	topic(d, d->shown_topic, "shown");
	topic(d, d->reply_topic, "re");
	topic(d, d->set_topic, "set");
	snprintf(d->beat_topic, DEVICE_TOPIC, "avanti/1/%s/hb", d->office);
	return 1;
}

/* room gives where the next packet goes, NULL when the connection is too slow. */
static uint8_t *room(struct device *d)
{
	return DEVICE_OUT - d->out_size < MQTT_PACKET ? NULL : d->out + d->out_size;
}

static uint16_t next_id(struct device *d)
{
	if (!++d->packet_id)
		d->packet_id = 1;
	return d->packet_id;
}

static int publish(struct device *d, const char *to, const uint8_t *payload, size_t n, int retained)
{
	uint8_t *packet = room(d);

	if (!packet)
		return 0;
	d->out_size += mqtt_publish(packet, next_id(d), to, payload, n, retained);
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
	if (status == FWP_ONLINE) {
		s.rows = d->rows;
		strcpy(s.firmware, "reference 1.0.0");
		strcpy(s.hardware, "linux");
	}
	return fwp_encode_state(&s, payload);
}

static void move(struct device *d, enum device_link link, uint32_t now)
{
	d->link = link;
	d->linked = d->heard = d->pinged = now;
}

void device_connect(struct device *d, uint32_t now)
{
	uint8_t will[FWP_PAYLOAD];
	struct mqtt_connect c;

	d->session++;
	d->out_size = 0;
	d->reported = 0;
	memset(&d->reader, 0, sizeof d->reader);
	c.id = d->id;
	c.password = d->password;
	c.will_topic = d->state_topic;
	c.will = will;
	c.will_size = state(d, FWP_LOST, will); /* 5.5.1 */
	c.keep_alive = KEEP_ALIVE;
	d->out_size = mqtt_connect(d->out, &c);
	move(d, DEVICE_CONNECTING, now);
}

void device_lost(struct device *d, uint32_t now)
{
	if (d->link == DEVICE_ONLINE)
		d->say("connection lost");
	move(d, DEVICE_OFFLINE, now);
	d->out_size = 0;
}

static int connected(struct device *d, uint32_t now)
{
	const char *topics[3];
	const uint8_t qos[3] = {1, 1, 0};
	uint8_t payload[FWP_PAYLOAD], *packet;
	char line[DEVICE_LINE];

	if (d->link != DEVICE_CONNECTING || d->reader.length != 2)
		return 0;
	if (d->reader.body[1]) { /* 1.5 */
		snprintf(line, sizeof line, "refused by the broker, code %u", (unsigned)d->reader.body[1]);
		d->say(line);
		return 0;
	}
	if (!publish(d, d->state_topic, payload, state(d, FWP_ONLINE, payload), 1)) /* 5.5.1 */
		return 0;
	packet = room(d);
	if (!packet)
		return 0;
	topics[0] = d->set_topic;
	topics[1] = d->reply_topic;
	topics[2] = d->beat_topic;
	d->out_size += mqtt_subscribe(packet, next_id(d), topics, qos, 3);
	move(d, DEVICE_SUBSCRIBING, now);
	return 1;
}

static int subscribed(struct device *d, uint32_t now)
{
	char line[DEVICE_LINE];
	uint32_t i;

	if (d->link != DEVICE_SUBSCRIBING || d->reader.length != 5)
		return 0;
	for (i = 2; i < 5; i++)
		if (d->reader.body[i] > 1) {
			d->say("a subscription was refused");
			return 0;
		}
	move(d, DEVICE_ONLINE, now);
	snprintf(line, sizeof line, "online, session %lu", (unsigned long)d->session);
	d->say(line);
	return 1;
}

static void replied(struct device *d, const struct fwp_reply *r)
{
	static const char *const names[] = {"?", "ok", "duplicate", "stale", "conflict", "denied", "busy"};
	char line[DEVICE_LINE];

	if (!d->pending || r->boot != d->boot || r->seq != d->press.seq || r->status == FWP_REPLY_BUSY)
		return; /* 5.2.2, 5.2.3 */
	d->pending = 0;
	snprintf(line, sizeof line, "reply %s%s%s", names[r->status <= FWP_REPLY_BUSY ? r->status : 0],
		*r->number ? " " : "", r->number);
	d->say(line);
}

static int is(const struct mqtt_message *m, const char *to)
{
	return m->topic_size == strlen(to) && !memcmp(m->topic, to, m->topic_size);
}

/* arrived takes a message; what is malformed is not heard (3.10). */
static int arrived(struct device *d, uint32_t now)
{
	struct mqtt_message m;
	struct fwp_set set;
	struct fwp_reply reply;
	struct fwp_heartbeat beat;
	uint8_t *packet;

	if (!mqtt_message(&d->reader, &m))
		return 0;
	if (is(&m, d->beat_topic)) {
		if (!fwp_decode_heartbeat(m.payload, m.size, &beat))
			fwp_screen_hear(&d->screen, &beat, now);
	} else if (is(&m, d->set_topic)) {
		if (!fwp_decode_set(m.payload, m.size, &set))
			fwp_screen_want(&d->screen, &set);
	} else if (is(&m, d->reply_topic)) {
		if (!fwp_decode_reply(m.payload, m.size, &reply))
			replied(d, &reply);
	}
	if (!m.id)
		return 1;
	packet = room(d);
	if (!packet)
		return 0;
	d->out_size += mqtt_puback(packet, m.id);
	return 1;
}

int device_receive(struct device *d, const uint8_t *bytes, size_t n, uint32_t now)
{
	int ok = 1;

	d->heard = now;
	for (; ok && n; n--, bytes++) {
		switch (mqtt_read(&d->reader, *bytes)) {
		case 0:
		case MQTT_PUBACK: /* says nothing (1.7) */
		case MQTT_PINGRESP:
			break;
		case MQTT_CONNACK:
			ok = connected(d, now);
			break;
		case MQTT_SUBACK:
			ok = subscribed(d, now);
			break;
		case MQTT_PUBLISH:
			ok = arrived(d, now);
			break;
		default:
			ok = 0;
		}
	}
	return ok;
}

void device_key(struct device *d, uint32_t key, uint32_t now)
{
	char line[DEVICE_LINE];

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
	snprintf(line, sizeof line, "press %lu", (unsigned long)d->press.seq);
	d->say(line);
}

/* repeat sends the press that waits, or gives it up (5.1.2). */
static int repeat(struct device *d, uint32_t now)
{
	uint8_t payload[FWP_PAYLOAD];

	if (!d->pending)
		return 1;
	d->press.age = now - d->pressed;
	d->press.epoch = d->screen.epoch;
	d->press.beat = d->screen.epoch ? d->screen.count : 0;
	if (d->press.age >= AGE_LIMIT) {
		d->pending = 0;
		d->say("alarm: no reply");
		return 1;
	}
	if (d->link != DEVICE_ONLINE || (!d->unsent && now - d->sent < REPEAT))
		return 1;
	d->unsent = 0;
	d->sent = now;
	return publish(d, d->event_topic, payload, fwp_encode_press(&d->press, payload), 0);
}

static int report(struct device *d, const struct fwp_shown *shown)
{
	uint8_t payload[FWP_PAYLOAD];

	if (d->link != DEVICE_ONLINE || (d->reported && !memcmp(shown, &d->shown, sizeof *shown)))
		return 1;
	d->reported = 1;
	d->shown = *shown;
	return publish(d, d->shown_topic, payload, fwp_encode_shown(shown, payload), 1);
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
	static const char *const lamps[] = {"off", "on", "blink", "pending"};
	static const char *const marks[] = {"", "no connection: no set", "no connection: no heartbeat",
		"no connection: old epoch", "dark"};
	const struct fwp_set *set = &d->screen.set;
	uint32_t lamp = d->pending ? FWP_LAMP_PENDING : blank ? FWP_LAMP_OFF : set->lamp;
	char line[DEVICE_LINE] = "shows";
	unsigned i;
	size_t n = strlen(line);

	if (blank)
		snprintf(line, sizeof line, "shows %s", marks[blank]);
	for (i = 0; !blank && i < set->rows && i < d->rows; i++)
		n += (size_t)snprintf(line + n, sizeof line - n, "%s %s at %s", i ? "," : "", set->row[i].number,
			set->row[i].desk);
	face(d, 0, line);
	snprintf(line, sizeof line, "lamp %s", lamps[lamp]);
	face(d, 1, line);
	snprintf(line, sizeof line, "waiting %lu", (unsigned long)(blank ? 0 : set->waiting));
	face(d, 2, line);
	snprintf(line, sizeof line, "revision %llu", (unsigned long long)set->rev.high << 32 | set->rev.low);
	face(d, 3, line);
}

static int tend(struct device *d, uint32_t now)
{
	uint8_t *packet;

	if (d->link == DEVICE_OFFLINE)
		return 1;
	if (d->link != DEVICE_ONLINE)
		return now - d->linked < ANSWER;
	if (now - d->heard >= SILENCE)
		return 0;
	if (now - d->pinged < PING)
		return 1;
	d->pinged = now;
	packet = room(d);
	if (!packet)
		return 0;
	d->out_size += mqtt_ping(packet);
	return 1;
}

int device_work(struct device *d, uint32_t now)
{
	struct fwp_shown shown;
	int ok;

	memset(&shown, 0, sizeof shown);
	fwp_screen_shown(&d->screen, now, &shown);
	ok = repeat(d, now);
	faces(d, shown.blank);
	return report(d, &shown) && ok && tend(d, now);
}
