/* SPDX-License-Identifier: EUPL-1.2
 *
 * Messages as text, for check.c.
 */
#ifndef QUESTIONS_H
#define QUESTIONS_H

#include "offer.h"
#include "pairing.h"

struct answer {
	char text[1 << 16];
	size_t n;
};

/* say appends to an answer, as printf; say_hex appends n bytes, or "-". */
void say(struct answer *a, const char *format, ...);
void say_hex(struct answer *a, const uint8_t *bytes, size_t n);

/* from_hex reads bytes, "-" for none, and gives their number. */
size_t from_hex(const char *hex, uint8_t *bytes, size_t room);

/* exact_copy reads bytes into memory of exactly their number, so that a
 * sanitizer sees whoever reads further. The caller frees it. */
uint8_t *exact_copy(const char *hex, size_t *n);

/* die ends the program: the question makes no sense. */
void die(const char *why, const char *what);

union message {
	struct fwp_press press;
	struct fwp_reply reply;
	struct fwp_set set;
	struct fwp_shown shown;
	struct fwp_state state;
	struct fwp_host host;
	struct fwp_heartbeat heartbeat;
	struct fwp_manifest manifest;
	struct fwp_offer offer;
	struct fwp_report report;
	struct fwp_telemetry telemetry;
	struct fwp_hello hello;
	struct fwp_challenge challenge;
	struct fwp_reveal reveal;
	struct fwp_grant grant;
};

struct type {
	const char *name;
	const uint8_t *layout;
	enum fwp_class (*decode)(const uint8_t *payload, size_t n, union message *m); /* NULL: fwp_decode */
	const struct member *members;
};

/* type_of gives a type by its name, or dies. */
const struct type *type_of(const char *name);

/* tell appends the members of a message that are not 0 or empty. set_field sets
 * one from NAME=VALUE. */
void tell(struct answer *a, const struct type *t, const union message *m);
void set_field(const struct type *t, union message *m, char *word);

/* Questions about device/; board.c has them. */
void ask_sums(struct answer *a, char *words);
void ask_verify(struct answer *a, char *words);
void ask_lamp(struct answer *a, char *words);
void ask_sound(struct answer *a, char *words);
void ask_digits(struct answer *a, char *words);
void ask_trial(struct answer *a, char *words);
void ask_http(struct answer *a, char *words);
void ask_pair(struct answer *a, char *words);

#endif
