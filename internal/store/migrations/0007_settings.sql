-- SPDX-License-Identifier: EUPL-1.2
-- The configurations that were in force, the newest last, word for word. The file is what
-- counts; this says how it came to be as it is.
CREATE TABLE configurations (
	seq  INTEGER PRIMARY KEY,
	at   INTEGER NOT NULL,
	by   TEXT NOT NULL, -- the account or access; 'file': somebody edited the file
	what TEXT NOT NULL, -- the sections that differ from the one before, with spaces between
	text TEXT NOT NULL  -- YAML
) STRICT;
