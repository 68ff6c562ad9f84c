package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"amdahl/bench/load"
)

// This test binary plays the load, and both programs that are compared.
const playing = "CONTEST_TEST_PLAY"

func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 3 && os.Args[1] == load.Arg:
		os.Exit(makeLoad(os.Args[2], os.Stdin))
	case os.Getenv(playing) == "fail":
		fmt.Fprintln(os.Stderr, "no luck")
		os.Exit(3)
	case os.Getenv(playing) != "" && os.Args[1] == "run":
		fmt.Print(fromRun)
		os.Exit(0)
	case os.Getenv(playing) != "":
		fmt.Print(fromTest)
		os.Exit(0)
	}
	os.Setenv("GORACE", "atexit_sleep_ms=0") // or a process takes a second to end
	os.Exit(m.Run())
}

const fromRun = `goos: linux
cpu-count: 2
run-seed: 7
run-plan: ["-x","cpu=1,2"]
round: 1
canary: true
BenchmarkCanary	1	20000000 ns/op
canary:
pkg: amdahl/cmd/contest
BenchmarkPlanted/serial=0.05	10	20000000 ns/op
# done cpu=1
BenchmarkPlanted/serial=0.05-2	10	10500000 ns/op
sentinel: true
BenchmarkPlanted/serial=0.05	10	20000000 ns/op
sentinel:
load: 0.5
spoilt-rounds: 1
# ended round 1
round: 2
BenchmarkPlanted/serial=0.05-2	10	10500000 ns/op
spoilt-rounds: 1,2
`

const fromTest = `goos: linux
pkg: amdahl/cmd/contest
BenchmarkPlanted/serial=0.05         	      10	  20000000 ns/op
BenchmarkPlanted/serial=0.05-2       	      10	  10500000 ns/op
PASS
`

const merged = `goos: linux
cpu-count: 2
canary: true
round: 3001

BenchmarkCanary 1 2e+07 ns/op

canary:
pkg: amdahl/cmd/contest

BenchmarkPlanted/serial=0.05/method=amdahl-run/repeat=3 10 2e+07 ns/op
BenchmarkPlanted/serial=0.05/method=amdahl-run/repeat=3-2 10 1.05e+07 ns/op

sentinel: true

BenchmarkPlanted/serial=0.05/method=amdahl-run/repeat=3 10 2e+07 ns/op

round: 3002
sentinel:
load: 0.5

BenchmarkPlanted/serial=0.05/method=amdahl-run/repeat=3-2 10 1.05e+07 ns/op
spoilt-rounds: 3001,3002

round:
load:

BenchmarkPlanted/serial=0.05/method=go-test/repeat=3 10 2e+07 ns/op
BenchmarkPlanted/serial=0.05/method=go-test/repeat=3-2 10 1.05e+07 ns/op

pkg:
canary: true
round: 4001
`

// What holds for one measurement does not hold for the next, and the spoilt
// rounds of all stand in one line.
func TestMerge(t *testing.T) {
	var b bytes.Buffer
	m := newMerger(&b)
	for _, tt := range []struct {
		method string
		repeat int
		text   string
		want   int
	}{{withRun, 3, fromRun, 4}, {withTest, 3, fromTest, 2}, {withRun, 4, fromRun, 4}} {
		if got, err := m.add(tt.method, tt.repeat, []byte(tt.text)); got != tt.want || err != nil {
			t.Errorf("%s %d: got %d results, %v, want %d", tt.method, tt.repeat, got, err, tt.want)
		}
	}
	got := b.String()
	if d := cmp.Diff(merged, got[:min(len(merged), len(got))]); d != "" {
		t.Errorf("merged (-want +got):\n%s", d)
	}
	if !strings.HasSuffix(got, "\nspoilt-rounds: 3001,3002,4001,4002\n") {
		t.Errorf("got …%q, want the spoilt rounds of both repeats", got[max(0, len(got)-60):])
	}
	if _, err := m.add(withRun, 1, []byte("round: 1000\nBenchmarkA 1 1 ns/op\n")); err == nil {
		t.Error("a thousandth round was taken, whose number is that of another repeat")
	}
}

// A seed has its load: none and some in turn, for seconds.
func TestSpells(t *testing.T) {
	both := map[bool]bool{}
	for seed := range uint64(20) {
		one, again := spells(seed), spells(seed)
		last := one()
		if last != again() {
			t.Fatalf("seed %d: the same seed gave another load", seed)
		}
		both[last.threads > 0] = true
		for range 50 {
			s := one()
			if s != again() || (s.threads > 0) == (last.threads > 0) || s.threads > 2 || s.length < time.Second || s.length >= 4*time.Second {
				t.Fatalf("seed %d: %+v after %+v, want none and some in turn, 1 to 4 s", seed, s, last)
			}
			last = s
		}
	}
	if len(both) != 2 {
		t.Error("the load always begins alike")
	}
}

func TestLoadEnds(t *testing.T) {
	w, err := load.Start("1")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Stop(); err != nil {
		t.Errorf("got %v, want that it has ended by itself", err)
	}
	if got := makeLoad("x", strings.NewReader("")); got != 2 {
		t.Errorf("a seed that is none: got %d, want 2", got)
	}
}

func TestLevels(t *testing.T) {
	for _, tt := range []struct {
		processors int
		want       string
	}{{1, "1"}, {2, "1,2"}, {6, "1,2,4,6"}, {8, "1,2,4,8"}} {
		if got := levels(tt.processors); got != tt.want {
			t.Errorf("%d: got %q, want %q", tt.processors, got, tt.want)
		}
	}
}

// Both methods are run in each repeat, in one text.
func TestRun(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	absent := filepath.Join(t.TempDir(), "absent")
	for _, tt := range []struct {
		play   string
		args   []string
		status int
		stderr string
		names  int
	}{
		{"work", []string{"-amdahl", self, "-bench", self, "-repeats", "2", "-time", "1ms"}, 0, "contest: 2 of 2 repeats: ", 8},
		{"work", []string{"-amdahl", self, "-bench", self, "-repeats", "1", "-time", "1ms", "-no-load"}, 0, "contest: 1 of 1 repeats: ", 4},
		{"fail", []string{"-amdahl", self, "-bench", self}, 1, "the benchmark does not run: ", 0},
		{"work", []string{"-amdahl", absent, "-bench", self}, 1, "make contest builds it", 0},
		{"work", []string{"-repeats", "0"}, 2, "-repeats is from 1 to 999", 0},
		{"work", []string{"x"}, 2, "there are no arguments", 0},
		{"work", []string{"-no"}, 2, "flag provided but not defined", 0},
	} {
		t.Setenv(playing, tt.play)
		var out, errs bytes.Buffer
		status := run(t.Context(), append([]string{"measure"}, tt.args...), nil, &out, &errs)
		names := map[string]bool{}
		for line := range strings.Lines(out.String()) {
			if name, _, ok := strings.Cut(line, " "); ok && strings.HasPrefix(name, "BenchmarkPlanted") {
				names[name] = true
			}
		}
		if status != tt.status || !strings.Contains(errs.String(), tt.stderr) || len(names) != tt.names {
			t.Errorf("%q: got %d, %q, %d names, want %d, %q, %d", tt.args, status, &errs, len(names), tt.status, tt.stderr, tt.names)
		}
		if without := slices.Contains(tt.args, "-no-load"); status == 0 && strings.Contains(out.String(), "contest-load: none\n") != without {
			t.Errorf("%q: got %q, want the load in the head", tt.args, out.String()[:80])
		}
	}
}
