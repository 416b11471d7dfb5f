/* SPDX-License-Identifier: EUPL-1.2 */

#include "offer.h"
#include "layout.h"

const uint8_t fwp_manifest_layout[] = {
	LAYOUT(8, manifest, FWP_MANIFEST, 7, K(1) | K(2) | K(3) | K(4) | K(5)),
	NUMBER + AT(manifest, kind), BYTE,
	TEXT + AT(manifest, hardware), FWP_TEXT - 1,
	NUMBER + AT(manifest, release), WORD,
	NUMBER + AT(manifest, size), WORD,
	BLOB + AT(manifest, sha256_length), FWP_SHA256,
	NUMBER + AT(manifest, least), WORD,
	NUMBER + AT(manifest, group), BYTE,
};

const uint8_t fwp_offer_layout[] = {
	LAYOUT(9, offer, FWP_PAYLOAD, 5, K(1) | K(2) | K(3) | K(4) | K(5)),
	NUMBER + AT(offer, id), WORD,
	BLOB + AT(offer, manifest_length), FWP_MANIFEST,
	BLOB + AT(offer, signature_length), FWP_SIGNATURE,
	TEXT + AT(offer, path), FWP_TEXT - 1,
	NUMBER + AT(offer, ttl), WORD,
};

const uint8_t fwp_report_layout[] = {
	LAYOUT(10, report, FWP_PAYLOAD, 5, K(1) | K(2) | K(4)),
	NUMBER + AT(report, offer), WORD,
	NUMBER + AT(report, result), BYTE,
	NUMBER + AT(report, reason), BYTE,
	NUMBER + AT(report, release), WORD,
	NUMBER + AT(report, tried), WORD,
};

enum fwp_class fwp_decode_manifest(const uint8_t *payload, size_t n, struct fwp_manifest *m)
{
	enum fwp_class c = fwp_decode(fwp_manifest_layout, payload, n, m);

	return exact(c, &m->sha256_length, FWP_SHA256);
}

enum fwp_class fwp_decode_offer(const uint8_t *payload, size_t n, struct fwp_offer *m)
{
	enum fwp_class c = fwp_decode(fwp_offer_layout, payload, n, m);

	return exact(c, &m->signature_length, FWP_SIGNATURE);
}

static int same(const char *a, const char *b)
{
	for (; *a == *b; a++, b++)
		if (!*a)
			return 1;
	return 0;
}

uint32_t fwp_offer_check(const struct fwp_offer *offer, const struct fwp_running *running, fwp_verify *verify,
	void *context, struct fwp_manifest *m)
{
	if (!verify(context, offer->manifest, offer->manifest_length, offer->signature))
		return FWP_REASON_SIGNATURE;
	if (fwp_decode_manifest(offer->manifest, offer->manifest_length, m))
		return FWP_REASON_MANIFEST;
	if (m->kind != running->kind)
		return FWP_REASON_KIND;
	if (!same(m->hardware, running->hardware))
		return FWP_REASON_HARDWARE;
	if (m->group && m->group != running->group)
		return FWP_REASON_GROUP;
	if (m->release <= running->release)
		return FWP_REASON_RELEASE;
	if (running->release < m->least)
		return FWP_REASON_LEAST;
	if (m->size > running->room)
		return FWP_REASON_SIZE;
	return FWP_REASON_NONE;
}
