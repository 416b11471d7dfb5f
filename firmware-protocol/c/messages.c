/* SPDX-License-Identifier: EUPL-1.2 */

#include "layout.h"

const uint8_t fwp_press_layout[] = {
	LAYOUT(1, press, FWP_PAYLOAD, 8, K(1) | K(2) | K(5)),
	NUMBER + AT(press, boot), WORD,
	NUMBER + AT(press, seq), WORD,
	NUMBER + AT(press, age), WORD,
	NUMBER + AT(press, rev), WIDE,
	NUMBER + AT(press, key), BYTE,
	NUMBER + AT(press, epoch), WORD,
	NUMBER + AT(press, beat), WORD,
	NUMBER + AT(press, since), WORD,
};

const uint8_t fwp_reply_layout[] = {
	LAYOUT(2, reply, FWP_PAYLOAD, 5, K(1) | K(2) | K(3)),
	NUMBER + AT(reply, boot), WORD,
	NUMBER + AT(reply, seq), WORD,
	NUMBER + AT(reply, status), BYTE,
	TEXT + AT(reply, number), FWP_CELL - 1,
	NUMBER + AT(reply, rev), WIDE,
};

/* Divides by zero if the rows are not where ROWS says. */
enum { ROWS_STAND_THERE = 1 / (offsetof(struct fwp_set, row) == offsetof(struct fwp_set, rows) + 8) };

const uint8_t fwp_set_layout[] = {
	LAYOUT(3, set, FWP_PAYLOAD, 11, K(1) | K(3)),
	NUMBER + AT(set, epoch), WORD,
	NUMBER + AT(set, rev), WIDE,
	NUMBER + AT(set, ttl), WORD,
	ROWS + AT(set, rows), FWP_ROWS,
	NUMBER + AT(set, lamp), FWP_LAMP_PENDING,
	NUMBER + AT(set, waiting), WORD,
	TRUTH + AT(set, blank), 1,
	NUMBER + AT(set, late), WORD,
	NUMBER + AT(set, ring), WORD,
	NUMBER + AT(set, flash), WORD,
	TEXT + AT(set, arrows), FWP_ROWS,
};

const uint8_t fwp_shown_layout[] = {
	LAYOUT(4, shown, FWP_PAYLOAD, 4, 0),
	NUMBER + AT(shown, epoch), WORD,
	NUMBER + AT(shown, rev), WIDE,
	NUMBER + AT(shown, blank), BYTE,
	NUMBER + AT(shown, crc), WORD,
};

const uint8_t fwp_state_layout[] = {
	LAYOUT(5, state, FWP_STATE_PAYLOAD, 7, K(1) | K(2) | K(3)),
	NUMBER + AT(state, status), BYTE,
	NUMBER + AT(state, boot), WORD,
	NUMBER + AT(state, session), WORD,
	NUMBER + AT(state, kind), BYTE,
	TEXT + AT(state, firmware), FWP_TEXT - 1,
	TEXT + AT(state, hardware), FWP_TEXT - 1,
	NUMBER + AT(state, rows), BYTE,
};

const uint8_t fwp_host_layout[] = {
	LAYOUT(6, host, FWP_PAYLOAD, 3, K(1)),
	NUMBER + AT(host, epoch), WORD,
	TRUTH + AT(host, online), 1,
	TEXT + AT(host, version), FWP_TEXT - 1,
};

const uint8_t fwp_heartbeat_layout[] = {
	LAYOUT(7, heartbeat, FWP_PAYLOAD, 4, K(1) | K(2)),
	NUMBER + AT(heartbeat, epoch), WORD,
	NUMBER + AT(heartbeat, count), WORD,
	NUMBER + AT(heartbeat, time), WIDE,
	MINUTES + AT(heartbeat, offset), 0,
};

const uint8_t fwp_telemetry_layout[] = {
	LAYOUT(11, telemetry, FWP_PAYLOAD, 4, 0),
	NUMBER + AT(telemetry, loss), BYTE,
	NUMBER + AT(telemetry, heap), WORD,
	NUMBER + AT(telemetry, uptime), WORD,
	NUMBER + AT(telemetry, dropped), WORD,
};
