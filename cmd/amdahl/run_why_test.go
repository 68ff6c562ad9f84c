package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"amdahl/bench/contract"
)

// causes are the metrics that --why adds to each result.
var causes = []string{"cpu-ns/op", "gc-ns/op", "runnable-ns/op", "lock-ns/op", "paid-ns/op"}

// compile compiles the tests of the package in a directory.
func compile(t *testing.T, dir, binary string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", binary, ".")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// A package as it is accounts for its time, and is traced.
func TestRunWhy(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a package; -short")
	}
	t.Parallel()
	dir := t.TempDir()
	fixture := filepath.Join("..", "..", "bench", "overlay", "testdata", "fixture")
	file, timeline := filepath.Join(dir, "why.txt"), filepath.Join(dir, "why.json")
	status, text, stderr := amdahlIn(t, fixture, "run", ".", "--bench", "Oversubscribed", "-x", "workers=1,64", "--benchtime", "2x", "--rounds", "1", "--why", "--trace", timeline)
	if status != 0 {
		t.Fatalf("exit status %d, %s", status, stderr)
	}
	lines, kind := 0, ""
	accounts := map[string]int{}
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, contract.KeyProfiled+":"); ok {
			kind = strings.TrimSpace(value)
		}
		if !strings.HasPrefix(line, "BenchmarkOversubscribed") {
			continue
		}
		if strings.Contains(line, " traced-ns/op") {
			accounts[kind]++
			continue
		}
		lines++
		for _, unit := range causes {
			if !strings.Contains(line, " "+unit) {
				t.Errorf("no %s in %q", unit, line)
			}
		}
	}
	if lines != 3 {
		t.Errorf("%d results, want 3: two levels, and the sentinel; none of the traced runs", lines)
	}
	if n := accounts[contract.ProfiledSampled]; accounts[contract.ProfiledTraced] != 12 || n < 2 || n > 12 || n%2 != 0 || len(accounts) != 2 {
		t.Errorf("%v accounts, want 12 of traces: six profiled rounds of two levels; and 2 to 12 without", accounts)
	}
	// Where the time without a processor is not known, a busy machine lets nothing be said.
	if strings.Contains(text, " "+contract.UnitDelay) && !strings.Contains(stderr, ": with one worker it ") {
		t.Errorf("got %q, want a word on what bounds it", stderr)
	}
	for _, want := range []string{"timeline: " + timeline + ": open it in ui.perfetto.dev", filepath.Join(dir, "why-workers=64.trace")} {
		if !strings.Contains(stderr, want) {
			t.Errorf("got %q, want %q in it", stderr, want)
		}
	}
	// It is some 25 MB: package gotrace tests that such a text is JSON.
	written, err := os.ReadFile(timeline)
	events := bytes.Count(written, []byte(`{"ph":`))
	if whole := bytes.HasPrefix(written, []byte("[\n{")) && bytes.HasSuffix(written, []byte("}\n]\n")); err != nil || events < 100 || !whole {
		t.Errorf("the timeline has %d events, %v, whole: %t", events, err, whole)
	}
	for _, level := range []string{"workers=1", "workers=64"} {
		if info, err := os.Stat(filepath.Join(dir, "why-"+level+".trace")); err != nil || info.Size() == 0 {
			t.Errorf("no trace of %s: %v", level, err)
		}
	}
	// The same sources make the same binary, so a run can go on.
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, stderr := amdahlIn(t, fixture, "run", "--resume", file, "--rounds", "2", "--yes"); !strings.Contains(stderr, "2 rounds in ") {
		t.Errorf("going on: %s", stderr)
	}
	keptProfiles(t, filepath.Join(dir, "why.profiles"))
	// What is compiled cannot be changed any more.
	binary := filepath.Join(dir, "plain.test")
	compile(t, fixture, binary)
	if status, _, stderr := amdahlIn(t, fixture, "run", binary, "--why", "-x", "cpu=1"); status != 2 || !strings.Contains(stderr, "plain.test is compiled and has no flag -why: name its package instead") {
		t.Errorf("exit status %d, %q, want 2", status, stderr)
	}
	// Without --why there is no account.
	if status, stdout, stderr := amdahlIn(t, fixture, "run", binary, "--bench", "Sleep", "-x", "cpu=1", "--benchtime", "2x", "--rounds", "1"); status != 0 || strings.Contains(stdout, "paid-ns") {
		t.Errorf("exit status %d, %q, %q, want no account", status, stdout, stderr)
	}
}

// A test binary with flags of its own for both is given those.
func TestRunOwnFlags(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a package; -short")
	}
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module own\n\ngo 1.20\n",
		"own_test.go": `package own

import ("flag"; "os"; "testing")

var why = flag.Bool("why", false, "account for it")
var line = flag.String("timeline", "", "write it there")

func BenchmarkOwn(b *testing.B) {
	for _, name := range []string{"workers=1", "workers=2"} {
		b.Run(name, func(b *testing.B) {
			for i := 0; i < b.N; i++ {}
			if *why { b.ReportMetric(42, "own-ns/op") }
			if *line != "" { os.WriteFile(*line, []byte("["+name[8:]+"]"), 0o600) }
		})
	}
}
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	compile(t, dir, "own.test")
	for _, tt := range []struct {
		target, workers string
		files           map[string]string
	}{
		{".", "2", map[string]string{"all.json": "[2]"}},
		{"own.test", "1,2", map[string]string{"all-workers=1.json": "[1]", "all-workers=2.json": "[2]"}},
	} {
		status, stdout, stderr := amdahlIn(t, dir, "run", tt.target, "-x", "workers="+tt.workers, "--benchtime", "2x", "--rounds", "1", "--why", "--trace", "all.json")
		if status != 0 || !strings.Contains(stdout, "42.00 own-ns/op") || strings.Contains(stdout, "paid-ns/op") {
			t.Errorf("exit status %d, %q, %q, want its own account alone", status, stdout, stderr)
		}
		for file, want := range tt.files {
			if text, err := os.ReadFile(filepath.Join(dir, file)); err != nil || string(text) != want || !strings.Contains(stderr, file) || strings.Contains(stderr, "go tool trace") {
				t.Errorf("%s has %q, %v, want %s; %q", file, text, err, want, stderr)
			}
		}
	}
}

func TestRunWhyUsage(t *testing.T) {
	for _, tt := range []struct {
		args   string
		status int
		want   string
	}{
		{"run --trace x.json -x n=1,2 -- ls {n}", 2, "--trace is for Go packages"},
		{"run ./p --trace /no/such/x.json -x cpu=1", 2, "--trace /no/such/x.json: stat"},
	} {
		status, _, stderr := amdahl(t, strings.Fields(tt.args)...)
		if status != tt.status || !strings.Contains(stderr, tt.want) {
			t.Errorf("%s: exit status %d, %q, want %d, %q", tt.args, status, stderr, tt.status, tt.want)
		}
	}
}
