// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// maxDeviceState bounds what is kept of a device, in bytes.
const maxDeviceState = 4 << 10

// DeviceState returns what [Store.SetDeviceState] last kept of a device; nil: nothing.
func (s *Store) DeviceState(ctx context.Context, id string) ([]byte, error) {
	var state []byte
	err := s.read.deviceState.QueryRowContext(ctx, id).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, s.read.explain("read what is known of device "+id, err)
	}
	return state, nil
}

// SetDeviceState keeps what is known of a device, up to 4 KiB of text, in place of what was kept
// before. It is durable when the call returns.
func (s *Store) SetDeviceState(ctx context.Context, id string, state []byte) error {
	if len(state) > maxDeviceState {
		return fmt.Errorf("store: the state of device %s has %d bytes: at most %d are kept", id, len(state), maxDeviceState)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.writable()
	if err != nil {
		return err
	}
	if err := w.transact(func() error { return w.device.exec(id, string(state)) }); err != nil {
		return s.read.explain("keep what is known of device "+id, err)
	}
	return nil
}
