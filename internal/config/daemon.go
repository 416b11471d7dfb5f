// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

func dataDir(v value) string {
	if s, ok := v.text("a directory"); ok {
		return s
	}
	return DefaultDataDir
}

func readHTTP(v value) HTTP {
	s := v.section()
	listen := s.field("listen")
	h := HTTP{Listen: DefaultListen, Hosts: defaultHosts()}
	loopback := true
	if !listen.absent() {
		h.Listen, loopback = address(listen)
	}
	hosts := s.field("hosts")
	switch {
	case !hosts.absent():
		h.Hosts = hostNames(hosts)
	case !loopback:
		hosts.report("missing", "the names under which the pages are reached, because listen is open to the network")
	}
	h.Idle = s.field("idle").span(DefaultClerkIdle, time.Minute, 12*time.Hour)
	s.done()
	return h
}

func hostNames(v value) []string {
	var out []string
	items := v.items("host names")
	for _, item := range items {
		const want = "a host name or address without scheme and port"
		name, ok := item.text(want)
		if !ok {
			continue
		}
		if _, err := netip.ParseAddr(name); err != nil && !validHost(name) {
			item.report(item.is(), want)
		}
		out = append(out, name)
	}
	if len(items) == 0 {
		v.report("no host", "at least one name under which the pages are reached")
	}
	return out
}

func validHost(name string) bool {
	return !strings.ContainsFunc(name, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '.'
	})
}

// address reads where to listen and whether only this machine can connect to it.
func address(v value) (listen string, loopback bool) {
	const want = "host:port such as 127.0.0.1:8080"
	s, ok := v.text(want)
	if !ok {
		return "", true
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		v.report(v.is(), want)
		return "", true
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		v.report(v.is()+" has no port from 0 to 65535", want)
	}
	if host == "localhost" {
		return s, true
	}
	addr, err := netip.ParseAddr(host)
	if err != nil && host != "" {
		v.report(v.is()+" has no IP address", want)
		return s, true
	}
	return s, addr.IsLoopback()
}

func readMQTT(v value) MQTT {
	s := v.section()
	listen, encrypted, external, ca := s.field("listen"), s.field("tls"), s.field("url"), s.field("ca")
	m := MQTT{Heartbeat: s.field("heartbeat").span(DefaultHeartbeat, 100*time.Millisecond, time.Minute)}
	if !listen.absent() {
		m.Listen, _ = address(listen)
	}
	if !encrypted.absent() {
		t := encrypted.section()
		m.TLS, _ = address(t.need("listen", "host:port such as 0.0.0.0:8883"))
		t.done()
	}
	if !external.absent() {
		m.URL = brokerURL(external)
		if !listen.absent() {
			listen.report("listen and url exclude each other", "listen for the embedded broker or url for an external one")
		}
		if !encrypted.absent() {
			encrypted.report("tls and url exclude each other", "tls for the embedded broker or url for an external one")
		}
	}
	if !ca.absent() {
		m.CA = caFile(ca, m.URL)
	}
	s.done()
	return m
}

func caFile(v value, external string) string {
	const want = "the full path of a PEM file"
	s, ok := v.text(want)
	if ok && !strings.HasPrefix(s, "/") {
		v.report(v.is()+" is not a full path", want)
	}
	if !strings.HasPrefix(external, "mqtts:") {
		v.report("certificates for a connection without TLS", "url with mqtts://, or no ca")
	}
	return s
}

// brokerURL reads the address of an external broker. A password may be part of it.
func brokerURL(v value) string {
	const want = "mqtt://host:1883 or mqtts://host:8883, with user:password@ where the broker asks for one"
	v.secret = true
	s, ok := v.text(want)
	if !ok {
		return ""
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		v.report("no URL", want)
	case u.Scheme != "mqtt" && u.Scheme != "mqtts":
		v.report("a URL of another scheme", want)
	case u.Hostname() == "" || u.Port() == "":
		v.report("a URL without host and port", want)
	case u.Path != "" || u.RawQuery != "" || u.Fragment != "":
		v.report("a URL with a path, a query or a fragment", want)
	}
	return s
}

func readBackup(v value) Backup {
	s := v.section()
	b := Backup{
		Keep:  s.field("keep").integer(DefaultBackupKeep, 1, 365),
		Every: s.field("every").span(DefaultBackupEvery, time.Minute, 31*day),
	}
	s.done()
	return b
}

func readLog(v value) slog.Level {
	s := v.section()
	name := choice(s.field("level"), DefaultLogLevel, "debug", "info", "warn", "error")
	s.done()
	switch name {
	case "debug":
		return slog.LevelDebug
	case "warn":
		return slog.LevelWarn
	case "error":
		return slog.LevelError
	}
	return slog.LevelInfo
}
