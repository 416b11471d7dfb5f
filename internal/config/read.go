// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"github.com/avanti-queue/avanti/queue"
)

// read reads the whole file. What others refer to comes first.
func (d *decoder) read(top *section, f *File) {
	r := &reader{
		groups:   newNames[queue.GroupID]("group"),
		series:   newNames[queue.SeriesID]("series"),
		classes:  newNames[queue.ClassID]("class"),
		services: newNames[queue.ServiceID]("service"),
		counters: newNames[queue.CounterID]("counter"),
		printers: newNames[string]("printer"),
		devices:  newNames[string]("device"),
		members:  map[queue.GroupID][]queue.ServiceID{},
	}
	s := &f.settings
	r.office(top.need("office", "the office's id, name, zone and languages"), s)
	s.Hours, f.Reasons = r.hours(top.need("hours", "the opening hours of the week"))
	r.groupList(top.need("groups", "a list of service groups"), s)
	r.seriesList(top.need("series", "a list of number series"), s)
	r.classList(top.field("classes"), s)
	r.serviceList(top.need("services", "a list of services"), s, f)
	r.counterList(top.need("counters", "a list of counters"), s)
	r.rule(top.field("rule"), s)
	r.noShow(top.field("no_show"), s)
	r.slips(top.field("slips"), s)
	f.Slip = r.slip(top.field("slip"))
	s.FinishOnNext = top.field("finish_on_next").truth(DefaultFinishOnNext)
	r.outcomes(top.field("outcomes"), s)
	s.LetPass = top.field("let_pass").integer(DefaultLetPass, 0, 9)
	f.Priority = r.priorityList(top.field("priority"), s.Classes)
	f.Waits = r.waits(top.field("waits"))
	f.Charter = r.charter(top.field("charter"))
	r.served(d)

	f.DataDir = dataDir(top.field("data_dir"))
	f.HTTP = readHTTP(top.field("http"))
	f.MQTT = readMQTT(top.field("mqtt"))
	f.Printers = r.printerList(top.field("printers"))
	f.Kiosks = r.kioskList(top.field("kiosks"))
	f.Devices = r.deviceList(top.field("devices"))
	f.Board = r.board(top.field("board"), f.Printers)
	f.Firmware = readFirmware(top.field("firmware"))
	f.Hall = r.hall(top.field("hall"))
	f.Sound = readSound(top.field("sound"))
	f.Access = r.accessList(top.field("access"))
	f.Backup = readBackup(top.field("backup"))
	f.LogLevel = readLog(top.field("log"))
	top.done()
}

// offer is a service and its place in the file.
type offer struct {
	id queue.ServiceID
	at value
}

// reader holds the ids of a file while it is read.
type reader struct {
	groups   *names[queue.GroupID]
	series   *names[queue.SeriesID]
	classes  *names[queue.ClassID]
	services *names[queue.ServiceID]
	counters *names[queue.CounterID]
	printers *names[string]
	devices  *names[string] // on the network and on the board

	languages []string
	week      *queue.Calendar // the office's
	members   map[queue.GroupID][]queue.ServiceID
	offered   []offer
	reached   map[queue.ServiceID]bool
}
