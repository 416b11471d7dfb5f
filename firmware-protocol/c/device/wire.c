/* SPDX-License-Identifier: EUPL-1.2 */

#include "wire.h"

#include <string.h>

/* Milliseconds. */
enum {
	ANSWER = 5000, /* of the broker to CONNECT and SUBSCRIBE */
	PING = 5000,
	SILENCE = 15000
};

enum { KEEP_ALIVE = 10 }; /* seconds, 1.3 */

static void move(struct wire *w, enum wire_stage stage, uint32_t now)
{
	w->stage = stage;
	w->since = w->heard = w->pinged = now;
}

void wire_connect(struct wire *w, struct mqtt_connect *c, uint32_t now)
{
	c->keep_alive = KEEP_ALIVE;
	w->refused = 0;
	memset(&w->reader, 0, sizeof w->reader);
	w->out_size = mqtt_connect(w->out, c);
	move(w, WIRE_CONNECTING, now);
}

void wire_lost(struct wire *w, uint32_t now)
{
	w->out_size = 0;
	move(w, WIRE_OFFLINE, now);
}

/* room gives where the next packet goes, NULL when the connection is too slow. */
static uint8_t *room(struct wire *w)
{
	return WIRE_OUT - w->out_size < MQTT_PACKET ? NULL : w->out + w->out_size;
}

static uint16_t next_id(struct wire *w)
{
	if (!++w->packet_id)
		w->packet_id = 1;
	return w->packet_id;
}

int wire_publish(struct wire *w, const char *topic, const uint8_t *payload, size_t n, int qos, int retained)
{
	uint8_t *packet = room(w);

	if (!packet)
		return 0;
	w->out_size += mqtt_publish(packet, qos ? next_id(w) : 0, topic, payload, n, retained);
	return 1;
}

int wire_subscribe(struct wire *w, const char *const *topics, const uint8_t *qos, size_t n, uint32_t now)
{
	uint8_t *packet = room(w);

	if (!packet)
		return 0;
	w->topics = n;
	w->out_size += mqtt_subscribe(packet, next_id(w), topics, qos, n);
	move(w, WIRE_SUBSCRIBING, now);
	return 1;
}

int wire_granted(const struct wire *w, size_t i)
{
	return w->reader.body[2 + i] <= 1;
}

static enum wire_event answered(struct wire *w)
{
	if (w->stage != WIRE_CONNECTING || w->reader.length != 2)
		return WIRE_OVER;
	w->refused = w->reader.body[1];
	return w->refused ? WIRE_OVER : WIRE_CONNECTED;
}

static enum wire_event subscribed(struct wire *w, uint32_t now)
{
	if (w->stage != WIRE_SUBSCRIBING || w->reader.length != 2 + w->topics)
		return WIRE_OVER;
	move(w, WIRE_ONLINE, now);
	return WIRE_SUBSCRIBED;
}

static enum wire_event arrived(struct wire *w, struct mqtt_message *m)
{
	uint8_t *packet;

	if (!mqtt_message(&w->reader, m))
		return WIRE_OVER;
	if (m->id) {
		packet = room(w);
		if (!packet)
			return WIRE_OVER;
		w->out_size += mqtt_puback(packet, m->id);
	}
	return WIRE_MESSAGE;
}

enum wire_event wire_read(struct wire *w, uint8_t byte, struct mqtt_message *m, uint32_t now)
{
	w->heard = now;
	switch (mqtt_read(&w->reader, byte)) {
	case 0:
	case MQTT_PUBACK: /* says nothing (1.7) */
	case MQTT_PINGRESP:
		return WIRE_NOTHING;
	case MQTT_CONNACK:
		return answered(w);
	case MQTT_SUBACK:
		return subscribed(w, now);
	case MQTT_PUBLISH:
		return arrived(w, m);
	}
	return WIRE_OVER;
}

int wire_work(struct wire *w, uint32_t now)
{
	uint8_t *packet;

	if (w->stage == WIRE_OFFLINE)
		return 1;
	if (w->stage != WIRE_ONLINE)
		return now - w->since < ANSWER;
	if (now - w->heard >= SILENCE)
		return 0;
	if (now - w->pinged < PING)
		return 1;
	w->pinged = now;
	packet = room(w);
	if (!packet)
		return 0;
	w->out_size += mqtt_ping(packet);
	return 1;
}
