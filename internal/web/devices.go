// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"net/http"
	"time"

	"github.com/avanti-queue/avanti/internal/fleet"
	"github.com/avanti-queue/avanti/queue"
)

// Fleet is the register of boxes and displays as pages and the API need it. By is always
// the id of an access.
type Fleet interface {
	Devices() []Device
	// Revoke takes a device its right to connect; the error may be [fleet.ErrUnknown].
	Revoke(ctx context.Context, by, id string) error
	// Pairing and the next three are those of [fleet.Desk].
	Pairing() fleet.Pairing
	OpenPairing(by, code string) error
	ConfirmPairing(ctx context.Context, by, number string, who fleet.Identity) error
	CancelPairing() error
	// Watch yields the messages of the link; see [fleet.Tracer].
	Watch(ctx context.Context) iter.Seq[fleet.Passed]
}

// Device is a box or a display of the hall.
type Device struct {
	ID         string          `json:"id"`
	Kind       string          `json:"kind" enum:"box,panel,hall"`
	Counter    queue.CounterID `json:"counter,omitempty" doc:"Of a box or panel"`
	State      DeviceState     `json:"state" enum:"online,asleep,updating,lost,unheard,unpaired,revoked" doc:"unheard: not since the daemon was started; unpaired: it has no password yet"`
	Seen       time.Time       `json:"seen_at,omitzero" required:"false" doc:"When it last said anything"`
	Firmware   string          `json:"firmware,omitempty"`
	Hardware   string          `json:"hardware,omitempty"`
	Signal     int             `json:"signal,omitempty" doc:"dBm; left out: it does not say, or has a cable"`
	Boots      int             `json:"boots" doc:"Starts since it was paired"`
	Reconnects int             `json:"reconnects" doc:"Connections but the first of each start"`
	Drops      int             `json:"drops" doc:"Connections that were lost"`
	Piece      string          `json:"piece,omitempty" doc:"The maker's name of the piece that was paired"`
	Paired     time.Time       `json:"paired_at,omitzero" required:"false"`
	Revoked    time.Time       `json:"revoked_at,omitzero" required:"false"`
	Shows      []string        `json:"shows,omitempty" doc:"Of a display: the rows that it should show"`
	Screen     ScreenState     `json:"screen,omitempty" enum:"confirmed,unconfirmed,unverified,blank" doc:"Of a display: confirmed: it says that it shows this; unverified: it is not connected, so nobody knows; blank: it says that it shows nothing"`
	Update     string          `json:"update,omitempty" doc:"What becomes of the newest firmware offer"`
}

// DeviceState is how a device is.
type DeviceState string

// The states.
const (
	DeviceOnline   DeviceState = "online"
	DeviceAsleep   DeviceState = "asleep"
	DeviceUpdating DeviceState = "updating"
	DeviceLost     DeviceState = "lost"
	DeviceUnheard  DeviceState = "unheard"
	DeviceUnpaired DeviceState = "unpaired"
	DeviceRevoked  DeviceState = "revoked"
)

// ScreenState is what is known of what a display shows.
type ScreenState string

// The states of a screen.
const (
	ScreenConfirmed   ScreenState = "confirmed"
	ScreenUnconfirmed ScreenState = "unconfirmed"
	ScreenUnverified  ScreenState = "unverified"
	ScreenBlank       ScreenState = "blank"
)

// nobody is the register of an office without one.
type nobody struct{}

func (nobody) Devices() []Device                            { return nil }
func (nobody) Revoke(context.Context, string, string) error { return fleet.ErrUnknown }
func (nobody) Pairing() fleet.Pairing                       { return fleet.Pairing{Stage: fleet.StageClosed} }
func (nobody) OpenPairing(string, string) error             { return fleet.ErrElsewhere }
func (nobody) CancelPairing() error                         { return fleet.ErrStage }
func (nobody) Watch(context.Context) iter.Seq[fleet.Passed] { return func(func(fleet.Passed) bool) {} }

func (nobody) ConfirmPairing(context.Context, string, string, fleet.Identity) error {
	return fleet.ErrStage
}

// fleetProblem turns an error of the register or the desk into a problem.
func (s *Server) fleetProblem(ctx context.Context, err error, subject string) error {
	p := &Problem{Detail: err.Error(), Subject: subject}
	switch {
	case errors.Is(err, fleet.ErrUnknown):
		p.Code, p.Status, p.Errors = codeUnknownDevice, http.StatusNotFound, []FieldError{{Location: pathID}}
	case errors.Is(err, fleet.ErrCode):
		p.Code, p.Status, p.Errors = codeInvalid, http.StatusUnprocessableEntity, []FieldError{{Location: "body.code"}}
	case errors.Is(err, fleet.ErrBusy), errors.Is(err, fleet.ErrStage), errors.Is(err, fleet.ErrElsewhere):
		p.Code, p.Status = codePairing, http.StatusConflict
	default:
		s.o.Log.LogAttrs(ctx, slog.LevelError, "the register of devices failed", slog.Any("error", err))
		return &Problem{Code: codeUnavailable, Status: http.StatusServiceUnavailable, retry: retryAfter}
	}
	return p
}
