// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// pairLook is how often the daemon is asked how far it is.
const pairLook = 500 * time.Millisecond

// pairingState is how far the daemon is with a pairing.
type pairingState struct{ Stage, Piece, Number, Kind, Hardware, Device, Fault string }

// pairDevice waits for the piece whose label has the code, lets the technician compare
// the number, and takes it in.
func pairDevice(ctx context.Context, j *deviceJob) error {
	if j.code == "" || j.kind == "" {
		return errors.New("want -code CODE and -kind box, panel or hall")
	}
	var now pairingState
	if err := j.daemon.post(ctx, "pairing/open", map[string]string{"code": j.code}, &now); err != nil {
		return err
	}
	fmt.Fprintln(j.out, "waiting for the device, two minutes at most; switch it on")
	for now.Stage == "waiting" {
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), j.cancel(ctx))
		case <-time.After(pairLook):
		}
		if err := j.daemon.get(ctx, "pairing", &now); err != nil {
			return err
		}
	}
	if now.Stage != "compare" {
		return fmt.Errorf("the pairing has ended: %s %s", now.Stage, now.Fault)
	}
	fmt.Fprintf(j.out, "%s %s: does it show %s? [y/N] ", now.Piece, now.Hardware, now.Number)
	said, err := bufio.NewReader(j.in).ReadString('\n')
	if err != nil || !strings.EqualFold(strings.TrimSpace(said), "y") {
		return errors.Join(errors.New("the numbers differ, nothing was paired"), j.cancel(ctx))
	}
	who := map[string]string{"number": now.Number, "id": j.id, "kind": j.kind}
	if j.counter != "" {
		who["counter"] = j.counter
	}
	if err := j.daemon.post(ctx, "pairing/confirm", who, &now); err != nil {
		return errors.Join(err, j.cancel(ctx))
	}
	fmt.Fprintf(j.out, "%s is %s now\n", now.Piece, now.Device)
	return nil
}

// cancel ends the pairing, also when the technician has had enough.
func (j *deviceJob) cancel(ctx context.Context) error {
	return j.daemon.post(context.WithoutCancel(ctx), "pairing/cancel", struct{}{}, nil)
}
