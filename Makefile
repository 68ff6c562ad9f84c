# make          build, measure a quick sweep (about a minute), show what it means
# make bench    measure the full sweep
# make verify   plant truths on slow cores and see whether they come back (five minutes)
# make peers    measure the pools beside other people's, Python's and the floors
# make python   measure Python's threads, pool and asyncio beside our strategies
# make soak     random sequences on the process pool, SOAK=15m on each transport
# make drift    hold amdahl run against go test while a load comes and goes (seven minutes)
# make test     everything that has to hold
# make clean    remove what was built
#
# All keep what they measured under results/runs/local/.

SHELL   := bash
RUNS    := results/runs/local
STAMP   := $(shell date +%Y-%m-%d-%H%M%S)
ROUNDS  ?= 6
PYTHON  ?= python3
RUN     ?= $(RUNS)/$(STAMP)

quick: build
	@$(call sweep,-quick)

bench: ROUNDS = 10
bench: build
	@$(call sweep)

# rounds measures into a file. A round is one process, which runs every case in
# an order of its own. Ctrl-C ends the measuring; what was measured is kept.
rounds = bin/amdahl run bin/bench --benchtime 1x --rounds $(ROUNDS) --timeout 1h

# sweep measures into $(RUN).txt and makes the table, the figures and the page
# from it.
define sweep
	mkdir -p $(dir $(RUN)); trap 'stopped=1' INT; \
	$(rounds) -o $(RUN).txt -- $(1) -round {round} -seed {seed} > /dev/null; status=$$?; \
	test -s $(RUN).txt || exit $$status; \
	bin/amdahl report --brief -o $(RUN) $(RUN).txt && exit $$status
endef

# The slow cores must have the machine to themselves: close what else runs.
verify: build
	@mkdir -p $(RUNS); trap 'stopped=1' INT; \
	$(rounds) --bench Strong -o $(RUN)-verify.txt -- -planted -round {round} -seed {seed} > /dev/null; status=$$?; \
	test -s $(RUN)-verify.txt || exit $$status; \
	bin/amdahl verify -o $(RUN)-verify.svg $(RUN)-verify.txt && exit $$status

# Both methods measure a planted serial fraction in the same weather. The
# machine should have no other.
REPEATS ?= 20
drift: build
	@go build -o bin/drift ./bench/drift && go test -c -o bin/planted ./bench/drift
	@mkdir -p $(dir $(RUN)); trap 'stopped=1' INT; \
	bin/drift -repeats $(REPEATS) > $(RUN)-drift.txt; status=$$?; \
	test -s $(RUN)-drift.txt || exit $$status; \
	bin/amdahl drift -o $(RUN)-drift.svg $(RUN)-drift.txt && exit $$status

build:
	@mkdir -p bin
	@go build -o bin/amdahl ./cmd/amdahl
	@go test -c -o bin/bench ./bench

# The goals that the process pool has set itself come first, on standard error.
peers: build
	@cd bench/peers && go build -o ../../bin/peers .
	@mkdir -p $(RUNS); bin/peers -rounds 12 -time 50ms > $(RUN)-peers.txt; status=$$?; \
	test -s $(RUN)-peers.txt || exit $$status; \
	bin/amdahl report --brief -o $(RUN)-peers $(RUN)-peers.txt && exit $$status

# The same tasks under Python's strategies and ours, in the same rounds.
python: build
	@mkdir -p $(dir $(RUN)); trap 'stopped=1' INT; \
	PYTHON='$(PYTHON)' bench/python/rounds.sh $(ROUNDS) > $(RUN)-python.txt; status=$$?; \
	test -s $(RUN)-python.txt || exit $$status; \
	bin/amdahl report --brief -o $(RUN)-python $(RUN)-python.txt && exit $$status

# What the pool was seen to do under random sequences of operations, kills and
# stops, as one line for each transport.
SOAK ?= 15m
soak:
	go test ./pools/poolmodel -run 'TestModel' -count 1 -v -timeout 0 -soak $(SOAK) | grep -v '^=== '

# The race detector needs a C compiler.
test: cc
	go test -race ./...

cc:
	@command -v cc gcc clang >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
	apt-get update -q && apt-get install -qy gcc libc6-dev; } || \
	{ echo "make test: the race detector needs a C compiler: install gcc or clang" >&2; exit 1; }

clean:
	rm -rf bin

.PHONY: quick bench verify drift soak peers python build test cc clean
.DEFAULT_GOAL := quick
