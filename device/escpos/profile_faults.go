// SPDX-License-Identifier: EUPL-1.2

package escpos

import "github.com/avanti-queue/avanti/internal/outline"

// FileFault is one thing that is wrong with a profile file.
type FileFault = outline.Fault

// FileFaults is everything that is wrong with a profile file, by line. [Parse] returns it.
type FileFaults = outline.Faults
