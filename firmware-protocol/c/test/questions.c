/* SPDX-License-Identifier: EUPL-1.2 */

#include "questions.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every member by its name in the vectors. This says again, and independently,
 * what the layouts say. */
struct member {
	const char *name;
	enum { WORD, MINUTES, WIDE, TRUTH, TEXT, BYTES, ROWS } kind;
	size_t at;
};

#define M(message, member) offsetof(struct fwp_##message, member)

static const struct member press[] = {{"Boot", WORD, M(press, boot)}, {"Seq", WORD, M(press, seq)},
	{"AgeMS", WORD, M(press, age)}, {"Rev", WIDE, M(press, rev)}, {"Key", WORD, M(press, key)},
	{"Epoch", WORD, M(press, epoch)}, {"Beat", WORD, M(press, beat)}, {"SinceMS", WORD, M(press, since)}, {0}};
static const struct member reply[] = {{"Boot", WORD, M(reply, boot)}, {"Seq", WORD, M(reply, seq)},
	{"Status", WORD, M(reply, status)}, {"Number", TEXT, M(reply, number)}, {"Rev", WIDE, M(reply, rev)}, {0}};
static const struct member set[] = {{"Epoch", WORD, M(set, epoch)}, {"Rev", WIDE, M(set, rev)},
	{"TTLms", WORD, M(set, ttl)}, {"Rows", ROWS, M(set, rows)}, {"Lamp", WORD, M(set, lamp)},
	{"Waiting", WORD, M(set, waiting)}, {"Blank", TRUTH, M(set, blank)},
	{"Late", WORD, M(set, late)}, {"Ring", WORD, M(set, ring)}, {"Flash", WORD, M(set, flash)},
	{"Arrows", TEXT, M(set, arrows)}, {0}};
static const struct member shown[] = {{"Epoch", WORD, M(shown, epoch)}, {"Rev", WIDE, M(shown, rev)},
	{"Blank", WORD, M(shown, blank)}, {"CRC", WORD, M(shown, crc)}, {0}};
static const struct member state[] = {{"Status", WORD, M(state, status)}, {"Boot", WORD, M(state, boot)},
	{"Session", WORD, M(state, session)}, {"Kind", WORD, M(state, kind)}, {"Firmware", TEXT, M(state, firmware)},
	{"Hardware", TEXT, M(state, hardware)}, {"Rows", WORD, M(state, rows)}, {0}};
static const struct member host[] = {{"Epoch", WORD, M(host, epoch)}, {"Online", TRUTH, M(host, online)},
	{"Version", TEXT, M(host, version)}, {0}};
static const struct member heartbeat[] = {{"Epoch", WORD, M(heartbeat, epoch)}, {"Count", WORD, M(heartbeat, count)},
	{"UTCms", WIDE, M(heartbeat, time)}, {"OffsetMin", MINUTES, M(heartbeat, offset)}, {0}};
static const struct member manifest[] = {{"Kind", WORD, M(manifest, kind)}, {"Hardware", TEXT, M(manifest, hardware)},
	{"Release", WORD, M(manifest, release)}, {"Size", WORD, M(manifest, size)},
	{"SHA256", BYTES, M(manifest, sha256_length)}, {"Least", WORD, M(manifest, least)},
	{"Group", WORD, M(manifest, group)}, {0}};
static const struct member offer[] = {{"ID", WORD, M(offer, id)}, {"Manifest", BYTES, M(offer, manifest_length)},
	{"Signature", BYTES, M(offer, signature_length)}, {"Path", TEXT, M(offer, path)}, {"TTLms", WORD, M(offer, ttl)},
	{0}};
static const struct member report[] = {{"Offer", WORD, M(report, offer)}, {"Result", WORD, M(report, result)},
	{"Reason", WORD, M(report, reason)}, {"Release", WORD, M(report, release)}, {"Tried", WORD, M(report, tried)}, {0}};

static const struct member telemetry[] = {{"Loss", WORD, M(telemetry, loss)}, {"Heap", WORD, M(telemetry, heap)},
	{"Uptime", WORD, M(telemetry, uptime)}, {"Dropped", WORD, M(telemetry, dropped)}, {0}};
static const struct member hello[] = {{"Commitment", BYTES, M(hello, commitment_length)}, {"Kind", WORD, M(hello, kind)},
	{"Firmware", TEXT, M(hello, firmware)}, {"Hardware", TEXT, M(hello, hardware)}, {"Rows", WORD, M(hello, rows)}, {0}};
static const struct member challenge[] = {{"Nonce", BYTES, M(challenge, nonce_length)},
	{"Authority", BYTES, M(challenge, authority_length)}, {0}};
static const struct member reveal[] = {{"Nonce", BYTES, M(reveal, nonce_length)}, {0}};
static const struct member grant[] = {{"Device", TEXT, M(grant, device)}, {"Office", TEXT, M(grant, office)},
	{"Password", BYTES, M(grant, password_length)}, {"Authority", BYTES, M(grant, authority_length)}, {0}};

static enum fwp_class decode_manifest(const uint8_t *payload, size_t n, union message *m)
{
	return fwp_decode_manifest(payload, n, &m->manifest);
}

static enum fwp_class decode_offer(const uint8_t *payload, size_t n, union message *m)
{
	return fwp_decode_offer(payload, n, &m->offer);
}

static enum fwp_class decode_hello(const uint8_t *payload, size_t n, union message *m)
{
	return fwp_decode_hello(payload, n, &m->hello);
}

static enum fwp_class decode_challenge(const uint8_t *payload, size_t n, union message *m)
{
	return fwp_decode_challenge(payload, n, &m->challenge);
}

static enum fwp_class decode_reveal(const uint8_t *payload, size_t n, union message *m)
{
	return fwp_decode_reveal(payload, n, &m->reveal);
}

static enum fwp_class decode_grant(const uint8_t *payload, size_t n, union message *m)
{
	return fwp_decode_grant(payload, n, &m->grant);
}

static const struct type types[] = {{"press", fwp_press_layout, NULL, press}, {"reply", fwp_reply_layout, NULL, reply},
	{"set", fwp_set_layout, NULL, set}, {"shown", fwp_shown_layout, NULL, shown}, {"state", fwp_state_layout, NULL, state},
	{"host", fwp_host_layout, NULL, host}, {"heartbeat", fwp_heartbeat_layout, NULL, heartbeat},
	{"manifest", fwp_manifest_layout, decode_manifest, manifest}, {"offer", fwp_offer_layout, decode_offer, offer},
	{"report", fwp_report_layout, NULL, report}, {"telemetry", fwp_telemetry_layout, NULL, telemetry},
	{"hello", fwp_hello_layout, decode_hello, hello}, {"challenge", fwp_challenge_layout, decode_challenge, challenge},
	{"reveal", fwp_reveal_layout, decode_reveal, reveal}, {"grant", fwp_grant_layout, decode_grant, grant}};

const struct type *type_of(const char *name)
{
	size_t i;

	for (i = 0; name && i < sizeof types / sizeof *types; i++)
		if (!strcmp(name, types[i].name))
			return &types[i];
	die("no such type", name);
	return NULL;
}

void say(struct answer *a, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(a->text + a->n, sizeof a->text - a->n, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof a->text - a->n)
		die("the answer is too long", a->text);
	a->n += (size_t)n;
}

void say_hex(struct answer *a, const uint8_t *bytes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		say(a, "%02x", bytes[i]);
	if (!n)
		say(a, "-");
}

static int digit(char c)
{
	const char *digits = "0123456789abcdef", *d = strchr(digits, c);

	if (!c || !d)
		die("not hex", &c);
	return (int)(d - digits);
}

size_t from_hex(const char *hex, uint8_t *bytes, size_t room)
{
	size_t n = 0;

	if (*hex == '-')
		return 0;
	for (; hex[0] && hex[0] != ':' && hex[0] != ','; hex += 2) {
		if (n == room)
			die("too long", hex);
		bytes[n++] = (uint8_t)(digit(hex[0]) << 4 | digit(hex[1]));
	}
	return n;
}

uint8_t *exact_copy(const char *hex, size_t *n)
{
	size_t most = hex ? strlen(hex) / 2 : 0;
	uint8_t *copy = malloc(most ? most : 1);

	if (!copy || !hex)
		die("no payload", "");
	*n = from_hex(hex, copy, most);
	return copy;
}

void die(const char *why, const char *what)
{
	fprintf(stderr, "check: %s: %s\n", why, what);
	exit(2);
}

static void tell_rows(struct answer *a, const struct fwp_set *wanted)
{
	const struct fwp_row *row = wanted->row;
	uint32_t i;

	for (i = 0; i < wanted->rows; i++) {
		say(a, i ? "," : "");
		say_hex(a, (const uint8_t *)row[i].number, strlen(row[i].number));
		say(a, ":");
		say_hex(a, (const uint8_t *)row[i].desk, strlen(row[i].desk));
	}
}

void tell(struct answer *a, const struct type *t, const union message *message)
{
	const struct member *m;

	for (m = t->members; m->name; m++) {
		const uint8_t *at = (const uint8_t *)message + m->at;
		uint32_t word = 0;
		struct fwp_wide wide = {0, 0};

		if (m->kind != TEXT && m->kind != WIDE)
			memcpy(&word, at, sizeof word);
		if (m->kind == WIDE)
			memcpy(&wide, at, sizeof wide);
		if (!word && !wide.low && !wide.high && (m->kind != TEXT || !*at))
			continue;
		say(a, " %s=", m->name);
		switch (m->kind) {
		case WORD:
			say(a, "%lu", (unsigned long)word);
			break;
		case MINUTES:
			say(a, "%ld", (long)(int32_t)word);
			break;
		case WIDE:
			say(a, "%llu", (unsigned long long)wide.high << 32 | wide.low);
			break;
		case TRUTH:
			say(a, "1");
			break;
		case TEXT:
			say_hex(a, at, strlen((const char *)at));
			break;
		case BYTES:
			say_hex(a, at + sizeof word, word);
			break;
		case ROWS:
			tell_rows(a, &message->set);
		}
	}
}

static void set_rows(struct fwp_set *wanted, const char *value)
{
	struct fwp_row *row = wanted->row;

	for (;; row++, value++) {
		if (++wanted->rows > FWP_ROWS)
			return; /* the encoder must refuse it */
		from_hex(value, (uint8_t *)row->number, FWP_CELL - 1);
		value = strchr(value, ':') + 1;
		from_hex(value, (uint8_t *)row->desk, FWP_CELL - 1);
		value = strchr(value, ',');
		if (!value)
			return;
	}
}

void set_field(const struct type *t, union message *message, char *word)
{
	char *value = strchr(word, '=');
	const struct member *m;
	uint8_t *at;
	uint32_t number;
	struct fwp_wide wide;

	if (!value)
		die("no value", word);
	*value++ = 0;
	for (m = t->members; m->name && strcmp(m->name, word);)
		m++;
	if (!m->name)
		die("no such field", word);
	at = (uint8_t *)message + m->at;
	number = (uint32_t)strtoul(value, NULL, 10);
	switch (m->kind) {
	case MINUTES:
		number = (uint32_t)strtol(value, NULL, 10);
		/* fallthrough */
	case WORD:
	case TRUTH:
		memcpy(at, &number, sizeof number);
		break;
	case WIDE:
		wide.low = (uint32_t)strtoull(value, NULL, 10);
		wide.high = (uint32_t)(strtoull(value, NULL, 10) >> 32);
		memcpy(at, &wide, sizeof wide);
		break;
	case TEXT:
		from_hex(value, at, FWP_ID - 1);
		break;
	case BYTES:
		number = (uint32_t)from_hex(value, at + sizeof number, FWP_MANIFEST);
		memcpy(at, &number, sizeof number);
		break;
	case ROWS:
		set_rows(&message->set, value);
	}
}
