// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/avanti-queue/avanti/internal/config"
)

// adminText is the configuration as a text.
type adminText struct {
	Text   string
	Faults []config.Fault
}

func (s *Server) adminFile(w http.ResponseWriter, r *http.Request) {
	p, err := s.adminPage(r, "file")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p.Body = &adminText{Text: string(p.Config.Text)}
	s.showAdmin(w, r, http.StatusOK, p)
}

// adminExport gives the file as it stands. Of secrets it has hashes only; the password of an
// external broker is left out.
func (s *Server) adminExport(w http.ResponseWriter, r *http.Request) {
	c, err := s.o.Steward.Configuration()
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="office.yaml"`)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(c.Text) // the browser may have gone
}

// adminImport takes a text that somebody has typed or sent as a file.
func (s *Server) adminImport(w http.ResponseWriter, r *http.Request) {
	form, err := formOf(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p, err := s.adminPage(r, "file")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	text, err := textIn(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if seq, err := strconv.ParseInt(form.Get("past"), 10, 64); err == nil {
		past, _, err := s.o.Steward.Past(r.Context(), seq)
		if err != nil {
			s.failPast(w, r, err)
			return
		}
		text = past.Text
	}
	body := &adminText{Text: text}
	p.Body = body
	s.change(w, r, p, form, []byte(text), func(faults []config.Fault) { body.Faults = faults })
}

// textIn returns the text of a form: that of the file, if one was chosen. A browser ends lines
// with two characters.
func textIn(r *http.Request) (string, error) {
	f, _, err := r.FormFile("file")
	switch {
	case err == nil:
		defer func() { _ = f.Close() }()
		data, err := io.ReadAll(f)
		if err != nil {
			return "", &Problem{Code: codeInvalid, Status: http.StatusBadRequest, Detail: "the file cannot be read"}
		}
		if len(data) > 0 {
			return string(data), nil
		}
	case !errors.Is(err, http.ErrMissingFile) && !errors.Is(err, http.ErrNotMultipart):
		return "", &Problem{Code: codeInvalid, Status: http.StatusBadRequest, Detail: "the file cannot be read"}
	}
	text := strings.ReplaceAll(r.PostFormValue("text"), "\r\n", "\n")
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text, nil
}

func (s *Server) adminHistory(w http.ResponseWriter, r *http.Request) {
	p, err := s.adminPage(r, "history")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	list, err := s.o.Steward.History(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p.Body = list
	s.showAdmin(w, r, http.StatusOK, p)
}

// adminComparison is a configuration of the past beside the one before it.
type adminComparison struct {
	Past
	Lines []diffLine
}

func (s *Server) adminPast(w http.ResponseWriter, r *http.Request) {
	seq, err := strconv.ParseInt(r.PathValue("seq"), 10, 64)
	if err != nil {
		s.failPast(w, r, ErrUnknownPast)
		return
	}
	past, before, err := s.o.Steward.Past(r.Context(), seq)
	if err != nil {
		s.failPast(w, r, err)
		return
	}
	p, err := s.adminPage(r, "history")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if before.Seq == past.Seq {
		before = Past{}
	}
	p.Body = adminComparison{Past: past, Lines: compare(before.Text, past.Text)}
	s.showAdmin(w, r, http.StatusOK, p)
}

func (s *Server) failPast(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, ErrUnknownPast) {
		err = &Problem{Code: codeNotFound, Status: http.StatusNotFound}
	}
	s.fail(w, r, err)
}

func (s *Server) adminBackups(w http.ResponseWriter, r *http.Request) {
	s.showBackups(w, r, http.StatusOK, "")
}

func (s *Server) showBackups(w http.ResponseWriter, r *http.Request, status int, refused string) {
	p, err := s.adminPage(r, "backups")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	list, err := s.o.Steward.Backups()
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p.Body, p.Refused = list, refused
	s.showAdmin(w, r, status, p)
}

func (s *Server) adminBackUp(w http.ResponseWriter, r *http.Request) {
	b, err := s.o.Steward.BackUp(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.note(r.Context(), "backup", b.Name)
	http.Redirect(w, r, s.savedAt(r, &adminPage{Chapter: "backups"}, "backup"), http.StatusSeeOther)
}

// adminRestore puts a copy in the place of the journal, if somebody has typed its name.
func (s *Server) adminRestore(w http.ResponseWriter, r *http.Request) {
	form, err := formOf(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	name := form.Get("backup")
	if strings.TrimSpace(form.Get("typed")) != name || name == "" {
		s.showBackups(w, r, http.StatusUnprocessableEntity, s.ofStaff(r).T("admin.backups.type"))
		return
	}
	s.note(r.Context(), "restore", name)
	if err := s.o.Steward.Restore(r.Context(), s.actor(r.Context()), name); err != nil {
		s.failPast(w, r, err)
		return
	}
	lastAnswer(w, true)
	http.Redirect(w, r, s.savedAt(r, &adminPage{Chapter: "backups"}, "restart"), http.StatusSeeOther)
}
