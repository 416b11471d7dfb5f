-- SPDX-License-Identifier: EUPL-1.2
-- The configurations that were in force, newest last, as the pages wrote them.
CREATE TABLE configurations (
	seq  INTEGER PRIMARY KEY,
	at   INTEGER NOT NULL,
	by   TEXT NOT NULL, -- the account or access
	text TEXT NOT NULL  -- YAML
) STRICT;
