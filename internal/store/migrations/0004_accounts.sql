-- SPDX-License-Identifier: EUPL-1.2
-- People who log in, and what was done in their name. Of secrets there is the argon2id
-- hash and nothing else. An entry of the audit is deleted when it ends: those of clerks
-- after 72 hours.
CREATE TABLE accounts (
	id       TEXT PRIMARY KEY,
	name     TEXT NOT NULL, -- seen by staff only
	role     TEXT NOT NULL, -- admin, manager or clerk
	language TEXT NOT NULL, -- '': the browser's
	secret   TEXT NOT NULL, -- argon2id in PHC form; '': none yet, nobody can log in
	made     INTEGER NOT NULL,
	disabled INTEGER,
	failed   INTEGER NOT NULL, -- wrong secrets since the last right one
	until    INTEGER           -- no secret is looked at before
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
	seq     INTEGER PRIMARY KEY,
	at      INTEGER NOT NULL,
	access  TEXT NOT NULL, -- the workplace, '': none
	account TEXT NOT NULL, -- the person, '': none
	action  TEXT NOT NULL,
	subject TEXT NOT NULL,
	ends    INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_ends ON audit (ends);
