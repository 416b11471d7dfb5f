-- SPDX-License-Identifier: EUPL-1.2
-- What people thought of the service: by group and wait band, never by ticket, counter or
-- clerk. The hour is all that is kept of the time, so that no vote is found beside a visit.
CREATE TABLE votes (
	seq    INTEGER PRIMARY KEY,
	hour   INTEGER NOT NULL, -- the full hour in which it was given
	grp    TEXT NOT NULL,    -- '': not known
	wait   INTEGER NOT NULL, -- ms, the end of its band; -1: not known
	face   TEXT NOT NULL,
	reason TEXT NOT NULL     -- of a red face, '': none was given
) STRICT;
CREATE INDEX votes_hour ON votes (hour);

-- Ballots that were used: each counts once. In the order of their sums, which tells nothing of
-- the order of the votes; those of another day are deleted.
CREATE TABLE ballots (
	day TEXT NOT NULL,
	sum BLOB NOT NULL, -- SHA-256 of the ballot, the first 16 bytes
	PRIMARY KEY (day, sum)
) STRICT, WITHOUT ROWID;
