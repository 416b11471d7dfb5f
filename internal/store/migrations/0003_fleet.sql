-- SPDX-License-Identifier: EUPL-1.2
-- The boxes and displays of the hall: what each must prove, and what was last heard of
-- it. A row is written over. Of secrets there is the SHA-256 sum and nothing else; what
-- the configuration says of a device is not repeated here.
CREATE TABLE fleet (
	id         TEXT PRIMARY KEY,
	kind       TEXT NOT NULL, -- as it was paired; '': never
	counter    TEXT NOT NULL,
	maker      TEXT NOT NULL, -- the name by which its maker knows the piece
	password   BLOB,          -- SHA-256, as it was paired; NULL: never
	configured BLOB,          -- SHA-256 that the configuration had when this was written
	paired     INTEGER,
	revoked    INTEGER,
	heard      TEXT NOT NULL  -- as whoever listens wrote it
) STRICT, WITHOUT ROWID;
