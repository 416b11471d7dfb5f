/* SPDX-License-Identifier: EUPL-1.2
 *
 * All that a box and a panel in one use of the codec, to measure its size. It is
 * linked, never run; what it has itself is not counted.
 */
#include "fwproto.h"

void device(void);
extern volatile uintptr_t sink;
volatile uintptr_t sink;

void device(void)
{
	static const uint8_t *const received[] = {fwp_host_layout, fwp_reply_layout, fwp_set_layout, fwp_heartbeat_layout};
	static const uint8_t *const sent[] = {fwp_press_layout, fwp_shown_layout, fwp_state_layout};

	sink = (uintptr_t)received ^ (uintptr_t)sent ^ (uintptr_t)fwp_decode ^ (uintptr_t)fwp_encode;
}
