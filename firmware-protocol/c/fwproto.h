/* SPDX-License-Identifier: EUPL-1.2
 *
 * The messages between the daemon and the boxes and panels of a hall, in C99:
 * one codec for MQTT and for RS-485. ../SPEC.md is the contract; the numbers in
 * these comments are its clauses.
 *
 * Nothing here allocates, keeps anything between two calls, recurses or calls
 * the operating system. Buffers are the caller's. All functions may be called
 * from several threads on different data.
 *
 * A field that is 0 or empty is absent from a message (3.6). Texts are printable
 * ASCII and end with a zero byte, for which their arrays have room. Numbers are
 * words, so that they cost the least code; of a truth, 0 is false and all else
 * is true.
 *
 * Compiled with FWP_DEVICE, the encoder leaves out what only a host sends: then
 * it encodes press, shown, state, report and telemetry. Pairing needs the whole.
 */
#ifndef FWPROTO_H
#define FWPROTO_H

#include <stddef.h>
#include <stdint.h>

/* What is wrong with a payload (3.10). */
enum fwp_class {
	FWP_OK,
	FWP_TOO_LONG,
	FWP_TRUNCATED,
	FWP_NOT_A_MAP,
	FWP_INDEFINITE,
	FWP_NON_MINIMAL_INT,
	FWP_UNSUPPORTED,
	FWP_NOT_ASCII,
	FWP_TOO_DEEP,
	FWP_BAD_KEY,
	FWP_UNSORTED_KEYS,
	FWP_DUPLICATE_KEY,
	FWP_ZERO_VALUE,
	FWP_TRAILING_BYTES,
	FWP_UNKNOWN_TYPE,
	FWP_BAD_VALUE,
	FWP_MISSING_KEY,
	FWP_BAD_STUFFING, /* on a bus only, as the next (8.6) */
	FWP_BAD_CRC
};

/* Sizes (3.1, 4.2). */
enum {
	FWP_PAYLOAD = 256,        /* greatest payload of all messages but state */
	FWP_STATE_PAYLOAD = 1024, /* greatest payload of state */
	FWP_ROWS = 12,            /* most rows of a set */
	FWP_CELL = 8,             /* array of a number or a desk: 7 characters */
	FWP_TEXT = 32,            /* array of a longer text: 31 characters */
	FWP_ID = 36               /* array of an id: 32 characters, and it ends with a word */
};

enum { FWP_KEY_NEXT = 1, FWP_KEY_RECALL, FWP_KEY_START, FWP_KEY_FINISH, FWP_KEY_NO_SHOW };
enum { FWP_REPLY_OK = 1, FWP_REPLY_DUPLICATE, FWP_REPLY_STALE, FWP_REPLY_CONFLICT, FWP_REPLY_DENIED, FWP_REPLY_BUSY };
enum { FWP_LAMP_OFF, FWP_LAMP_ON, FWP_LAMP_BLINK, FWP_LAMP_PENDING };
enum { FWP_NOT_BLANK, FWP_BLANK_NO_SET, FWP_BLANK_NO_HEARTBEAT, FWP_BLANK_OLD_EPOCH, FWP_BLANK_WANTED };
enum { FWP_ONLINE = 1, FWP_ASLEEP, FWP_UPDATING, FWP_LOST };
enum { FWP_BOX = 1, FWP_PANEL };

/* A number of 64 bits. A device compares revisions and sends them back; it need
 * not calculate. */
struct fwp_wide {
	uint32_t low, high;
};

struct fwp_press { /* 5.1 */
	uint32_t boot, seq, age; /* age in milliseconds */
	struct fwp_wide rev;
	uint32_t key, epoch, beat, since; /* since in milliseconds */
};

struct fwp_reply { /* 5.2 */
	uint32_t boot, seq, status;
	struct fwp_wide rev;
	char number[FWP_CELL];
};

struct fwp_row {
	char number[FWP_CELL], desk[FWP_CELL];
};

struct fwp_set { /* 5.3 */
	uint32_t epoch, ttl; /* ttl in milliseconds */
	struct fwp_wide rev;
	uint32_t waiting, blank, late, ring, flash;
	char arrows[FWP_ROWS + 1];
	uint32_t rows; /* how many of row count */
	uint32_t lamp;
	struct fwp_row row[FWP_ROWS];
};

struct fwp_shown { /* 5.4 */
	uint32_t epoch, blank, crc;
	struct fwp_wide rev;
};

struct fwp_state { /* 5.5 */
	uint32_t status, boot, session, kind, rows;
	char firmware[FWP_TEXT], hardware[FWP_TEXT];
};

struct fwp_host { /* 5.6 */
	uint32_t epoch, online;
	char version[FWP_TEXT];
};

struct fwp_heartbeat { /* 5.7 */
	uint32_t epoch, count;
	struct fwp_wide time; /* milliseconds since 1970 UTC */
	int32_t offset;       /* minutes */
};

struct fwp_telemetry { /* 5.11 */
	uint32_t loss, heap, uptime, dropped; /* decibels, bytes, seconds, messages */
};

/* What the codec knows of a message; one for each of them. */
extern const uint8_t fwp_press_layout[], fwp_reply_layout[], fwp_set_layout[], fwp_shown_layout[], fwp_state_layout[],
	fwp_host_layout[], fwp_heartbeat_layout[], fwp_telemetry_layout[];

/* fwp_decode reads a payload of n bytes into the struct that belongs to the
 * layout. It gives FWP_OK, or the class of the first rule that the payload
 * breaks; *message is then not to be used. Keys that it does not know are
 * skipped (3.8). */
enum fwp_class fwp_decode(const uint8_t *layout, const uint8_t *payload, size_t n, void *message);

/* fwp_encode writes the one encoding of a message into a buffer of FWP_PAYLOAD
 * bytes and gives its length. It gives 0 if a required field is 0, or something
 * counted has more than its limit; other limits are the caller's. */
size_t fwp_encode(const uint8_t *layout, const void *message, uint8_t *buffer);

/* The same with the types checked, for what a device sends and receives. */
static inline size_t fwp_encode_press(const struct fwp_press *m, uint8_t *buffer)
{
	return fwp_encode(fwp_press_layout, m, buffer);
}

static inline size_t fwp_encode_shown(const struct fwp_shown *m, uint8_t *buffer)
{
	return fwp_encode(fwp_shown_layout, m, buffer);
}

static inline size_t fwp_encode_state(const struct fwp_state *m, uint8_t *buffer)
{
	return fwp_encode(fwp_state_layout, m, buffer);
}

static inline size_t fwp_encode_telemetry(const struct fwp_telemetry *m, uint8_t *buffer)
{
	return fwp_encode(fwp_telemetry_layout, m, buffer);
}

static inline enum fwp_class fwp_decode_reply(const uint8_t *payload, size_t n, struct fwp_reply *m)
{
	return fwp_decode(fwp_reply_layout, payload, n, m);
}

static inline enum fwp_class fwp_decode_set(const uint8_t *payload, size_t n, struct fwp_set *m)
{
	return fwp_decode(fwp_set_layout, payload, n, m);
}

static inline enum fwp_class fwp_decode_host(const uint8_t *payload, size_t n, struct fwp_host *m)
{
	return fwp_decode(fwp_host_layout, payload, n, m);
}

static inline enum fwp_class fwp_decode_heartbeat(const uint8_t *payload, size_t n, struct fwp_heartbeat *m)
{
	return fwp_decode(fwp_heartbeat_layout, payload, n, m);
}

#endif
