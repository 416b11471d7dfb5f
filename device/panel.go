// SPDX-License-Identifier: EUPL-1.2

package device

// Panel is a wired number display.
type Panel interface {
	// Show makes the panel show this from now on; what was asked for before and is not yet
	// shown is forgotten. It does not block and may be called from any goroutine.
	//
	// The content has to be said again every second or so, changed or not: what nobody vouches
	// for is taken off the panel after a few seconds.
	Show(PanelContent)
}

// PanelContent is the complete content of a panel.
type PanelContent struct {
	Number string // the printed number, "A012"; "": show nothing, on purpose
	Rev    uint64 // the revision of the content, which PanelShown gives back
}

// PanelShown is what is known of what a panel shows.
type PanelShown struct {
	State  PanelState
	Rev    uint64 // of the content that the state speaks of; 0: none
	Detail string // what was seen, in English, for technicians; may be empty
}

// PanelState is how sure it is what a panel shows.
type PanelState string

// The states.
const (
	// PanelConfirmed: the panel answered that it has the content.
	PanelConfirmed PanelState = "confirmed"
	// PanelUnverified: the content is on its way to a panel that never answers.
	PanelUnverified PanelState = "unverified"
	// PanelExpired: nobody vouches for a content; the panel was blanked or marked.
	PanelExpired PanelState = "expired"
	// PanelUnfit: the panel cannot show the number as it is printed; it was blanked or marked.
	PanelUnfit PanelState = "unfit"
	// PanelSilent: the panel does not answer. What it shows is not known.
	PanelSilent PanelState = "silent"
	// PanelLost: the line to the panel is not there. What it shows is not known.
	PanelLost PanelState = "lost"
)
