/* SPDX-License-Identifier: EUPL-1.2 */

#include "device/ed25519.h"
#include "device/face.h"
#include "device/fetch.h"
#include "device/pair.h"
#include "device/sha256.h"
#include "device/sha512.h"
#include "device/update.h"
#include "questions.h"

#include <stdlib.h>
#include <string.h>

static uint32_t number(void)
{
	const char *word = strtok(NULL, " ");

	if (!word)
		die("a number is missing", "");
	return (uint32_t)strtoul(word, NULL, 10);
}

void ask_sums(struct answer *a, char *words)
{
	struct sha256 small;
	struct sha512 great;
	uint8_t *bytes, sum[SHA512_SIZE];
	size_t n, half;

	bytes = exact_copy(words, &n);
	half = n / 2;
	sha256_begin(&small);
	sha256_add(&small, bytes, half);
	sha256_add(&small, bytes + half, n - half);
	sha256_end(&small, sum);
	say_hex(a, sum, SHA256_SIZE);
	say(a, " ");
	sha512_begin(&great);
	sha512_add(&great, bytes, half);
	sha512_add(&great, bytes + half, n - half);
	sha512_end(&great, sum);
	say_hex(a, sum, SHA512_SIZE);
	free(bytes);
}

void ask_verify(struct answer *a, char *words)
{
	uint8_t *key, *signature, *message;
	size_t n;

	key = exact_copy(strtok(words, " "), &n);
	signature = exact_copy(strtok(NULL, " "), &n);
	message = exact_copy(strtok(NULL, " "), &n);
	say(a, "%d", ed25519_verify(key, message, n, signature));
	free(key);
	free(signature);
	free(message);
}

void ask_lamp(struct answer *a, char *words)
{
	struct fwp_set set;
	enum face_lamp lamp;
	uint32_t blank, t;

	memset(&set, 0, sizeof set);
	set.lamp = (uint32_t)strtoul(strtok(words, " "), NULL, 10);
	set.late = number();
	blank = number();
	lamp = face_lamp(&set, blank, number());
	say(a, "%s ", face_lamps[lamp]);
	for (t = 0; t < 1000; t += 125)
		say(a, "%d", face_lit(lamp, t));
}

void ask_sound(struct answer *a, char *words)
{
	enum face_sound sound = face_ended((uint32_t)strtoul(words, NULL, 10));
	uint32_t t;

	say(a, "%s ", face_sounds[sound]);
	for (t = 0; t < 1200; t += 100)
		say(a, "%d", face_buzzes(sound, t));
}

void ask_digits(struct answer *a, char *words)
{
	uint32_t t, flashes = 0, dark = 0;
	int lit = 0, now;

	for (t = 0; t < 60000; t += 10) {
		now = face_digits(words, t);
		flashes += (uint32_t)(now && !lit);
		dark = now ? 0 : dark + 10;
		if (dark == 2000) {
			say(a, "%u ", (unsigned)flashes);
			flashes = 0;
		}
		lit = now;
	}
}

/* ask_trial: s HOW RESULT TRIED: the start of release 7; o TIME: online; b EPOCH: a heartbeat; w TIME: what it is doing. */
void ask_trial(struct answer *a, char *words)
{
	struct update u;
	uint32_t now = 0;
	char *step;

	memset(&u, 0, sizeof u);
	u.running.release = 7;
	u.report.offer = 1;
	for (step = strtok(words, " "); step; step = strtok(NULL, " ")) {
		switch (*step) {
		case 's':
			now = number(); /* how */
			u.report.result = number();
			u.report.tried = number();
			update_started(&u, (enum update_start)now, 0);
			break;
		case 'o':
			update_online(&u, number());
			break;
		case 'b':
			update_heard(&u, number());
			break;
		default:
			update_work(&u, number());
			say(a, "%u:%u:%u:%u ", (unsigned)u.stage, (unsigned)u.report.result, (unsigned)u.report.reason, (unsigned)u.todo);
		}
	}
}

void ask_http(struct answer *a, char *words)
{
	struct fetch_head head;
	uint8_t *bytes;
	size_t n, i;
	int end = 0;

	memset(&head, 0, sizeof head);
	bytes = exact_copy(words, &n);
	for (i = 0; i < n && !end; i++)
		end = fetch_read(&head, bytes[i]);
	say(a, end > 0 ? "image at %u" : end < 0 ? "none at %u" : "more at %u", (unsigned)i);
	free(bytes);
}

static void silent(const char *line)
{
	(void)line;
}

static int not_random(uint8_t *bytes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		bytes[i] = (uint8_t)(16 + i);
	return 1;
}

void ask_pair(struct answer *a, char *words)
{
	static struct pair p;
	uint8_t *bytes;
	size_t n;
	int ok;

	bytes = exact_copy(words, &n);
	memset(&p, 0, sizeof p);
	p.name = "maker-0042";
	p.code = "k7m2p9qr";
	p.firmware = p.hardware = "check";
	p.kind = FWP_PANEL;
	p.rows = 1;
	p.say = silent;
	p.random = not_random;
	ok = pair_start(&p) && pair_connect(&p, 0) && pair_receive(&p, bytes, n, 10);
	ok = pair_work(&p, 20) && ok;
	say(a, "%s; %u; %s; %s", ok ? "open" : "closed", (unsigned)p.stage, p.number, p.stage == PAIR_DONE ? p.grant.device : "");
	free(bytes);
}
