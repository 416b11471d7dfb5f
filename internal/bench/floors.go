// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver
)

// plain is a table with one column in a database with the journal's settings: what a
// durable insert costs at least.
type plain struct {
	db     *sql.DB
	insert *sql.Stmt
	body   []byte
}

func openPlain(ctx context.Context, dir string) (*plain, error) {
	dir, err := os.MkdirTemp(dir, "plain-")
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "plain.db")+
		"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_busy_timeout=5000&_foreign_keys=1")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	for _, s := range []string{
		"PRAGMA page_size=1024", "VACUUM", "PRAGMA wal_autocheckpoint=200",
		"CREATE TABLE plain (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT",
	} {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	insert, err := db.PrepareContext(ctx, "INSERT INTO plain (body) VALUES (?)")
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	p := &plain{db: db, insert: insert, body: bytes.Repeat([]byte("x"), 300)}
	for range 2000 { // a log that still grows costs a second flush
		if err := p.one(ctx); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return p, nil
}

func (p *plain) one(ctx context.Context) error {
	_, err := p.insert.ExecContext(ctx, p.body)
	return err
}

func (p *plain) close() error { return errors.Join(p.insert.Close(), p.db.Close()) }

// exchange is a web server that does nothing but answer, after one durable insert if
// it has a table.
type exchange struct {
	server *http.Server
	client *http.Client
	url    string
}

func openExchange(ctx context.Context, p *plain) (*exchange, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	answer := bytes.Repeat([]byte("y"), 400)
	x := &exchange{
		server: &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			if err := p.one(r.Context()); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(answer)
		})},
		client: &http.Client{}, url: "http://" + l.Addr().String(),
	}
	go func() { _ = x.server.Serve(l) }() // ends with Close
	return x, nil
}

func (x *exchange) one(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, x.url, bytes.NewReader([]byte(`{"service":"v0"}`)))
	if err != nil {
		return err
	}
	resp, err := x.client.Do(req)
	return drain(resp, err)
}

func drain(resp *http.Response, err error) error {
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return errors.Join(err, resp.Body.Close())
}

func (x *exchange) close() error {
	x.client.CloseIdleConnections()
	return x.server.Close()
}
