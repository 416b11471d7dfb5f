-- SPDX-License-Identifier: EUPL-1.2
-- An avanti.db of format 1, as a script. Never change it: see TestV1 in internal/store.

PRAGMA page_size = 1024;
PRAGMA application_id = 1096176713;
PRAGMA user_version = 1;

BEGIN;

CREATE TABLE event (
	seq     INTEGER PRIMARY KEY,
	at      INTEGER NOT NULL,
	kind    TEXT NOT NULL,
	role    TEXT NOT NULL,
	actor   TEXT NOT NULL,
	request TEXT NOT NULL,
	body    TEXT NOT NULL
) STRICT;

CREATE TABLE projection (
	version INTEGER NOT NULL
) STRICT;

CREATE TABLE day (
	seq    INTEGER PRIMARY KEY,
	date   TEXT NOT NULL,
	opened INTEGER NOT NULL,
	closed INTEGER
) STRICT;

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

CREATE TABLE counter_interval (
	id      INTEGER PRIMARY KEY, -- the seq of the record that began it
	counter TEXT NOT NULL,
	state   TEXT NOT NULL,
	reason  TEXT,
	began   INTEGER NOT NULL,
	ended   INTEGER
) STRICT;

INSERT INTO event VALUES (1, 1795417200007, 'day_opened', 'system', '', '', '{"date":"2026-11-23","next":{"a":7},"issued":{"papers":6}}');
INSERT INTO event VALUES (2, 1795417201007, 'ticket_issued', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"ticket":2,"number":"A007","series":"a","ordinal":7,"service":"papers","class":"normal","channel":"kiosk","language":"ro","due":"2026-11-23T07:15:00Z","slot":"2026-11-23T07:15:00Z","printer":"hall"}');
INSERT INTO event VALUES (3, 1795417202007, 'slip_failed', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"ticket":2,"attempt":1,"fault":"paper-out"}');
INSERT INTO event VALUES (4, 1795417203007, 'slip_requested', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"ticket":2,"attempt":2,"printer":"desk","copy":true}');
INSERT INTO event VALUES (5, 1795417204007, 'slip_unknown', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"ticket":2,"attempt":2,"fault":"unplugged"}');
INSERT INTO event VALUES (6, 1795417205007, 'slip_sent', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"ticket":2,"attempt":2}');
INSERT INTO event VALUES (7, 1795417206007, 'slip_printed', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"ticket":2,"attempt":2,"level":"status"}');
INSERT INTO event VALUES (8, 1795417207007, 'ticket_reclassified', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"ticket":2,"class":"priority"}');
INSERT INTO event VALUES (9, 1795417208007, 'counter_opened', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"counter":"c2"}');
INSERT INTO event VALUES (10, 1795417209007, 'ticket_called', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"ticket":2,"counter":"c2","wait_ms":60000,"reason":"wheelchair"}');
INSERT INTO event VALUES (11, 1795417210007, 'ticket_recalled', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"ticket":2,"counter":"c2","call":2}');
INSERT INTO event VALUES (12, 1795417211007, 'ticket_returned', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"ticket":2,"counter":"c2"}');
INSERT INTO event VALUES (13, 1795417212007, 'clock_stepped', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"by_ms":5000}');
INSERT INTO event VALUES (14, 1795417213007, 'service_started', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"ticket":2,"counter":"c2","walk_ms":20000}');
INSERT INTO event VALUES (15, 1795417214007, 'ticket_parked', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"ticket":2,"counter":"c2","reason":"form","service_ms":90000}');
INSERT INTO event VALUES (16, 1795417215007, 'ticket_transferred', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"ticket":2,"counter":"c2","service":"taxes","to":"c1","due":"2026-11-23T07:15:00Z","service_ms":30000}');
INSERT INTO event VALUES (17, 1795417216007, 'ticket_closed', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"ticket":2,"counter":"c2","end":"served","outcome":"done","reason":"none","service_ms":120000}');
INSERT INTO event VALUES (18, 1795417217007, 'counter_paused', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"counter":"c2","reason":"coffee","until":"2026-11-23T08:15:00Z"}');
INSERT INTO event VALUES (19, 1795417218007, 'counter_closed', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"counter":"c2"}');
INSERT INTO event VALUES (20, 1795417219007, 'settings_changed', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"settings":{"office":"test","name":{"en":"Office","it":"Ufficio"},"zone":"Europe/Rome","languages":["it","ro"],"hours":{"week":[null,[{"from":495,"to":1020}],null,null,null,null,null],"exceptions":[{"date":"2026-12-24","spans":[{"from":480,"to":720}]},{"date":"2026-12-25"}],"stop_before_ms":900000},"groups":[{"id":"desk","name":{"it":"Sportello"}}],"services":[{"id":"papers","group":"desk","series":"a","name":{"it":"Certificati \u0000\"''","ro":"Adeverințe"},"target_ms":600000,"quota":40,"hours":{"week":[null,[{"from":495,"to":1020}],null,null,null,null,null],"exceptions":[{"date":"2026-12-24","spans":[{"from":480,"to":720}]},{"date":"2026-12-25"}],"stop_before_ms":900000}}],"series":[{"id":"a","prefix":"A","width":3,"first":1,"last":999}],"classes":[{"id":"priority","name":{"es":"Prioridad"},"target_ms":300000,"credit_ms":600000,"cap_ms":5400000}],"counters":[{"id":"c1","label":"1","preferred":["papers"],"overflow":["taxes"]}],"rule":{"preset":"appointments-first","target_ms":1200000,"cap_ms":2700000,"tolerance_ms":300000,"late_after_ms":900000},"no_show":{"calls":2,"after_ms":30000,"return_within_ms":900000},"slips":{"on_unknown":"copy","copy_for_ms":60000},"finish_on_next":true,"outcomes":["done"]}}');
INSERT INTO event VALUES (21, 1795417220007, 'day_closed', 'counter', 'c2', '0190b2f4-8f1c-7d3e', '{"date":"2026-11-23"}');

INSERT INTO projection VALUES (1);

INSERT INTO day VALUES (1, '2026-11-23', 1795417200007, 1795417220007);

INSERT INTO ticket VALUES (2, 'A007', 'a', 7, 'papers', 'taxes', 'priority', 'kiosk', 'ro', 1795417201007, 1795418100000, 1795418100000, 2, 1795417209007, 1, 60000, 'c2', 1795417213007, 20000, 240000, 1795417216007, 'served', 'done', 'none', 'desk', 2, 1, 'printed', 'status', NULL);

INSERT INTO counter_interval VALUES (9, 'c2', 'open', NULL, 1795417208007, 1795417217007);
INSERT INTO counter_interval VALUES (18, 'c2', 'paused', 'coffee', 1795417217007, 1795417218007);

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

CREATE INDEX day_date ON day (date);

CREATE UNIQUE INDEX counter_interval_current ON counter_interval (counter) WHERE ended IS NULL;

COMMIT;
