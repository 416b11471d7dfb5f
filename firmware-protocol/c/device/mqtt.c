/* SPDX-License-Identifier: EUPL-1.2 */

#include "mqtt.h"

#include <string.h>

/* A packet that is being written; n goes on counting when there is no room. */
struct packet {
	uint8_t *p;
	size_t n;
};

static void bytes(struct packet *p, const void *from, size_t n)
{
	if (p->n + n <= MQTT_PACKET)
		memcpy(p->p + p->n, from, n);
	p->n += n;
}

static void byte(struct packet *p, unsigned c)
{
	uint8_t b = (uint8_t)c;

	bytes(p, &b, 1);
}

static void word(struct packet *p, unsigned v)
{
	byte(p, v >> 8);
	byte(p, v);
}

static void field(struct packet *p, const void *from, size_t n)
{
	word(p, (unsigned)n);
	bytes(p, from, n);
}

/* begin leaves three bytes for the head, whose length is not known yet. */
static void begin(struct packet *p, uint8_t *packet)
{
	p->p = packet;
	p->n = 3;
}

/* end writes the head. A short packet has a length of one byte and moves up. */
static size_t end(struct packet *p, unsigned first)
{
	size_t body = p->n - 3;

	if (p->n > MQTT_PACKET)
		return 0;
	p->p[0] = (uint8_t)first;
	p->p[1] = (uint8_t)(body % 128 | 128);
	p->p[2] = (uint8_t)(body / 128);
	if (body < 128) {
		p->p[1] = (uint8_t)body;
		memmove(p->p + 2, p->p + 3, body);
		p->n--;
	}
	return p->n;
}

size_t mqtt_connect(uint8_t *packet, const struct mqtt_connect *c)
{
	struct packet p;

	begin(&p, packet);
	field(&p, "MQTT", 4);
	byte(&p, 4);
	byte(&p, 0x80 | 0x40 | 0x02 | (c->will_topic ? 0x20 | 0x08 | 0x04 : 0)); /* user, password, clean session; will kept, of QoS 1 */
	word(&p, c->keep_alive);
	field(&p, c->id, strlen(c->id));
	if (c->will_topic) {
		field(&p, c->will_topic, strlen(c->will_topic));
		field(&p, c->will, c->will_size);
	}
	field(&p, c->id, strlen(c->id));
	field(&p, c->password, c->password_size);
	return end(&p, 0x10);
}

size_t mqtt_subscribe(uint8_t *packet, uint16_t id, const char *const *topics, const uint8_t *qos, size_t n)
{
	struct packet p;
	size_t i;

	begin(&p, packet);
	word(&p, id);
	for (i = 0; i < n; i++) {
		field(&p, topics[i], strlen(topics[i]));
		byte(&p, qos[i]);
	}
	return end(&p, 0x82);
}

size_t mqtt_publish(uint8_t *packet, uint16_t id, const char *topic, const uint8_t *payload, size_t n, int retained)
{
	struct packet p;

	begin(&p, packet);
	field(&p, topic, strlen(topic));
	if (id)
		word(&p, id);
	bytes(&p, payload, n);
	return end(&p, (id ? 0x32u : 0x30u) | (retained != 0));
}

size_t mqtt_puback(uint8_t *packet, uint16_t id)
{
	struct packet p;

	begin(&p, packet);
	word(&p, id);
	return end(&p, 0x40);
}

size_t mqtt_ping(uint8_t *packet)
{
	memcpy(packet, "\xc0\x00", 2);
	return 2;
}

enum { FIRST, LENGTH, BODY };

int mqtt_read(struct mqtt_reader *r, uint8_t c)
{
	switch (r->state) {
	case FIRST:
		r->first = c;
		r->length = r->n = 0;
		r->shift = 0;
		r->state = LENGTH;
		return 0;
	case LENGTH:
		r->length |= (uint32_t)(c & 127) << r->shift;
		r->shift = (uint8_t)(r->shift + 7);
		if (c & 128)
			return r->shift > 21 ? -1 : 0;
		if (r->length > sizeof r->body)
			return -1;
		r->state = BODY;
		break;
	default:
		r->body[r->n++] = c;
	}
	if (r->n < r->length)
		return 0;
	r->state = FIRST;
	return r->first >> 4 ? r->first >> 4 : -1;
}

int mqtt_message(const struct mqtt_reader *r, struct mqtt_message *m)
{
	size_t at = 2, qos = r->first >> 1 & 3;

	if (qos > 1 || r->length < 2)
		return 0;
	m->topic_size = (size_t)r->body[0] << 8 | r->body[1];
	m->topic = (const char *)r->body + 2;
	at += m->topic_size;
	m->id = 0;
	if (at + 2 * qos > r->length)
		return 0;
	if (qos) {
		m->id = (uint16_t)(r->body[at] << 8 | r->body[at + 1]);
		at += 2;
	}
	m->payload = r->body + at;
	m->size = r->length - at;
	return 1;
}
