// SPDX-License-Identifier: EUPL-1.2

// Package web is what people and programs see of the office: pages, the HTTP API
// under /api/v1, the stream of events, /metrics and the health checks.
//
// It decides nothing. A request becomes a command of package queue, a refusal
// becomes a problem document (RFC 9457), and a page is a rendering of the newest
// view. Pages are signalled by the stream and then fetch the part that changed,
// rendered here, so texts and rules exist in one place.
//
// Who may do what stands in one table, rules.go; a route without a line there
// cannot be registered.
package web
