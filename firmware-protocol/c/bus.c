/* SPDX-License-Identifier: EUPL-1.2 */

#include "bus.h"

static uint16_t crc16(uint16_t crc, uint8_t c)
{
	int i;

	crc = (uint16_t)(crc ^ c << 8);
	for (i = 0; i < 8; i++)
		crc = (uint16_t)(crc << 1 ^ (crc & 0x8000 ? 0x1021 : 0));
	return crc;
}

/* A sender of bytes without zeros: every block begins with the distance to the
 * zero behind it, or with 255 and no zero (8.3). */
struct stuffing {
	uint8_t *line;
	size_t code, n; /* where the block begins, and where the next byte goes */
};

static void begin(struct stuffing *s)
{
	s->code = s->n++;
	s->line[s->code] = 1;
}

static void put(struct stuffing *s, uint8_t c)
{
	if (s->line[s->code] == 0xff)
		begin(s);
	if (!c) {
		begin(s);
		return;
	}
	s->line[s->n++] = c;
	s->line[s->code]++;
}

size_t fwp_bus_send(uint8_t address, const uint8_t *payload, size_t n, uint8_t *line)
{
	struct stuffing s = {line, 0, 1};
	uint16_t crc = crc16(0xffff, address);
	size_t i;

	if (n > FWP_PAYLOAD)
		return 0;
	line[0] = 0;
	begin(&s);
	put(&s, address);
	for (i = 0; i < n; i++) {
		crc = crc16(crc, payload[i]);
		put(&s, payload[i]);
	}
	put(&s, (uint8_t)(crc >> 8));
	put(&s, (uint8_t)crc);
	line[s.n++] = 0;
	return s.n;
}

static void keep(struct fwp_bus *b, uint8_t c)
{
	if (b->n < FWP_RAW)
		b->raw[b->n] = c;
	if (b->n <= FWP_RAW)
		b->n++;
}

static int end(const struct fwp_bus *b, size_t *n)
{
	uint16_t crc = 0xffff;
	size_t i;

	if (b->n > FWP_RAW)
		return FWP_TOO_LONG;
	if (b->left)
		return FWP_BAD_STUFFING;
	if (b->n < 3)
		return FWP_TRUNCATED;
	for (i = 0; i < b->n; i++)
		crc = crc16(crc, b->raw[i]);
	if (crc) /* a message with its CRC behind it has the CRC 0 */
		return FWP_BAD_CRC;
	*n = b->n - 3u;
	return FWP_BUS_FRAME;
}

int fwp_bus_receive(struct fwp_bus *b, uint8_t byte, size_t *n)
{
	int result;

	if (!byte) {
		if (!b->begun)
			return FWP_BUS_MORE;
		result = end(b, n);
		b->begun = 0;
		b->n = 0;
		return result;
	}
	if (!b->begun || !b->left) {
		if (b->begun && !b->full)
			keep(b, 0);
		b->begun = 1;
		b->left = (uint8_t)(byte - 1);
		b->full = byte == 0xff;
		return FWP_BUS_MORE;
	}
	keep(b, byte);
	b->left--;
	return FWP_BUS_MORE;
}
