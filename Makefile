# SPDX-License-Identifier: EUPL-1.2
#
# make run     a whole office on this machine, with a simulated hall
# make test    everything that must hold
# make lint    the rules of the house
# make bench   figures beside their floors
# make bench-waits  how good forecasts of waits are, against targets; half an hour and more
# make fuzz    hostile bytes for the parsers of the wires; part of make test
# make screenshots  the pictures of the pages
# make soak    the long versions of the fault schedules

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
BUILT   ?= $(shell git log -1 --format=%ct 2>/dev/null || date +%s)
LDFLAGS  = -X github.com/avanti-queue/avanti/internal/app.version=$(VERSION) -X github.com/avanti-queue/avanti/internal/app.built=$(BUILT)
OFFICE  ?= testdata/office/piacenza.yaml

# Programs that others wrote and that tests talk to, by npm: exact versions in their lock files.
PEERS = internal/sim/paper/hosts/node_modules firmware-protocol/conformance/testdata/asyncapi/node_modules e2e/testdata/axe/node_modules

# Every test runs once: under the race detector, but where no goroutine is started (ALONE). Packages
# that do less under it, because they are long, run without it as well (TWICE).
ALONE = $(addprefix github.com/avanti-queue/avanti/,device/escpos device/qr internal/layers internal/sim/demand internal/sim/schedule internal/waits queue/forecast queue/staffing queue/stats)
TWICE = $(addprefix github.com/avanti-queue/avanti/,internal/app internal/figures)

.PHONY: build run test lint bench bench-waits soak fuzz fuzz-guard fuzz-decode fuzz-decoder fuzz-encode fuzz-printer fuzz-recorded format screenshots setup setup-go setup-test clean

build: setup-go
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./cmd/...

run: build
	bin/avantisim -config $(OFFICE)

test: setup-test $(PEERS)
	$(GO) build ./...
	$(GO) test -timeout 20m -shuffle=on $(ALONE) $(TWICE)
	$(GO) test -timeout 20m -race -shuffle=on $(filter-out $(ALONE),$(shell $(GO) list ./...))
	cd e2e && $(GO) test -timeout 15m ./...
	$(MAKE) fuzz

# Two at a time, each on a core of its own for its whole time.
FUZZ = GOMAXPROCS=1 $(GO) test -run '^$$' -parallel 1 -fuzzminimizetime 200x
fuzz: setup-go
	$(MAKE) -j2 fuzz-guard fuzz-decode fuzz-decoder fuzz-encode fuzz-printer fuzz-recorded
fuzz-decode:
	$(FUZZ) -fuzz '^FuzzDecode$$' -fuzztime 60s ./firmware-protocol
fuzz-guard:
	$(FUZZ) -fuzz '^FuzzGuard$$' -fuzztime 60s ./internal/broker
fuzz-decoder:
	$(FUZZ) -fuzz '^FuzzDecoder$$' -fuzztime 30s ./device/escpos
fuzz-encode:
	$(FUZZ) -fuzz '^FuzzEncode$$' -fuzztime 30s ./device/escpos
fuzz-printer:
	$(FUZZ) -fuzz '^FuzzPrinter$$' -fuzztime 30s ./internal/sim/paper
fuzz-recorded:
	$(FUZZ) -fuzz '^FuzzRead$$' -fuzztime 15s ./internal/waits

%/node_modules: %/package-lock.json
	npm --prefix $* ci --no-audit --no-fund --ignore-scripts
	@touch $@

lint: setup-go
	@test -z "$$(gofmt -l cmd device display e2e firmware-protocol internal queue)" || { gofmt -l cmd device display e2e firmware-protocol internal queue; echo 'lint: run make format'; exit 1; }
	$(GO) vet ./... && (cd e2e && $(GO) vet ./...)
	$(GO) mod tidy -diff && (cd e2e && $(GO) mod tidy -diff)
	$(GO) tool -modfile=tools/go.mod golangci-lint run ./...
	cd e2e && $(GO) tool -modfile=../tools/go.mod golangci-lint run ./...

format:
	gofmt -w cmd device display e2e firmware-protocol internal queue

bench: setup-test $(PEERS)
	$(GO) run -ldflags '$(LDFLAGS)' ./internal/bench
	cd e2e && $(GO) test -count=1 -v -run '^TestBenchPainted$$' . -args -bench

# WAITS: more flags, such as -tickets FILE.csv for an office's own records.
bench-waits: setup-go
	$(GO) run ./internal/bench/waits -chart docs/images/waits.svg $(WAITS)

soak: setup-test
	$(GO) test -timeout 8h -run TestSchedules ./internal/sim/schedule -args -soak
	$(GO) test -timeout 8h -run TestInvariants ./queue -rapid.checks=200000
	$(GO) test -timeout 8h -run TestKill -count=20 ./cmd/avantid

# The pictures of README and guides.
screenshots: setup-test $(PEERS)
	cd e2e && $(GO) test -run 'TestScreenshots|TestManagerFindsWhatToChange' . -args -shots ../docs/images

setup: setup-test

setup-go:
	@sh deploy/setup.sh go

setup-test:
	@sh deploy/setup.sh test

clean:
	rm -rf bin
