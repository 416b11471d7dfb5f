/* SPDX-License-Identifier: EUPL-1.2
 *
 * Firmware offers (9). The check of a signature is the caller's: use the
 * Ed25519 of your platform.
 */
#ifndef FWPROTO_OFFER_H
#define FWPROTO_OFFER_H

#include "fwproto.h"

enum { FWP_MANIFEST = 120, FWP_SIGNATURE = 64, FWP_SHA256 = 32 };

/* In these three, a byte string has its length before it. */
struct fwp_manifest { /* 5.8 */
	uint32_t kind, release, size, least, group;
	uint32_t sha256_length;
	uint8_t sha256[FWP_SHA256];
	char hardware[FWP_TEXT];
};

struct fwp_offer { /* 5.9 */
	uint32_t id, ttl;
	char path[FWP_TEXT];
	uint32_t signature_length;
	uint8_t signature[FWP_SIGNATURE];
	uint32_t manifest_length;
	uint8_t manifest[FWP_MANIFEST];
};

struct fwp_report { /* 5.10 */
	uint32_t offer, result, reason, release, tried;
};

enum { FWP_LOADING = 1, FWP_CONFIRMED, FWP_REFUSED, FWP_FAILED, FWP_ROLLED_BACK };
enum {
	FWP_REASON_NONE,
	FWP_REASON_SIGNATURE,
	FWP_REASON_MANIFEST,
	FWP_REASON_KIND,
	FWP_REASON_HARDWARE,
	FWP_REASON_GROUP,
	FWP_REASON_RELEASE,
	FWP_REASON_LEAST,
	FWP_REASON_SIZE,
	FWP_REASON_EXPIRED,
	FWP_REASON_DOWNLOAD,
	FWP_REASON_DIGEST,
	FWP_REASON_START,
	FWP_REASON_CONNECTION,
	FWP_REASON_HEARTBEATS
};

extern const uint8_t fwp_manifest_layout[], fwp_offer_layout[], fwp_report_layout[];

/* These are fwp_decode and the lengths that must be exact. */
enum fwp_class fwp_decode_manifest(const uint8_t *payload, size_t n, struct fwp_manifest *m);
enum fwp_class fwp_decode_offer(const uint8_t *payload, size_t n, struct fwp_offer *m);

static inline size_t fwp_encode_report(const struct fwp_report *m, uint8_t *buffer)
{
	return fwp_encode(fwp_report_layout, m, buffer);
}

/* What a device is before an update. */
struct fwp_running {
	uint32_t kind, release;
	uint32_t group; /* roll-out group; 0: none */
	uint32_t room;  /* bytes of the greatest image it can take */
	const char *hardware;
};

/* fwp_verify tells whether a signature of 64 bytes over n bytes is that of the
 * maker's key: not 0 if it is. context is what was given to fwp_offer_check. */
typedef int fwp_verify(void *context, const uint8_t *message, size_t n, const uint8_t *signature);

/* fwp_offer_check decides whether the device takes an offer (9.5): it gives
 * FWP_REASON_NONE, and then *m is the manifest, or the first reason against it.
 * It asks verify once, before anything else. */
uint32_t fwp_offer_check(const struct fwp_offer *offer, const struct fwp_running *running, fwp_verify *verify,
	void *context, struct fwp_manifest *m);

#endif
