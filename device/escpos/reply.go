// SPDX-License-Identifier: EUPL-1.2

package escpos

// Reply is something that a printer said. [Decoder] makes them.
type Reply interface{ reply() }

type (
	// RealTime answers DLE EOT 1 to 4. Which of them it answers, only the asker knows.
	RealTime byte
	// Auto is the unasked status (GS a).
	Auto [4]byte
	// Ordered answers GS r 1 or ESC v: everything sent before the question was worked off.
	Ordered byte
	// Single is an answer of one byte from a printer whose answers cannot be told apart.
	Single byte
	// Full answers Custom's DLE EOT 20: paper, user, recoverable and unrecoverable errors.
	Full [4]byte
	// Process names the job whose last dot is on paper (GS ( H function 48).
	Process string
	// Cleared says that receive and print buffer are empty (DLE DC4 function 8).
	Cleared struct{}
	// Star is Star's status: asked for by ESC ACK SOH, or unasked.
	Star struct {
		Length int     // bytes of it, 7 to 15
		Bytes  [9]byte // the first of them, the two of the header included
	}
	// PrintEnd answers Star's ESC GS ETX: everything before is printed, the motor has stopped.
	PrintEnd struct {
		N1, N2  byte // of the question
		Counter byte
	}
	// Nippon is Nippon's status of one byte; it comes in its turn, behind what was sent before.
	Nippon byte
	// Done is Nippon's report that a job has ended (GS G): its name and how it ended.
	Done struct {
		ID     string
		Result byte
	}
	// Counter is one of Custom's counters (GS E1 to GS E5).
	Counter struct {
		Value int
		Unit  string // "cuts", "cm", "ret", "on"
	}
	// Block is any other answer of several bytes, without its header and end.
	Block struct {
		Header byte
		Data   string
	}
	// Flow is XOFF (true) or XON; a line with software flow control keeps them to itself.
	Flow bool
	// Noise is a byte that belongs to nothing: line noise, wrong speed, another dialect.
	Noise byte
)

func (RealTime) reply() {}
func (Auto) reply()     {}
func (Ordered) reply()  {}
func (Single) reply()   {}
func (Full) reply()     {}
func (Process) reply()  {}
func (Cleared) reply()  {}
func (Star) reply()     {}
func (PrintEnd) reply() {}
func (Nippon) reply()   {}
func (Done) reply()     {}
func (Counter) reply()  {}
func (Block) reply()    {}
func (Flow) reply()     {}
func (Noise) reply()    {}
