-- SPDX-License-Identifier: EUPL-1.2
-- What was promised to citizens, to be judged later.
CREATE TABLE promises (
	ticket TEXT NOT NULL,
	at     INTEGER NOT NULL,
	p10    INTEGER NOT NULL,
	p50    INTEGER NOT NULL,
	p80    INTEGER NOT NULL,
	p90    INTEGER NOT NULL,
	raw    INTEGER NOT NULL, -- p50 before any correction
	PRIMARY KEY (ticket, at)
) STRICT, WITHOUT ROWID;
