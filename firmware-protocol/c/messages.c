/* SPDX-License-Identifier: EUPL-1.2 */

#include "layout.h"

const uint8_t fwp_press_layout[] = {
	LAYOUT(1, press, FWP_PAYLOAD, 7, K(1) | K(2) | K(5)),
	NUMBER, AT(press, boot), 0,
	NUMBER, AT(press, seq), 0,
	NUMBER, AT(press, age), 0,
	LONG, AT(press, rev), 0,
	NUMBER, AT(press, key), 255,
	NUMBER, AT(press, epoch), 0,
	NUMBER, AT(press, beat), 0,
};

const uint8_t fwp_reply_layout[] = {
	LAYOUT(2, reply, FWP_PAYLOAD, 5, K(1) | K(2) | K(3)),
	NUMBER, AT(reply, boot), 0,
	NUMBER, AT(reply, seq), 0,
	NUMBER, AT(reply, status), 255,
	TEXT, AT(reply, number), FWP_CELL - 1,
	LONG, AT(reply, rev), 0,
};

const uint8_t fwp_set_layout[] = {
	LAYOUT(3, set, FWP_PAYLOAD, 11, K(1) | K(3)),
	NUMBER, AT(set, epoch), 0,
	LONG, AT(set, rev), 0,
	NUMBER, AT(set, ttl), 0,
	ROWS, AT(set, rows), 2 * FWP_ROWS,
	NUMBER, AT(set, lamp), FWP_LAMP_PENDING,
	NUMBER, AT(set, waiting), 0,
	TRUTH, AT(set, blank), TRUE,
	NUMBER, AT(set, late), 0,
	NUMBER, AT(set, ring), 0,
	NUMBER, AT(set, flash), 0,
	TEXT, AT(set, arrows), FWP_ROWS,
};

const uint8_t fwp_shown_layout[] = {
	LAYOUT(4, shown, FWP_PAYLOAD, 4, 0),
	NUMBER, AT(shown, epoch), 0,
	LONG, AT(shown, rev), 0,
	NUMBER, AT(shown, blank), 255,
	NUMBER, AT(shown, crc), 0,
};

const uint8_t fwp_state_layout[] = {
	LAYOUT(5, state, FWP_STATE_PAYLOAD, 7, K(1) | K(2) | K(3)),
	NUMBER, AT(state, status), 255,
	NUMBER, AT(state, boot), 0,
	NUMBER, AT(state, session), 0,
	NUMBER, AT(state, kind), 255,
	TEXT, AT(state, firmware), FWP_TEXT - 1,
	TEXT, AT(state, hardware), FWP_TEXT - 1,
	NUMBER, AT(state, rows), 255,
};

const uint8_t fwp_host_layout[] = {
	LAYOUT(6, host, FWP_PAYLOAD, 3, K(1)),
	NUMBER, AT(host, epoch), 0,
	TRUTH, AT(host, online), TRUE,
	TEXT, AT(host, version), FWP_TEXT - 1,
};

const uint8_t fwp_heartbeat_layout[] = {
	LAYOUT(7, heartbeat, FWP_PAYLOAD, 4, K(1) | K(2)),
	NUMBER, AT(heartbeat, epoch), 0,
	NUMBER, AT(heartbeat, count), 0,
	LONG, AT(heartbeat, time), 0,
	MINUTES, AT(heartbeat, offset), 0,
};

const uint8_t fwp_telemetry_layout[] = {
	LAYOUT(11, telemetry, FWP_PAYLOAD, 4, 0),
	NUMBER, AT(telemetry, loss), 255,
	NUMBER, AT(telemetry, heap), 0,
	NUMBER, AT(telemetry, uptime), 0,
	NUMBER, AT(telemetry, dropped), 0,
};
