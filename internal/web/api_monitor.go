// SPDX-License-Identifier: EUPL-1.2

package web

import "time"

// QueueMonitor is an NGSI-LD entity (ETSI GS CIM 009) of the smart data model QueueMonitor in
// dataModel.QueueManagement: a line of an office. Of its properties we tell those that are of
// no single citizen: the numbers that are served are on the hall's screen and nowhere else.
type QueueMonitor struct {
	Context []string       `json:"@context"`
	ID      string         `json:"id"`
	Type    string         `json:"type" enum:"QueueMonitor"`
	Office  TextProperty   `json:"officeName"`
	Service TextProperty   `json:"serviceName"`
	Local   TextProperty   `json:"serviceId"`
	Line    TextProperty   `json:"queueLine"`
	State   TextProperty   `json:"serviceStatus" doc:"Open, Suspended (the office is open, but no number is given) or Closed"`
	Left    NumberProperty `json:"ticketsToServe"`
	At      DateProperty   `json:"dateModified"`
}

// TextProperty is an NGSI-LD property that is a text.
type TextProperty struct {
	Type  string `json:"type" enum:"Property"`
	Value string `json:"value"`
}

// NumberProperty is an NGSI-LD property that is a number.
type NumberProperty struct {
	Type     string    `json:"type" enum:"Property"`
	Value    int       `json:"value"`
	Observed time.Time `json:"observedAt"`
}

// DateProperty is an NGSI-LD property that is an instant.
type DateProperty struct {
	Type  string    `json:"type" enum:"Property"`
	Value DateValue `json:"value"`
}

// DateValue is an instant as NGSI-LD writes it.
type DateValue struct {
	Type  string    `json:"@type" enum:"DateTime"`
	Value time.Time `json:"@value"`
}

// contexts say what the names mean: the core one of NGSI-LD stands last.
func contexts() []string {
	return []string{
		"https://raw.githubusercontent.com/smart-data-models/dataModel.QueueManagement/master/context.jsonld",
		"https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld",
	}
}

func monitors(s Status) []QueueMonitor {
	out := []QueueMonitor{}
	for _, x := range s.Services {
		state := "Closed"
		switch {
		case s.Open && x.Issuing:
			state = "Open"
		case s.Open:
			state = "Suspended"
		}
		says := func(text string) TextProperty { return TextProperty{"Property", text} }
		out = append(out, QueueMonitor{
			Context: contexts(), ID: "urn:ngsi-ld:QueueMonitor:" + string(s.Office) + ":" + string(x.ID), Type: "QueueMonitor",
			Office: says(s.Name.In()), Service: says(x.Name.In()), Local: says(string(x.ID)), Line: says(string(x.Group)), State: says(state),
			Left: NumberProperty{"Property", x.Waiting, s.At}, At: DateProperty{"Property", DateValue{"DateTime", s.At}},
		})
	}
	return out
}
