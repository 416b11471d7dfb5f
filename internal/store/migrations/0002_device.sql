-- SPDX-License-Identifier: EUPL-1.2
-- What is known of the devices besides what happened: one row each, written over.
-- It is no history and cannot be rebuilt; without it estimates begin anew.
CREATE TABLE device (
	id    TEXT PRIMARY KEY,
	state TEXT NOT NULL -- as whoever looks after the device wrote it
) STRICT, WITHOUT ROWID;
