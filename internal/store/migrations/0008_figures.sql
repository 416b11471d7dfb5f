-- SPDX-License-Identifier: EUPL-1.2
-- What managers read, a row each time a day ended: figures by group of services and half
-- hour, as queue/stats writes them. It can be made anew from the events.
CREATE TABLE figures (
	day  INTEGER PRIMARY KEY, -- the seq of the record that opened it
	ends INTEGER NOT NULL,    -- that of the record that ended it
	date TEXT NOT NULL,
	body BLOB NOT NULL
) STRICT;

CREATE INDEX figures_date ON figures (date);
