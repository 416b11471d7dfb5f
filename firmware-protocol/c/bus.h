/* SPDX-License-Identifier: EUPL-1.2
 *
 * Frames on an RS-485 bus (8): an address, a message, a CRC, without zeros
 * between two zeros.
 */
#ifndef FWPROTO_BUS_H
#define FWPROTO_BUS_H

#include "fwproto.h"

enum {
	FWP_EVERYONE = 0, /* address to which the host speaks to all */
	FWP_ANSWER = 0x80, /* set in the address of what a device sends */
	FWP_RAW = 1 + FWP_PAYLOAD + 2, /* address, payload, CRC */
	FWP_LINE = 2 + FWP_RAW + 2     /* greatest frame on the line */
};

/* fwp_bus_send writes a frame into a buffer of FWP_LINE bytes and gives its
 * length; 0 if n is more than FWP_PAYLOAD. The payload may be empty. */
size_t fwp_bus_send(uint8_t address, const uint8_t *payload, size_t n, uint8_t *line);

/* A receiver of zeros is at the beginning of a line. After a frame, raw[0] is
 * its address and raw[1] its payload, until the next byte is received. */
struct fwp_bus {
	uint8_t raw[FWP_RAW];
	uint16_t n;           /* bytes of raw; more than FWP_RAW: too many came */
	uint8_t begun, left, full;
};

/* What fwp_bus_receive gives beside classes. */
enum { FWP_BUS_MORE = -1, FWP_BUS_FRAME = FWP_OK };

/* fwp_bus_receive takes one byte from the line. It gives FWP_BUS_MORE while a
 * frame has not ended, FWP_BUS_FRAME when one has, with the length of its
 * payload in *n, or the class for which one was dropped: FWP_TOO_LONG,
 * FWP_BAD_STUFFING, FWP_TRUNCATED or FWP_BAD_CRC. */
int fwp_bus_receive(struct fwp_bus *b, uint8_t byte, size_t *n);

#endif
