// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/config"
)

func TestBrokers(t *testing.T) {
	for path, want := range map[string]config.MQTT{
		"configs/good/minimal.yaml": {Heartbeat: time.Second},
		"configs/good/tls.yaml":     {Listen: "192.0.2.1:1883", TLS: "0.0.0.0:8883", Heartbeat: time.Second},
		"configs/good/external-broker.yaml": {
			URL: "mqtts://avanti-host:hunter2@broker.example:8883", CA: "/etc/avanti/house-ca.pem", Heartbeat: time.Second,
		},
	} {
		if diff := cmp.Diff(want, load(t, path).MQTT); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}
