// SPDX-License-Identifier: EUPL-1.2

// Package brokertest holds what every broker of a hall must do, whoever wrote it:
// [TestBroker] is run against the embedded broker and against Debian's Mosquitto.
//
// Where the two may differ, the hall works with both:
//
//   - Refused publications: the embedded broker cuts the device off, Mosquitto
//     acknowledges and forgets.
//   - Refused subscriptions: the embedded broker says so, Mosquitto agrees and then
//     delivers nothing.
//   - A client id that is not the user name: the embedded broker refuses the
//     connection, Mosquitto puts the user name in its place.
//   - A keep-alive beyond a minute: the embedded broker refuses the connection,
//     Mosquitto counts a minute.
//   - A wrong password: CONNACK code 4 from the embedded broker, 5 from Mosquitto.
//   - Payloads: the embedded broker refuses what is no message of the protocol and what
//     is longer than the topic allows; Mosquitto only what is longer than any message.
//   - An event that asks to be kept: the embedded broker throws it away; Mosquitto keeps
//     it, and the daemon's link ignores it and has it removed.
//   - A replaced connection: the embedded broker leaves its will out, Mosquitto publishes
//     it before the next one begins.
//   - A session that asks to be kept: the embedded broker ends it, Mosquitto keeps it and
//     queues for it. Devices do not ask, and a late message does no harm: presses carry
//     their age, contents their epoch.
package brokertest
