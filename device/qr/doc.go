// SPDX-License-Identifier: EUPL-1.2

// Package qr makes QR symbols (ISO/IEC 18004, model 2): as many modules as the text needs,
// with the mask that the standard wants. Paper and screens draw the same symbol.
package qr
