-- SPDX-License-Identifier: EUPL-1.2
-- The first released format. Times are milliseconds since 1970 in UTC.

-- What happened: append-only, gapless, the only truth. Everything else in this
-- file can be rebuilt from it.
CREATE TABLE event (
	seq     INTEGER PRIMARY KEY,
	at      INTEGER NOT NULL,
	kind    TEXT NOT NULL,
	role    TEXT NOT NULL,
	actor   TEXT NOT NULL,
	request TEXT NOT NULL,
	body    TEXT NOT NULL
) STRICT;

-- The only way to find the present without reading the past. Ordinary events are
-- not in it and cost nothing.
CREATE INDEX event_landmark ON event (kind) WHERE kind IN ('day_opened', 'settings_changed');

CREATE TRIGGER event_gapless BEFORE INSERT ON event
WHEN new.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)
BEGIN
	SELECT RAISE(ABORT, 'event: a record goes behind the newest one');
END;

CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN
	SELECT RAISE(ABORT, 'event: what happened does not change');
END;

CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN
	SELECT RAISE(ABORT, 'event: what happened is not forgotten');
END;

-- The version of the rules by which the tables below were written; 0: not yet.
CREATE TABLE projection (
	version INTEGER NOT NULL
) STRICT;

INSERT INTO projection (version) VALUES (0);

-- One row each time the office's day was opened. The tickets and intervals of a day
-- are those with an id between this seq and the next.
CREATE TABLE day (
	seq    INTEGER PRIMARY KEY,
	date   TEXT NOT NULL,
	opened INTEGER NOT NULL,
	closed INTEGER
) STRICT;

CREATE INDEX day_date ON day (date);

-- One row a ticket.
CREATE TABLE ticket (
	id           INTEGER PRIMARY KEY,
	number       TEXT NOT NULL,
	series       TEXT NOT NULL,
	ordinal      INTEGER NOT NULL,
	service      TEXT NOT NULL, -- as issued
	last_service TEXT NOT NULL, -- after the newest transfer
	class        TEXT NOT NULL,
	channel      TEXT NOT NULL,
	language     TEXT NOT NULL,
	issued       INTEGER NOT NULL,
	due          INTEGER NOT NULL,
	slot         INTEGER,
	calls        INTEGER NOT NULL DEFAULT 0, -- recalls included
	first_called INTEGER,
	answered     INTEGER NOT NULL DEFAULT 0, -- the citizen came to a call
	wait_ms      INTEGER, -- before the first call that was answered, else the newest
	counter      TEXT,    -- of the newest call
	started      INTEGER, -- first time
	walk_ms      INTEGER, -- before that
	service_ms   INTEGER NOT NULL DEFAULT 0, -- at all counters together
	closed       INTEGER,
	ending       TEXT,
	outcome      TEXT,
	reason       TEXT,
	slip_printer TEXT,
	slip_attempt INTEGER NOT NULL DEFAULT 0,
	slip_copy    INTEGER NOT NULL DEFAULT 0,
	slip_result  TEXT,
	slip_level   TEXT,
	slip_fault   TEXT
) STRICT;

-- One row each time a counter was open or paused.
CREATE TABLE counter_interval (
	id      INTEGER PRIMARY KEY, -- the seq of the record that began it
	counter TEXT NOT NULL,
	state   TEXT NOT NULL,
	reason  TEXT,
	began   INTEGER NOT NULL,
	ended   INTEGER
) STRICT;

CREATE UNIQUE INDEX counter_interval_current ON counter_interval (counter) WHERE ended IS NULL;
