// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/config"
)

// withBroker is the small office with an external broker.
func withBroker(t testing.TB, lines string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "office", "small.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?m)^mqtt:.*\n(?: .*\n)*`).ReplaceAllString(string(text), "") + lines + "\n"
}

// However the password is written, it is not shown, and the text that is shown gives it back.
func TestPasswordIsHiddenAndComesBack(t *testing.T) {
	for name, test := range map[string]struct{ lines, shown string }{
		"plain":             {`mqtt: {url: mqtt://avanti:hunter2@h:1} # old`, `mqtt: {url: mqtt://avanti:********@h:1} # old`},
		"double quotes":     {`mqtt: {url: "mqtts://avanti:hunter2@h:1"}`, `mqtt: {url: "mqtts://avanti:********@h:1"}`},
		"upper case":        {`mqtt: {url: "MQTT://avanti:hunter2@h:1"}`, `mqtt: {url: "MQTT://avanti:********@h:1"}`},
		"a quote":           {`mqtt: {url: "mqtt://avanti:it's-hunter2@h:1"}`, `mqtt: {url: "mqtt://avanti:********@h:1"}`},
		"a quote in quotes": {`mqtt: {url: 'mqtt://avanti:it''s-hunter2@h:1'}`, `mqtt: {url: 'mqtt://avanti:********@h:1'}`},
		"a quote in a name": {`mqtt: {url: 'mqtt://d''or:it''s-hunter2@h:1'}`, `mqtt: {url: 'mqtt://d''or:********@h:1'}`},
		"a name with an @":  {`mqtt: {url: "mqtt://a@b.it:hunter2@h:1"}`, `mqtt: {url: "mqtt://a@b.it:********@h:1"}`},
		"@ and colon":       {`mqtt: {url: "mqtt://avanti:hunter2@x:y@h:1"}`, `mqtt: {url: "mqtt://avanti:********@h:1"}`},
		"no name":           {`mqtt: {url: "mqtt://:hunter2@h:1"}`, `mqtt: {url: "mqtt://:********@h:1"}`},
		"a block":           {"mqtt:\n  url: >-\n    mqtt://avanti:hunter2@h:1\n  heartbeat: 1s", "mqtt:\n  url: >-\n    mqtt://avanti:********@h:1\n  heartbeat: 1s"},
		"a comment above":   {"# mqtt://avanti:hunter2@h:1\nmqtt: {url: mqtt://avanti:hunter2@h:1}", "# mqtt://avanti:********@h:1\nmqtt: {url: mqtt://avanti:********@h:1}"},
		"escapes":           {`mqtt: {url: "mqtt\x3a//avanti:hun\x74er2\x40h:1"}`, `mqtt: {url: "mqtt://avanti:********@h:1"}`},
		"two lines":         {"mqtt: {url: \"mqtt://avanti:hun\\\n  ter2@h:1\"}", `mqtt: {url: "mqtt://avanti:********@h:1"}`},
	} {
		t.Run(name, func(t *testing.T) {
			text := withBroker(t, test.lines)
			former, err := config.Parse("office.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			shown := string(config.Hide([]byte(text)))
			if want := withBroker(t, test.shown); shown != want {
				t.Errorf("shown:\n%s\nwant the end:\n%s", shown, test.shown)
			}
			sent, err := config.Parse("office.yaml", []byte(shown))
			if err != nil {
				t.Fatal(err)
			}
			config.ByHand(former)(sent, func(field, wrong, _ string) { t.Errorf("it stands in the file: %s: %s", field, wrong) })
			back, err := sent.Reveal(former)
			if err != nil {
				t.Fatal(err)
			}
			if back.MQTT.URL != former.MQTT.URL || !back.Alike(former) {
				t.Errorf("the address is %s, want %s", back.MQTT.URL, former.MQTT.URL)
			}
			if again := string(config.Hide(back.Text())); again != shown {
				t.Errorf("shown again:\n%s", again)
			}
		})
	}
}

// A text with faults is shown as well.
func TestPasswordIsHiddenInATextWithFaults(t *testing.T) {
	for _, text := range []string{
		`mqtt: {url: "mqtt://avanti:hunter2@h:1"`, `mqtt: {url: "MQTTS://avanti:hun'ter2@h:1"`, `{url: mqtt://a@b:hunter2@h:1`,
		`mqtt: {url: "mqtt://avanti:hun/ter2@h:1"}`, `mqtt: {url: "mqtt://avanti:hun ter2@h:1"}`, `mqtt: {url: "http://avanti:hun'ter2@h:1"}`,
		"mqtt: {url: \"mqtt:\\u002f/avanti:hunter2@h:1\"}",
	} {
		if shown := string(config.Hide([]byte(text))); strings.Contains(shown, "hun") || strings.Contains(shown, "ter2") || !strings.Contains(shown, ":********@") {
			t.Errorf("shown: %s", shown)
		}
	}
	for _, text := range []string{"", "# a@b", `mqtt: {url: "mqtt://avanti@h:1"} # \`, `mqtt: {url: "mqtt://h:1"} # a@b`} {
		if shown := string(config.Hide([]byte(text))); shown != text {
			t.Errorf("shown: %s, want %s", shown, text)
		}
	}
}

// Only mqtt.url gets the password, whatever else looks as the address is shown.
func TestPasswordComesBackInOnePlace(t *testing.T) {
	former, err := config.Parse("office.yaml", []byte(withBroker(t, `mqtt: {url: "mqtt://avanti:it's-hunter2@h:1"}`)))
	if err != nil {
		t.Fatal(err)
	}
	const shown = "mqtt://avanti:********@h:1"
	office := withBroker(t, "")
	if name := regexp.MustCompile(`en: "[^"]*"`).FindStringIndex(office); name != nil {
		office = office[:name[0]] + `en: &secret "` + shown + `"` + office[name[1]:]
	}
	for name, text := range map[string]string{
		"as it was":              office + "mqtt: {url: \"" + shown + "\"} # " + shown,
		"a name after it":        "# " + shown + "\nmqtt: {url: \"" + shown + "\"}\n" + office,
		"behind an alias":        office + "mqtt: {url: *secret}\n# " + shown,
		"escapes":                "mqtt: {url: \"mqtt:\\x2f/avanti:********@h:1\"}\n" + office,
		"others on its line":     "mqtt: {heartbeat: 1s, url: \"" + shown + "\"} # " + shown + "\n" + office,
		"in a merged section":    office + "mqtt: {<<: {url: \"" + shown + "\"}}",
		"quotes of another kind": office + "mqtt: {url: '" + shown + "'}",
	} {
		t.Run(name, func(t *testing.T) {
			sent, err := config.Parse("office.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			back, err := sent.Reveal(former)
			if err != nil {
				t.Fatal(err)
			}
			if back.MQTT.URL != former.MQTT.URL {
				t.Errorf("the address is %s", back.MQTT.URL)
			}
			if n := strings.Count(string(back.Text()), "hunter2"); n != 1 {
				t.Errorf("the password stands in %d places:\n%s", n, back.Text())
			}
			if name := back.Settings().Name["en"]; name != shown {
				t.Errorf("the office is called %s", name)
			}
			if again, err := sent.Reveal(); err != nil || again != sent {
				t.Errorf("of no former file: %v", err)
			}
		})
	}
}

// Of two former files that look alike the first one counts.
func TestFirstPasswordCounts(t *testing.T) {
	parse := func(address string) *config.File {
		f, err := config.Parse("office.yaml", []byte(withBroker(t, "mqtt: {url: \""+address+"\"}")))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	elsewhere, newer, older := parse("mqtt://avanti:a@elsewhere:1"), parse("mqtt://avanti:b@h:1"), parse("mqtt://avanti:c@h:1")
	back, err := parse("mqtt://avanti:********@h:1").Reveal(elsewhere, newer, older)
	if err != nil || back.MQTT.URL != newer.MQTT.URL {
		t.Errorf("the address is %v, %v", back, err)
	}
}

// Whatever the name and the password, what is shown is without, and gives it back.
func FuzzPassword(f *testing.F) {
	for _, seed := range [][2]string{{"avanti", "hunter2"}, {"", "'"}, {"a@b", "x:y@z"}, {"d'or", "''"}, {"mqtt", "mqtt"}, {"a", "%40"}, {"a", "$1"}, {"a", "*"}, {"a", ""}} {
		f.Add(seed[0], seed[1], true)
		f.Add(seed[0], seed[1], false)
	}
	small := withBroker(f, "")
	f.Fuzz(func(t *testing.T, name, password string, single bool) {
		line := "mqtt: {url: \"mqtt://" + name + ":" + password + "@h:1\"}\n"
		if single {
			line = "mqtt: {url: 'mqtt://" + strings.ReplaceAll(name+":"+password, "'", "''") + "@h:1'}\n"
		}
		former, err := config.Parse("office.yaml", []byte(small+line))
		if err != nil {
			return
		}
		sent, err := config.Parse("office.yaml", config.Hide(former.Text()))
		if err != nil {
			t.Fatal(err)
		}
		back, err := sent.Reveal(former)
		if err != nil || back.MQTT.URL != former.MQTT.URL {
			t.Errorf("%q becomes %q, then %v", former.MQTT.URL, sent.MQTT.URL, err)
		}
	})
}
