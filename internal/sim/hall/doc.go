// SPDX-License-Identifier: EUPL-1.2

// Package hall plays the people of an office on a running daemon: citizens who
// take tickets at the kiosk, and clerks who call and serve them with boxes and
// pages. It knows the daemon only by its wires: HTTP and MQTT.
package hall
