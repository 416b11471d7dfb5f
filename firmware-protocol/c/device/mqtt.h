/* SPDX-License-Identifier: EUPL-1.2
 *
 * As much MQTT 3.1.1 as a device needs (SPEC 1): CONNECT with a will, SUBSCRIBE,
 * PUBLISH, PUBACK, PINGREQ. It makes packets and takes packets apart; the bytes
 * are sent and received elsewhere.
 */
#ifndef MQTT_H
#define MQTT_H

#include <stddef.h>
#include <stdint.h>

enum { MQTT_PACKET = 512 }; /* greatest packet, sent or received */

enum {
	MQTT_CONNACK = 2,
	MQTT_PUBLISH = 3,
	MQTT_PUBACK = 4,
	MQTT_SUBACK = 9,
	MQTT_PINGRESP = 13
};

struct mqtt_connect {
	const char *id; /* the user name, too */
	const uint8_t *password;
	size_t password_size;
	const char *will_topic; /* retained, QoS 1; NULL: no will */
	const uint8_t *will;
	size_t will_size;
	uint16_t keep_alive; /* seconds */
};

/* These write a packet into a buffer of MQTT_PACKET bytes and give its length, 0
 * if it does not fit. Packet ids are not 0, but that of a PUBLISH with QoS 0. */
size_t mqtt_connect(uint8_t *packet, const struct mqtt_connect *c);
size_t mqtt_subscribe(uint8_t *packet, uint16_t id, const char *const *topics, const uint8_t *qos, size_t n);
size_t mqtt_publish(uint8_t *packet, uint16_t id, const char *topic, const uint8_t *payload, size_t n, int retained);
size_t mqtt_puback(uint8_t *packet, uint16_t id);
size_t mqtt_ping(uint8_t *packet);

/* A reader of zeros is at the beginning of a connection. */
struct mqtt_reader {
	uint8_t body[MQTT_PACKET];
	uint32_t length, n; /* of the body */
	uint8_t first, state, shift;
};

/* mqtt_read takes one byte. It gives 0 while a packet has not ended, its type
 * when it has, and -1 for what is no MQTT or a packet that is too long: then the
 * connection must be closed. */
int mqtt_read(struct mqtt_reader *r, uint8_t byte);

/* A message that has arrived; it points into the reader. */
struct mqtt_message {
	const char *topic; /* not ended by a zero byte */
	size_t topic_size;
	const uint8_t *payload;
	size_t size;
	uint16_t id; /* to acknowledge; 0: nothing to acknowledge */
};

/* mqtt_message takes a PUBLISH apart that was just read. It gives 0 if that is
 * malformed. */
int mqtt_message(const struct mqtt_reader *r, struct mqtt_message *m);

#endif
