// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/avanti-queue/avanti/internal/accounts"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
)

// Settings are the configuration as the API gives it.
type Settings struct {
	Name    string `json:"name" doc:"Of the file"`
	Text    string `json:"text" doc:"YAML; of secrets it has hashes only; the password of an external broker shows as ********, which stays what it is when the text is sent back"`
	Pending bool   `json:"pending,omitempty" doc:"Somebody has edited the file: it is not in force before the next start"`
	Locked  string `json:"locked,omitempty" doc:"Why it cannot be written from here"`
}

// SettingsEffect is what comes of a configuration.
type SettingsEffect struct {
	Sections []string `json:"sections" doc:"That change"`
	Restart  bool     `json:"restart" doc:"The office starts anew for it, in less than two seconds; else it is in force at once"`
}

// FormerSettings are a configuration that was in force.
type FormerSettings struct {
	Seq  int64     `json:"seq"`
	At   time.Time `json:"at"`
	By   string    `json:"by" doc:"The account or access; file: somebody edited the file"`
	What []string  `json:"what" doc:"The sections that differ from the one before"`
	Text string    `json:"text,omitempty" doc:"YAML; not in the list"`
}

// BackupFile is a copy of the journal.
type BackupFile struct {
	Name  string    `json:"name"`
	At    time.Time `json:"at"`
	Bytes int64     `json:"bytes"`
}

// PersonAccount is somebody who may log in.
type PersonAccount struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Role     accounts.Role `json:"role" enum:"admin,manager,clerk"`
	Language string        `json:"language,omitempty" doc:"Of the pages; left out: the browser's"`
	Ready    bool          `json:"ready" doc:"It has a PIN or a password"`
	Disabled time.Time     `json:"disabled_at,omitzero" required:"false"`
}

type (
	settingsOutput struct {
		ETag string `header:"ETag"`
		Body Settings
	}
	putSettingsInput struct {
		IfMatch string `header:"If-Match" required:"true" maxLength:"64" doc:"The ETag of what is replaced"`
		DryRun  bool   `query:"dry_run" doc:"Say what would come of it and change nothing"`
		Body    struct {
			Text string `json:"text" maxLength:"262144"`
		}
	}
	effectOutput  struct{ Body SettingsEffect }
	historyOutput struct {
		Body struct {
			Configurations []FormerSettings `json:"configurations" doc:"The newest first"`
		}
	}
	pastInput struct {
		Seq int64 `path:"seq" minimum:"1"`
	}
	pastOutput    struct{ Body FormerSettings }
	backupsOutput struct {
		Body struct {
			Backups []BackupFile `json:"backups" doc:"The newest first"`
		}
	}
	backupOutput struct{ Body BackupFile }
	restoreInput struct {
		Name string `path:"name" maxLength:"64"`
		Body struct {
			Confirm string `json:"confirm" maxLength:"64" doc:"The name again: all that happened after the copy disappears"`
		}
	}
	accountsOutput struct {
		Body struct {
			Accounts []PersonAccount `json:"accounts"`
		}
	}
	accountOutput      struct{ Body PersonAccount }
	createAccountInput struct {
		Body struct {
			Name     string        `json:"name" maxLength:"256"`
			Role     accounts.Role `json:"role" enum:"admin,manager,clerk"`
			Language string        `json:"language,omitempty" maxLength:"16"`
			Secret   string        `json:"secret,omitempty" maxLength:"256" doc:"PIN of six digits or password; left out: none yet"`
		}
	}
	accountInput struct {
		ID string `path:"id" maxLength:"32"`
	}
	secretInput struct {
		accountInput
		Body struct {
			Secret string `json:"secret" maxLength:"256"`
		}
	}
)

// maxSettings bounds the body with a configuration: as JSON it may be longer than as YAML.
const maxSettings = 1 << 20

func (s *Server) registerSettings(api huma.API) {
	op := func(method, path, id, summary string) huma.Operation {
		return s.operation(api, huma.Operation{
			OperationID: id, Method: method, Path: "/api/v1/" + path, Summary: summary, Tags: []string{"administration"},
		})
	}
	huma.Register(api, op(http.MethodGet, "config", "get-config", "The configuration"),
		func(ctx context.Context, _ *struct{}) (*settingsOutput, error) {
			c, err := s.o.Steward.Configuration()
			if err != nil {
				return nil, s.failure(ctx, err)
			}
			return &settingsOutput{ETag: strconv.Quote(c.Tag), Body: Settings{Name: c.Name, Text: string(c.Text), Pending: c.Pending, Locked: c.Locked}}, nil
		})
	put := op(http.MethodPut, "config", "put-config", "Replace the configuration")
	put.MaxBodyBytes = maxSettings
	huma.Register(api, put, s.putSettings)
	huma.Register(api, op(http.MethodGet, "config/history", "list-config-history", "The configurations that were in force"),
		func(ctx context.Context, _ *struct{}) (*historyOutput, error) {
			list, err := s.o.Steward.History(ctx)
			if err != nil {
				return nil, s.failure(ctx, err)
			}
			var out historyOutput
			out.Body.Configurations = make([]FormerSettings, len(list))
			for i, p := range list {
				out.Body.Configurations[i] = formerOf(p)
			}
			return &out, nil
		})
	huma.Register(api, op(http.MethodGet, "config/history/{seq}", "get-config-history", "A configuration that was in force"),
		func(ctx context.Context, in *pastInput) (*pastOutput, error) {
			p, _, err := s.o.Steward.Past(ctx, in.Seq)
			if err != nil {
				return nil, s.stewardProblem(ctx, err, pathID)
			}
			return &pastOutput{Body: formerOf(p)}, nil
		})
	huma.Register(api, op(http.MethodGet, "backups", "list-backups", "The copies of the journal"),
		func(ctx context.Context, _ *struct{}) (*backupsOutput, error) {
			list, err := s.o.Steward.Backups()
			if err != nil {
				return nil, s.failure(ctx, err)
			}
			var out backupsOutput
			out.Body.Backups = make([]BackupFile, len(list))
			for i, b := range list {
				out.Body.Backups[i] = BackupFile(b)
			}
			return &out, nil
		})
	huma.Register(api, op(http.MethodPost, "backups", "make-backup", "Copy the journal while the hall goes on"),
		func(ctx context.Context, _ *struct{}) (*backupOutput, error) {
			b, err := s.o.Steward.BackUp(ctx)
			if err != nil {
				return nil, s.stewardProblem(ctx, err, "")
			}
			s.note(ctx, "backup", b.Name)
			return &backupOutput{Body: BackupFile(b)}, nil
		})
	huma.Register(api, op(http.MethodPost, "backups/{name}/restore", "restore-backup", "Put a copy in the place of the journal, with a restart"),
		func(ctx context.Context, in *restoreInput) (*struct{}, error) {
			if in.Body.Confirm != in.Name {
				return nil, &Problem{
					Code: codeInvalid, Status: http.StatusUnprocessableEntity, Detail: "confirm must be the name of the copy",
					Errors: []FieldError{{Location: "body.confirm"}},
				}
			}
			s.note(ctx, "restore", in.Name)
			return nil, s.stewardProblem(ctx, s.o.Steward.Restore(ctx, s.actor(ctx), in.Name), "path.name")
		})
	s.registerAccounts(api, op)
}

func formerOf(p Past) FormerSettings {
	return FormerSettings{Seq: p.Seq, At: p.At, By: p.By, What: append([]string{}, p.What...), Text: p.Text}
}

func (s *Server) putSettings(ctx context.Context, in *putSettingsInput) (*effectOutput, error) {
	var effect Effect
	var err error
	if in.DryRun {
		effect, err = s.o.Steward.Judge([]byte(in.Body.Text))
	} else {
		effect, err = s.o.Steward.Apply(ctx, s.actor(ctx), strings.Trim(in.IfMatch, `"`), []byte(in.Body.Text))
	}
	if !in.DryRun && (err == nil || errors.Is(err, ErrUnsure)) {
		s.note(ctx, "configuration-change", "api")
	}
	if err != nil {
		return nil, s.stewardProblem(ctx, err, "")
	}
	return &effectOutput{Body: SettingsEffect{Sections: append([]string{}, effect.Sections...), Restart: effect.Restart}}, nil
}

// stewardProblem turns an error of the steward into a problem.
func (s *Server) stewardProblem(ctx context.Context, err error, place string) error {
	faults, faulty := errors.AsType[*config.Faults](err)
	_, refused := errors.AsType[*queue.Refusal](err)
	switch {
	case err == nil:
		return nil
	case faulty:
		p := &Problem{Code: codeInvalid, Status: http.StatusUnprocessableEntity, Detail: "the configuration has faults"}
		for _, f := range faults.List {
			p.Errors = append(p.Errors, FieldError{Location: "body.text:" + strconv.Itoa(f.Line), Message: f.String()})
		}
		return p
	case refused:
		return s.refused(ctx, err, nil)
	case errors.Is(err, ErrChanged):
		return &Problem{
			Code: codeChanged, Status: http.StatusPreconditionFailed, Detail: "somebody else has changed it meanwhile: read it again",
			Errors: []FieldError{{Location: "header.If-Match"}},
		}
	case errors.Is(err, ErrUnsure):
		s.unsure(ctx, err)
		return &Problem{Code: codeUnsure, Status: http.StatusInternalServerError, Detail: ErrUnsure.Error()}
	case errors.Is(err, ErrLocked):
		return &Problem{Code: codeLocked, Status: http.StatusConflict, Detail: err.Error()}
	case errors.Is(err, ErrUnknownPast):
		return &Problem{Code: codeNotFound, Status: http.StatusNotFound, Errors: []FieldError{{Location: place}}}
	}
	return s.failure(ctx, err)
}

// unsure logs why nobody knows whether a change lasts.
func (s *Server) unsure(ctx context.Context, err error) {
	s.o.Log.LogAttrs(ctx, slog.LevelError, "a change may not last", slog.Any("error", err))
}

func (s *Server) registerAccounts(api huma.API, op func(method, path, id, summary string) huma.Operation) {
	huma.Register(api, op(http.MethodGet, "accounts", "list-accounts", "The people who log in"),
		func(context.Context, *struct{}) (*accountsOutput, error) {
			var out accountsOutput
			out.Body.Accounts = []PersonAccount{}
			if s.o.Accounts != nil {
				for _, a := range s.o.Accounts.List() {
					out.Body.Accounts = append(out.Body.Accounts, personOf(a))
				}
			}
			return &out, nil
		})
	huma.Register(api, op(http.MethodPost, "accounts", "create-account", "Make an account"),
		func(ctx context.Context, in *createAccountInput) (*accountOutput, error) {
			b := in.Body
			return s.account(ctx, func() (accounts.Account, error) {
				return s.o.Accounts.Create(ctx, s.by(ctx), b.Name, b.Role, b.Language, b.Secret)
			})
		})
	huma.Register(api, op(http.MethodPost, "accounts/{id}/secret", "set-account-secret", "Give an account another PIN or password"),
		func(ctx context.Context, in *secretInput) (*accountOutput, error) {
			return s.account(ctx, func() (accounts.Account, error) {
				return s.o.Accounts.SetSecret(ctx, s.by(ctx), in.ID, in.Body.Secret)
			})
		})
	huma.Register(api, op(http.MethodPost, "accounts/{id}/disable", "disable-account", "Keep an account from logging in"),
		func(ctx context.Context, in *accountInput) (*accountOutput, error) {
			return s.account(ctx, func() (accounts.Account, error) { return s.o.Accounts.Disable(ctx, s.by(ctx), in.ID) })
		})
	huma.Register(api, op(http.MethodPost, "accounts/{id}/enable", "enable-account", "Let an account log in again"),
		func(ctx context.Context, in *accountInput) (*accountOutput, error) {
			return s.account(ctx, func() (accounts.Account, error) { return s.o.Accounts.Enable(ctx, s.by(ctx), in.ID) })
		})
}

func personOf(a accounts.Account) PersonAccount {
	return PersonAccount{ID: a.ID, Name: a.Name, Role: a.Role, Language: a.Language, Ready: a.Ready, Disabled: a.Disabled}
}

// account answers what became of a wish about an account.
func (s *Server) account(ctx context.Context, do func() (accounts.Account, error)) (*accountOutput, error) {
	if s.o.Accounts == nil {
		return nil, &Problem{Code: codeNotFound, Status: http.StatusNotFound, Detail: "this office has no accounts"}
	}
	a, err := do()
	wrong, invalid := errors.AsType[*accounts.InvalidError](err)
	throttled, busy := errors.AsType[*accounts.ThrottledError](err)
	switch {
	case err == nil:
		return &accountOutput{Body: personOf(a)}, nil
	case invalid:
		return nil, &Problem{
			Code: codeInvalid, Status: http.StatusUnprocessableEntity, Detail: wrong.Error(), Subject: wrong.Field,
			Errors: []FieldError{{Location: "body." + wrong.Field, Message: "want " + wrong.Want}},
		}
	case busy:
		return nil, &Problem{Code: codeTooMany, Status: http.StatusTooManyRequests, retry: throttled.Wait}
	case errors.Is(err, accounts.ErrUnknown):
		return nil, &Problem{Code: codeNotFound, Status: http.StatusNotFound, Errors: []FieldError{{Location: pathID}}}
	case errors.Is(err, accounts.ErrLastAdmin):
		return nil, &Problem{Code: codeLocked, Status: http.StatusConflict, Detail: err.Error()}
	}
	return nil, s.failure(ctx, err)
}
