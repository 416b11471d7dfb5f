-- SPDX-License-Identifier: EUPL-1.2
-- What people thought of the service: by group and wait band, never by ticket or clerk.
CREATE TABLE votes (
	seq    INTEGER PRIMARY KEY,
	hour   INTEGER NOT NULL, -- the full hour in which it was given
	grp    TEXT NOT NULL,
	wait   INTEGER NOT NULL, -- ms, -1: not known
	face   TEXT NOT NULL,
	reason TEXT NOT NULL
) STRICT;
CREATE INDEX votes_hour ON votes (hour);
