/* SPDX-License-Identifier: EUPL-1.2 */

#include "pair.h"
#include "device.h"

#include <stdio.h>
#include <string.h>

enum { AGAIN = 2000 }; /* milliseconds, 13.4 */

int pair_start(struct pair *p)
{
	size_t code = strlen(p->code);

	if (!device_id(p->name) || code < 8 || code > DEVICE_PASSWORD)
		return 0;
	snprintf(p->user, sizeof p->user, "_pair-%s", p->name);
	snprintf(p->up, sizeof p->up, "avanti/1/_pair/%s/up", p->name);
	snprintf(p->down, sizeof p->down, "avanti/1/_pair/%s/down", p->name);
	return 1;
}

int pair_connect(struct pair *p, uint32_t now)
{
	struct mqtt_connect c;

	if (!p->random(p->nonce, sizeof p->nonce)) /* new for each connection (13.4) */
		return 0;
	memset(&c, 0, sizeof c);
	c.id = p->user;
	c.password = (const uint8_t *)p->code;
	c.password_size = strlen(p->code);
	p->stage = PAIR_WAITING;
	wire_connect(&p->wire, &c, now);
	return 1;
}

void pair_lost(struct pair *p, uint32_t now)
{
	if (p->wire.refused)
		p->say("pairing: nobody waits for this device");
	else if (p->stage == PAIR_HELLO || p->stage == PAIR_COMPARE)
		p->say("pairing: ended by the host");
	p->wire.refused = 0;
	if (p->stage != PAIR_DONE)
		p->stage = PAIR_WAITING;
	wire_lost(&p->wire, now);
}

static int hello(struct pair *p)
{
	struct fwp_hello m;
	struct sha256 s;
	uint8_t payload[FWP_PAYLOAD];

	memset(&m, 0, sizeof m);
	sha256_begin(&s);
	sha256_add(&s, p->nonce, sizeof p->nonce);
	sha256_add(&s, p->name, strlen(p->name));
	sha256_end(&s, m.commitment);
	m.commitment_length = FWP_SUM;
	m.kind = p->kind;
	m.rows = p->rows;
	snprintf(m.firmware, sizeof m.firmware, "%s", p->firmware);
	snprintf(m.hardware, sizeof m.hardware, "%s", p->hardware);
	return wire_publish(&p->wire, p->up, payload, fwp_encode_hello(&m, payload), 1, 0);
}

static int reveal(struct pair *p)
{
	struct fwp_reveal m;
	uint8_t payload[FWP_PAYLOAD];

	memset(&m, 0, sizeof m);
	m.nonce_length = FWP_NONCE;
	memcpy(m.nonce, p->nonce, FWP_NONCE);
	return wire_publish(&p->wire, p->up, payload, fwp_encode_reveal(&m, payload), 1, 0);
}

/* move gets to a stage and says what belongs there; pair_work says it again (13.4). */
static int move(struct pair *p, enum pair_stage stage, uint32_t now)
{
	p->stage = stage;
	p->said = now;
	return stage == PAIR_HELLO ? hello(p) : reveal(p);
}

/* expected tells whether an authority is that of the connection (13.8). */
static int expected(const struct pair *p, const uint8_t *authority, uint32_t n)
{
	if (!p->authority)
		return n == 0;
	return n == FWP_SUM && !memcmp(authority, p->authority, n);
}

/* challenged reveals the nonce and shows the number (13.5). */
static int challenged(struct pair *p, uint32_t now)
{
	struct sha256 s;
	uint8_t sum[SHA256_SIZE];
	uint32_t number;
	char line[64];

	if (!expected(p, p->challenge.authority, p->challenge.authority_length)) {
		p->say("pairing: the hall's TLS is not that of this connection");
		return 0;
	}
	sha256_begin(&s);
	sha256_add(&s, p->nonce, sizeof p->nonce);
	sha256_add(&s, p->challenge.nonce, FWP_NONCE);
	sha256_add(&s, p->challenge.authority, p->challenge.authority_length);
	sha256_add(&s, p->name, strlen(p->name));
	sha256_end(&s, sum);
	number = ((uint32_t)sum[0] << 24 | (uint32_t)sum[1] << 16 | (uint32_t)sum[2] << 8 | sum[3]) % 10000;
	snprintf(p->number, sizeof p->number, "%04u", (unsigned)number);
	p->shown = now;
	snprintf(line, sizeof line, "pairing: compare %s", p->number);
	p->say(line);
	return move(p, PAIR_COMPARE, now);
}

/* granted takes what the office gives. */
static int granted(struct pair *p)
{
	const struct fwp_grant *g = &p->grant;

	if (!device_id(g->device) || !device_id(g->office) || !expected(p, g->authority, g->authority_length))
		return 0;
	p->stage = PAIR_DONE;
	p->say("pairing: done");
	return 1;
}

/* arrived gives 0 if what came does not belong there. */
static int arrived(struct pair *p, const struct mqtt_message *m, uint32_t now)
{
	struct fwp_challenge again;

	if (m->topic_size != strlen(p->down) || memcmp(m->topic, p->down, m->topic_size))
		return 0;
	if (p->stage == PAIR_HELLO)
		return !fwp_decode_challenge(m->payload, m->size, &p->challenge) && challenged(p, now);
	if (p->stage == PAIR_COMPARE && !fwp_decode_grant(m->payload, m->size, &p->grant))
		return granted(p);
	return p->stage == PAIR_COMPARE && !fwp_decode_challenge(m->payload, m->size, &again); /* it came twice (1.7) */
}

int pair_receive(struct pair *p, const uint8_t *bytes, size_t n, uint32_t now)
{
	struct mqtt_message m;
	const char *topics[1];
	static const uint8_t qos[1] = {1};
	int ok = 1;

	topics[0] = p->down;
	for (; ok && n && p->stage != PAIR_DONE; n--, bytes++) {
		switch (wire_read(&p->wire, *bytes, &m, now)) {
		case WIRE_NOTHING:
			break;
		case WIRE_CONNECTED:
			ok = wire_subscribe(&p->wire, topics, qos, 1, now);
			break;
		case WIRE_SUBSCRIBED:
			ok = wire_granted(&p->wire, 0) && move(p, PAIR_HELLO, now);
			break;
		case WIRE_MESSAGE:
			ok = arrived(p, &m, now);
			break;
		case WIRE_OVER:
			ok = 0;
		}
	}
	return ok;
}

int pair_work(struct pair *p, uint32_t now)
{
	int ok = 1;

	if ((p->stage == PAIR_HELLO || p->stage == PAIR_COMPARE) && now - p->said >= AGAIN)
		ok = move(p, p->stage, now);
	return ok && wire_work(&p->wire, now);
}
