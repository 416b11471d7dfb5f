/* SPDX-License-Identifier: EUPL-1.2
 *
 * One connection to a broker: what is to be sent, what was received, and whether
 * it still lives. Sockets are elsewhere. Times are milliseconds of the device's
 * own clock, which may wrap around.
 */
#ifndef WIRE_H
#define WIRE_H

#include "mqtt.h"

enum { WIRE_OUT = 4 * MQTT_PACKET };

/* How far a connection is. */
enum wire_stage { WIRE_OFFLINE, WIRE_CONNECTING, WIRE_SUBSCRIBING, WIRE_ONLINE };

/* What a byte has brought. */
enum wire_event {
	WIRE_NOTHING,
	WIRE_CONNECTED,  /* now subscribe */
	WIRE_SUBSCRIBED, /* now online */
	WIRE_MESSAGE,
	WIRE_OVER /* close the connection; if refused is not 0, that is the broker's code (1.5) */
};

/* A wire of zeros is offline. */
struct wire {
	/* What is to be sent: out_size bytes of out. Remove what was sent from its
	 * beginning. */
	uint8_t out[WIRE_OUT];
	size_t out_size;

	enum wire_stage stage;
	uint32_t refused;
	uint32_t since, heard, pinged; /* when it got to its stage, when anything came, when a ping went */
	uint16_t packet_id;
	struct mqtt_reader reader;
	size_t topics; /* how many were subscribed to */
};

/* wire_connect begins on a connection that was just made; wire_lost says that it
 * is gone. The keep-alive is filled in. */
void wire_connect(struct wire *w, struct mqtt_connect *c, uint32_t now);
void wire_lost(struct wire *w, uint32_t now);

/* These give 0 when the connection is too slow for more and must be closed. */
int wire_publish(struct wire *w, const char *topic, const uint8_t *payload, size_t n, int qos, int retained);
int wire_subscribe(struct wire *w, const char *const *topics, const uint8_t *qos, size_t n, uint32_t now);

/* wire_read takes a byte. A message is acknowledged at once; it points into the
 * wire and holds until the next byte. */
enum wire_event wire_read(struct wire *w, uint8_t byte, struct mqtt_message *m, uint32_t now);

/* wire_granted tells at WIRE_SUBSCRIBED whether the i-th topic was granted. */
int wire_granted(const struct wire *w, size_t i);

/* wire_work does what is due. It gives 0 when the connection must be closed. */
int wire_work(struct wire *w, uint32_t now);

#endif
