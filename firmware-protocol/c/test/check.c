/* SPDX-License-Identifier: EUPL-1.2
 *
 * Answers questions about the codec, one a line, or checks answers.
 *
 *	decode TYPE HEX             the fields, or the class of what is wrong
 *	encode TYPE FIELD=VALUE ... the payload, or refused
 *	bus HEX                     what a receiver makes of bytes on a line
 *	frame ADDRESS HEX           the bytes on the line
 *	screen STEP ...             w EPOCH TTL BLANK: a set; h EPOCH TIME: a heartbeat; s TIME: what is shown
 *	device HEX                  whether a device that hears these bytes from its broker keeps the connection, and what it
 *	                            says
 *	press STEP ...              o TIME: online; l TIME: the connection is lost; h EPOCH COUNT TIME: a heartbeat; k TIME: a key;
 *	                            w TIME: the presses that are sent by then, each AGE:EPOCH:BEAT:SINCE
 *	offer VERIFIED FIELD=VALUE ... HEX
 *	                            the reason for which a device with these fields does not take an offer, and what it
 *	                            asked to be verified
 *
 * Numbers are decimal; texts, bytes and payloads are hex, empty ones "-". Rows
 * are NUMBER:DESK,NUMBER:DESK. Fields that are 0 or empty are left out.
 *
 * A line that goes on with " = ANSWER" is checked: then nothing is printed but
 * what is wrong, and at the end how many passed and failed.
 */
#include "bus.h"
#include "device/device.h"
#include "offer.h"
#include "questions.h"
#include "screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const classes[] = {"ok", "TooLong", "Truncated", "NotAMap", "Indefinite", "NonMinimalInt",
	"Unsupported", "NotASCII", "TooDeep", "BadKey", "UnsortedKeys", "DuplicateKey", "ZeroValue", "TrailingBytes",
	"UnknownType", "BadValue", "MissingKey", "BadStuffing", "BadCRC"};

static void decode(struct answer *a, char *words)
{
	const struct type *t = type_of(strtok(words, " "));
	union message m;
	uint8_t *payload;
	size_t n;
	enum fwp_class c;

	payload = exact_copy(strtok(NULL, " "), &n);
	memset(&m, 0xa5, sizeof m); /* what the decoder leaves alone must show */
	c = t->decode ? t->decode(payload, n, &m) : fwp_decode(t->layout, payload, n, &m);
	free(payload);
	say(a, "%s", classes[c]);
	if (!c)
		tell(a, t, &m);
}

static void encode(struct answer *a, char *words)
{
	const struct type *t = type_of(strtok(words, " "));
	union message m;
	uint8_t buffer[FWP_PAYLOAD];
	size_t n;
	char *word;

	memset(&m, 0, sizeof m);
	while ((word = strtok(NULL, " ")))
		set_field(t, &m, word);
	n = fwp_encode(t->layout, &m, buffer);
	if (n)
		say_hex(a, buffer, n);
	else
		say(a, "refused");
}

static void bus(struct answer *a, char *words)
{
	struct fwp_bus b;
	uint8_t *line;
	size_t n, size = 0, i;
	int first = 1;

	line = exact_copy(words, &n);
	memset(&b, 0, sizeof b);
	for (i = 0; i < n; i++) {
		int result = fwp_bus_receive(&b, line[i], &size);
		if (result == FWP_BUS_MORE)
			continue;
		if (!first)
			say(a, " ");
		first = 0;
		if (result == FWP_BUS_FRAME) {
			say(a, "%02x:", b.raw[0]);
			say_hex(a, b.raw + 1, size);
		} else {
			say(a, "%s", classes[result]);
		}
	}
	if (first)
		say(a, "-");
	free(line);
}

static void frame(struct answer *a, char *words)
{
	uint8_t line[FWP_LINE], *payload;
	unsigned long address = strtoul(strtok(words, " "), NULL, 10);
	size_t n;

	payload = exact_copy(strtok(NULL, " "), &n);
	n = fwp_bus_send((uint8_t)address, payload, n, line);
	if (n)
		say_hex(a, line, n);
	else
		say(a, "refused");
	free(payload);
}

static uint32_t number(void)
{
	return (uint32_t)strtoul(strtok(NULL, " "), NULL, 10);
}

static void screen(struct answer *a, char *words)
{
	struct fwp_screen s;
	struct fwp_set set;
	struct fwp_heartbeat hb;
	struct fwp_shown shown;
	char *step;

	memset(&s, 0, sizeof s);
	memset(&set, 0, sizeof set);
	memset(&hb, 0, sizeof hb);
	for (step = strtok(words, " "); step; step = strtok(NULL, " ")) {
		switch (*step) {
		case 'w':
			set.epoch = number();
			set.ttl = number();
			set.blank = number();
			fwp_screen_want(&s, &set);
			break;
		case 'h':
			hb.epoch = number();
			fwp_screen_hear(&s, &hb, number());
			break;
		default:
			fwp_screen_shown(&s, number(), &shown);
			say(a, "%u:%u ", (unsigned)shown.epoch, (unsigned)shown.blank);
		}
	}
	say(a, ".");
}

static void silent(const char *line)
{
	(void)line;
}

static int start_device(struct device *d)
{
	memset(d, 0, sizeof *d);
	d->office = "piacenza";
	d->id = "box-3";
	d->password = (const uint8_t *)"secret";
	d->password_size = 6;
	d->firmware = d->hardware = "check";
	d->kind = FWP_BOX;
	d->rows = FWP_ROWS;
	d->boot = 1;
	d->say = silent;
	return device_start(d, 0);
}

static void device(struct answer *a, char *words)
{
	static struct device d;
	uint8_t *bytes;
	size_t n;
	int ok;

	bytes = exact_copy(words, &n);
	ok = start_device(&d);
	device_connect(&d, 0);
	device_key(&d, FWP_KEY_NEXT, 0);
	ok = ok && device_receive(&d, bytes, n, 10);
	ok = device_work(&d, 20) && ok;
	free(bytes);
	say(a, "%s; %s; %s; %s; %s", ok ? "open" : "closed", d.face[0], d.face[1], d.face[2], d.face[3]);
}

/* sent tells the presses among the packets that wait to be sent, and sends them. */
static void sent(struct answer *a, struct device *d)
{
	static struct mqtt_reader reader;
	struct mqtt_message m;
	struct fwp_press press;
	size_t i;

	memset(&reader, 0, sizeof reader);
	for (i = 0; i < d->wire.out_size; i++)
		if (mqtt_read(&reader, d->wire.out[i]) == MQTT_PUBLISH && mqtt_message(&reader, &m) &&
			!fwp_decode(fwp_press_layout, m.payload, m.size, &press))
			say(a, "%u:%u:%u:%u ", (unsigned)press.age, (unsigned)press.epoch, (unsigned)press.beat, (unsigned)press.since);
	d->wire.out_size = 0;
}

static void presses(struct answer *a, char *words)
{
	static const uint8_t granted[] = {0x20, 2, 0, 0, 0x90, 5, 0, 2, 1, 1, 0};
	static struct device d;
	struct fwp_heartbeat hb;
	uint32_t now;
	char *step;

	memset(&hb, 0, sizeof hb);
	start_device(&d);
	for (step = strtok(words, " "); step; step = strtok(NULL, " ")) {
		switch (*step) {
		case 'o':
			now = number();
			device_connect(&d, now);
			if (!device_receive(&d, granted, sizeof granted, now))
				die("it does not get online", "");
			break;
		case 'l':
			device_lost(&d, number());
			break;
		case 'h':
			hb.epoch = number();
			hb.count = number();
			fwp_screen_hear(&d.screen, &hb, number());
			break;
		case 'k':
			device_key(&d, FWP_KEY_NEXT, number());
			break;
		default:
			device_work(&d, number());
			sent(a, &d);
		}
	}
	say(a, ".");
}

struct verified {
	int answer;
	struct answer *a;
};

static int verify(void *context, const uint8_t *message, size_t n, const uint8_t *signature)
{
	struct verified *v = context;

	say_hex(v->a, message, n);
	say(v->a, " ");
	say_hex(v->a, signature, FWP_SIGNATURE);
	say(v->a, " ");
	return v->answer;
}

static void offer(struct answer *a, char *words)
{
	struct verified v = {0, a};
	struct fwp_running running;
	char hardware[FWP_TEXT] = "", *word;
	struct fwp_offer o;
	struct fwp_manifest m;
	uint8_t *payload;
	size_t n;

	memset(&running, 0, sizeof running);
	v.answer = *strtok(words, " ") == '1';
	running.hardware = hardware;
	for (word = strtok(NULL, " "); word && strchr(word, '='); word = strtok(NULL, " ")) {
		const char *value = strchr(word, '=') + 1;
		uint32_t x = (uint32_t)strtoul(value, NULL, 10);

		switch (*word) {
		case 'K':
			running.kind = x;
			break;
		case 'R':
			*(word[1] == 'e' ? &running.release : &running.room) = x;
			break;
		case 'G':
			running.group = x;
			break;
		case 'H':
			hardware[from_hex(value, (uint8_t *)hardware, sizeof hardware - 1)] = 0;
		}
	}
	payload = exact_copy(word, &n);
	if (fwp_decode_offer(payload, n, &o))
		say(a, "no offer");
	else
		say(a, "%u", (unsigned)fwp_offer_check(&o, &running, verify, &v, &m));
	free(payload);
}

static void answer(struct answer *a, char *line)
{
	static const struct {
		const char *name;
		void (*ask)(struct answer *, char *);
	} questions[] = {{"decode", decode}, {"encode", encode}, {"bus", bus}, {"frame", frame}, {"screen", screen},
		{"device", device}, {"press", presses}, {"offer", offer}, {"sums", ask_sums}, {"verify", ask_verify}, {"lamp", ask_lamp},
		{"sound", ask_sound}, {"digits", ask_digits}, {"trial", ask_trial}, {"http", ask_http}, {"pair", ask_pair}};
	char *rest = strchr(line, ' ');
	size_t i;

	a->n = 0;
	a->text[0] = 0;
	if (rest)
		*rest++ = 0;
	for (i = 0; rest && i < sizeof questions / sizeof *questions; i++)
		if (!strcmp(line, questions[i].name)) {
			questions[i].ask(a, rest);
			return;
		}
	die("no such question", line);
}

int main(void)
{
	static char line[1 << 16], asked[1 << 16];
	static struct answer a;
	unsigned passed = 0, failed = 0;

	while (fgets(line, sizeof line, stdin)) {
		char *wanted;

		line[strcspn(line, "\n")] = 0;
		if (!line[0] || line[0] == '#')
			continue;
		wanted = strstr(line, " = ");
		if (wanted) {
			*wanted = 0;
			wanted += 3;
		}
		strcpy(asked, line);
		answer(&a, line);
		if (!wanted) {
			puts(a.text);
			fflush(stdout);
		} else if (strcmp(a.text, wanted)) {
			failed++;
			printf("%s\n\tgives %s\n\twant  %s\n", asked, a.text, wanted);
		} else {
			passed++;
		}
	}
	if (passed + failed)
		printf("%u passed, %u failed\n", passed, failed);
	return failed > 0;
}
