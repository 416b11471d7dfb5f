// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"context"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// memory is a [Storage] on which everything that was appended is durable.
type memory struct{ journal queuetest.Memory }

func (m *memory) Open(context.Context) (queue.Journal, error) { return &m.journal, nil }

func (m *memory) Crash() error { return nil }
