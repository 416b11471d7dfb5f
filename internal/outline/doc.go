// SPDX-License-Identifier: EUPL-1.2

// Package outline is what YAML files that people write have in common here: how large
// they may be, where something stands, and faults with their lines. What may stand in a file is its reader's
// matter: the configuration's, or that of printer profiles. It touches no file.
package outline
