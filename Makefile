# make          build, measure a quick sweep (about a minute), show what it means
# make bench    measure the full sweep (at most twenty minutes)
# make schedules  how tasks reach workers: measure the strategies on slow cores
# make chips    measure Hill and Marty's chips, imitated by slow cores
# make remote   workers over NATS and emulated networks (a quarter of an hour)
# make verify   plant truths on slow cores and see whether they come back (five minutes)
# make peers    measure the pools beside other people's, Python's and the floors
# make python   measure Python's threads, pool and asyncio beside our strategies
# make contest  compare amdahl run with go test -cpu -count while a load comes and goes (seven minutes)
# make soak     random sequences on the process pool, SOAK=15m on each transport
# make weather  believable in bad weather? planted truths beside loads (half an hour)
# make test     everything that has to hold
# make clean    remove what was built
#
# All keep what they measured under results/runs/local/TIME/EXPERIMENT/, beside
# the figures and the page made from it.

SHELL   := bash
RUNS    := results/runs/local
STAMP   := $(shell date +%Y-%m-%d-%H%M%S)
ROUNDS  ?= 6
PYTHON  ?= python3
RUN     ?= $(RUNS)/$(STAMP)

# The commands carry no symbols and no paths of this machine.
BUILD   := -trimpath -ldflags '-s -w'

# A hash of the sources, by which programs on several machines see that they are
# the same, whatever system each was built for. Where there is no repository, as in a
# downloaded archive, it is of the same files.
SOURCES  = $(shell { git ls-files '*.go' go.mod go.sum 2>/dev/null | grep . || { find . -name '*.go' | sed 's|^\./||'; echo go.mod; echo go.sum; }; } | LC_ALL=C sort | xargs cat | git hash-object --stdin)
BENCH    = -trimpath -ldflags '-s -w -X amdahl/pools/remote.Sources=$(SOURCES)'

quick: build
	@$(call sweep,-sweep quick)

bench: ROUNDS = 10
bench: build
	@$(call sweep)

schedules: build
	@$(call sweep,-sweep schedules)

chips: build
	@$(call sweep,-sweep hillmarty)

# Workers of other processes over NATS: planted truths over emulated networks, the
# efficiency of the queues, throughput against prefetch; then what it costs to hand out a
# task, beside NATS's own round trip. The machine must have nothing else to do.
remote: build
	@cd bench/peers && go build -o ../../bin/peers .
	@d=$(RUN)/remote; mkdir -p $$d; trap 'stopped=1' INT; \
	$(rounds) -o $$d/results.txt -- -sweep remote -round {round} -seed {seed} > /dev/null; status=$$?; \
	test -s $$d/results.txt || exit $$status; \
	bin/amdahl verify --filter Strong/workload=spin -o $$d/verify.svg $$d/results.txt > $$d/verify.txt; \
	bin/amdahl plot -x window --filter Strong/workload=sleep/link=20ms -o $$d/prefetch.svg $$d/results.txt; \
	bin/peers -run 'op=call/strategy=(remote|floor-nats)' -rounds 12 > $$d/dispatch.txt && exit $$status

# rounds measures into a file. A round is one process, which runs every case in
# an order of its own. Ctrl-C ends the measuring; what was measured is kept.
rounds = bin/amdahl run bin/bench --benchtime 1x --rounds $(ROUNDS) --timeout 1h

# sweep measures, and makes the table, the figures and the page.
define sweep
	d=$(RUN)/sweep; mkdir -p $$d; trap 'stopped=1' INT; \
	$(rounds) -o $$d/results.txt -- $(1) -round {round} -seed {seed} > /dev/null; status=$$?; \
	test -s $$d/results.txt || exit $$status; \
	bin/amdahl report --brief -o $$d $$d/results.txt && exit $$status
endef

# The slow cores must have the machine to themselves: close what else runs.
verify: build
	@d=$(RUN)/verify; mkdir -p $$d; trap 'stopped=1' INT; \
	$(rounds) --bench Strong -o $$d/results.txt -- -planted -round {round} -seed {seed} > /dev/null; status=$$?; \
	test -s $$d/results.txt || exit $$status; \
	bin/amdahl verify -o $$d/verify.svg $$d/results.txt && exit $$status

# Both methods measure a planted serial fraction under the same load. Nothing
# else should run on the machine.
REPEATS ?= 20
contest: build
	@go build $(BUILD) -o bin/contest ./cmd/contest && go test -c -o bin/planted ./cmd/contest
	@d=$(RUN)/contest; mkdir -p $$d; trap 'stopped=1' INT; \
	bin/contest measure -repeats $(REPEATS) > $$d/results.txt; status=$$?; \
	test -s $$d/results.txt || exit $$status; \
	bin/contest show -o $$d/contest.svg $$d/results.txt && exit $$status

# Planted serial fractions beside loads of several kinds: what is found must be right, or
# "cannot tell". Nothing else should run on the machine.
weather: build
	@go build $(BUILD) -o bin/weather ./cmd/weather
	@d=$(RUN)/weather; bin/weather measure $$d && bin/weather show $$d | tee $$d/table.txt; exit $${PIPESTATUS[0]}

build:
	@mkdir -p bin
	@go build $(BUILD) -o bin/amdahl ./cmd/amdahl
	@go test -c $(BENCH) -o bin/bench ./bench

# The goals that the process pool has set itself come first, on standard error.
peers: build
	@cd bench/peers && go build -o ../../bin/peers .
	@d=$(RUN)/peers; mkdir -p $$d; bin/peers -rounds 12 -time 50ms > $$d/results.txt; status=$$?; \
	test -s $$d/results.txt || exit $$status; \
	bin/amdahl report --brief -o $$d $$d/results.txt && exit $$status

# The same tasks under Python's strategies and ours, in the same rounds.
python: build
	@d=$(RUN)/python; mkdir -p $$d; trap 'stopped=1' INT; \
	PYTHON='$(PYTHON)' bench/python/rounds.sh $(ROUNDS) > $$d/results.txt; status=$$?; \
	test -s $$d/results.txt || exit $$status; \
	bin/amdahl report --brief -o $$d $$d/results.txt && exit $$status

# What the pool was seen to do under random sequences of operations, kills and
# stops, as one line for each transport.
SOAK ?= 15m
soak:
	go test ./pools/poolmodel -run 'TestModel' -count 1 -v -timeout 0 -soak $(SOAK) | grep -v '^=== '

# The race detector needs a C compiler.
# Tests that do less under it, by constants of race_test.go, and are quick without it: here
# they do all.
WHOLE = TestComputedOnce|TestDraw|TestThemes|TestClosedNetwork|TestRandomJobs
test: cc
	go test -run '^($(WHOLE))$$' ./cmd/amdahl ./results/charts ./results/replay
	go test -race -timeout 30m ./...

cc:
	@command -v cc gcc clang >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
	apt-get update -q && apt-get install -qy gcc libc6-dev; } || \
	{ echo "make test: the race detector needs a C compiler: install gcc or clang" >&2; exit 1; }

clean:
	rm -rf bin

.PHONY: quick bench schedules chips remote verify contest weather soak peers python build test cc clean
.DEFAULT_GOAL := quick
