// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/sys/unix"

	"github.com/avanti-queue/avanti/internal/accounts"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/store"
)

const accountUsage = `usage: avantictl account COMMAND -config FILE [flags] [NAME]
  list      the people who may log in
  add       -role admin|manager|clerk [-language TAG] NAME; the PIN or password is read from the input
  secret    give somebody another PIN or password, read from the input   NAME
  disable   keep somebody from logging in, at once   NAME
  enable    let somebody log in again   NAME
  audit     who logged in where, and what was done besides calling numbers
For the day on which nobody can log in any more: avantid must be stopped, the data directory is
changed itself. On other days people are kept on the page /admin.
`

// accountJob is a command about the people of an office.
type accountJob struct {
	console
	people *accounts.Register
	name   string

	role, language string // of add
}

// byTechnician stands in the audit for this tool.
const byTechnician = "avantictl"

// accountCommand runs one of the commands for people.
func accountCommand(ctx context.Context, args []string, c console) int {
	commands := map[string]struct {
		do   func(context.Context, *accountJob) error
		name bool // one is wanted
	}{
		"list":    {listAccounts, false},
		"add":     {addAccount, true},
		"secret":  {secretAccount, true},
		"disable": {disableAccount, true},
		"enable":  {enableAccount, true},
		"audit":   {auditAccounts, false},
	}
	if len(args) == 0 || commands[args[0]].do == nil {
		fmt.Fprint(c.err, accountUsage)
		return exitUsage
	}
	command, name := commands[args[0]], "avantictl account "+args[0]
	j := &accountJob{console: c}
	file, err := j.read(name, args[1:], command.name)
	if err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintf(c.err, "%s: %v\n", name, err)
		}
		return exitUsage
	}
	if err := j.run(ctx, file, command.do); err != nil {
		fmt.Fprintf(c.err, "%s: %v\n", name, err)
		return exitFailed
	}
	return 0
}

func (j *accountJob) read(command string, args []string, wanted bool) (*config.File, error) {
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(j.err)
	path := flags.String("config", "", "the office's configuration `file`")
	flags.StringVar(&j.role, "role", "", "add: admin, manager or clerk")
	flags.StringVar(&j.language, "language", "", "add: the `tag` of the language of the pages, such as it; default: the browser's")
	if err := flags.Parse(args); err != nil {
		return nil, flag.ErrHelp // said already
	}
	j.name = strings.Join(flags.Args(), " ") // names have several words
	switch {
	case *path == "":
		return nil, errors.New("want -config FILE")
	case wanted && j.name == "":
		return nil, errors.New("want the NAME of a person")
	case !wanted && j.name != "":
		return nil, fmt.Errorf("no NAME is wanted, got %q", j.name)
	}
	return config.Load(*path, app.CheckConfig)
}

// run does the command on the data directory, which nobody else may be writing.
func (j *accountJob) run(ctx context.Context, file *config.File, do func(context.Context, *accountJob) error) (err error) {
	s, err := store.Open(ctx, store.Options{Dir: file.DataDir, Config: file.Name})
	if errors.Is(err, store.ErrInUse) {
		return fmt.Errorf("%w: stop avantid, or use the page /admin", err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if j.people, err = accounts.Open(ctx, accounts.Options{Memory: s}); err != nil {
		return err
	}
	return do(ctx, j)
}

func (j *accountJob) by() accounts.By { return accounts.By{Access: byTechnician} }

// find returns the account of the name.
func (j *accountJob) find() (accounts.Account, error) {
	for _, a := range j.people.List() {
		if strings.EqualFold(a.Name, j.name) {
			return a, nil
		}
	}
	return accounts.Account{}, fmt.Errorf("nobody here is called %q: see avantictl account list", j.name)
}

func listAccounts(_ context.Context, j *accountJob) error {
	w := tabwriter.NewWriter(j.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tROLE\tSTATE\tMADE\tID")
	for _, a := range j.people.List() {
		state := "may log in"
		switch {
		case !a.Disabled.IsZero():
			state = "disabled"
		case !a.Ready:
			state = "has no secret yet"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", a.Name, a.Role, state, a.Made.Format(time.DateOnly), a.ID)
	}
	return w.Flush()
}

func addAccount(ctx context.Context, j *accountJob) error {
	secret, err := j.secret(accounts.Role(j.role))
	if err != nil {
		return err
	}
	a, err := j.people.Create(ctx, j.by(), j.name, accounts.Role(j.role), j.language, secret)
	if err != nil {
		return err
	}
	return j.say(a)
}

func secretAccount(ctx context.Context, j *accountJob) error {
	a, err := j.find()
	if err != nil {
		return err
	}
	secret, err := j.secret(a.Role)
	if err != nil {
		return err
	}
	if a, err = j.people.SetSecret(ctx, j.by(), a.ID, secret); err != nil {
		return err
	}
	return j.say(a)
}

func disableAccount(ctx context.Context, j *accountJob) error { return j.able(ctx, j.people.Disable) }

func enableAccount(ctx context.Context, j *accountJob) error { return j.able(ctx, j.people.Enable) }

func (j *accountJob) able(ctx context.Context, do func(context.Context, accounts.By, string) (accounts.Account, error)) error {
	a, err := j.find()
	if err != nil {
		return err
	}
	if a, err = do(ctx, j.by(), a.ID); err != nil {
		return err
	}
	return j.say(a)
}

func (j *accountJob) say(a accounts.Account) error {
	state := "may log in"
	if !a.Active() {
		state = "cannot log in"
	}
	_, err := fmt.Fprintf(j.out, "%s (%s) %s\n", a.Name, a.Role, state)
	return err
}

// auditAccounts prints the newest entries, the oldest of them first.
func auditAccounts(ctx context.Context, j *accountJob) error {
	entries, err := j.people.Audit(ctx, 0)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(j.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "AT\tWORKPLACE\tPERSON\tWHAT\tTO")
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", e.At.Local().Format(time.DateTime), e.Access, j.known(e.Account), e.Action, j.known(e.Subject))
	}
	return w.Flush()
}

// known returns the name of an account for its id, other words as they are.
func (j *accountJob) known(id string) string {
	if a, ok := j.people.Account(id); ok {
		return a.Name
	}
	return id
}

// secret reads a line that does not stand on the command line, where others could read it. A
// terminal does not show it.
func (j *accountJob) secret(role accounts.Role) (string, error) {
	what := "password"
	if role == accounts.Clerk {
		what = "PIN"
	}
	if f, ok := j.in.(*os.File); ok {
		if show, err := hide(int(f.Fd())); err == nil {
			fmt.Fprintf(j.err, "%s for %s: ", what, j.name)
			defer func() {
				show()
				fmt.Fprintln(j.err)
			}()
		}
	}
	line, err := bufio.NewReader(j.in).ReadString('\n')
	if err != nil && (!errors.Is(err, io.EOF) || line == "") {
		return "", fmt.Errorf("read the %s from the input: %w", what, err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// hide keeps a terminal from showing what is typed; show undoes that.
func hide(fd int) (show func(), err error) {
	was, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return nil, err
	}
	quiet := *was
	quiet.Lflag &^= unix.ECHO
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, &quiet); err != nil {
		return nil, err
	}
	return func() { _ = unix.IoctlSetTermios(fd, unix.TCSETS, was) }, nil // the terminal may have gone
}
