// SPDX-License-Identifier: EUPL-1.2

// Package accounts is the register of the people who log in: who they are, by which
// secret each proves it, and the audit of what they did.
//
// A clerk has a PIN of six digits, which counts only at a browser that belongs to a
// counter; managers and admins have a password. Of both the argon2id hash is kept. Wrong
// secrets slow down their account, also across a restart, and where they come from.
//
// What somebody does with the queue stands in the journal under the workplace's name. The
// audit says who sat there, and what was done outside of the journal. Entries about clerks
// are deleted after 72 hours. No name of a person ever stands in an address, a log line
// or a metric.
package accounts
