// SPDX-License-Identifier: EUPL-1.2

// Package store keeps an office's journal in one SQLite file, with read models for
// the pages beside it: one row a ticket, one row a counter interval, one row a day.
//
// The data directory holds avanti.db, the lock avanti.lock and the directory backups;
// while the journal is open also its write-ahead log avanti.db-wal, of a fixed size
// and reused, and the log's index avanti.db-shm. One process at a time may write; the lock says so.
//
// An append is durable when it returns: journal_mode WAL with synchronous FULL on
// every connection, one transaction with one sync each. Read models are written in
// the same transaction, from the events alone, and can be rebuilt from them.
//
// The package never makes a new journal where one has been: a file that is missing,
// empty or damaged is refused with [ErrDamaged] and the command that restores the
// newest backup.
package store
