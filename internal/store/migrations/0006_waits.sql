-- SPDX-License-Identifier: EUPL-1.2
-- What was told to whoever got a number, and what became of it. It stands beside the
-- journal, as nothing that happens depends on it. Spans are milliseconds from "at".
CREATE TABLE promise (
	ticket  INTEGER PRIMARY KEY,
	at      INTEGER NOT NULL,
	channel TEXT NOT NULL, -- how it was told: slip, or the ticket's channel
	p05     INTEGER NOT NULL,
	p10     INTEGER NOT NULL,
	p50     INTEGER NOT NULL,
	p80     INTEGER NOT NULL,
	p90     INTEGER NOT NULL,
	raw05   INTEGER NOT NULL, -- before any correction
	raw10   INTEGER NOT NULL,
	raw50   INTEGER NOT NULL,
	raw80   INTEGER NOT NULL,
	raw90   INTEGER NOT NULL,
	actual  INTEGER           -- until the call; NULL: not called, so far
) STRICT;

-- How good the promises were that counted: one row for a day of issue, a service and a
-- half hour of the day. Sums are in minutes.
CREATE TABLE quality (
	date    TEXT NOT NULL,
	service TEXT NOT NULL,
	band    INTEGER NOT NULL, -- half hours from midnight, of the local clock
	n       INTEGER NOT NULL,
	hits    INTEGER NOT NULL,
	below   INTEGER NOT NULL,
	inside  INTEGER NOT NULL,
	above   INTEGER NOT NULL,
	off     REAL NOT NULL,
	square  REAL NOT NULL,
	bias    REAL NOT NULL,
	pinball REAL NOT NULL,
	PRIMARY KEY (date, service, band)
) STRICT, WITHOUT ROWID;
