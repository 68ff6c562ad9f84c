package overlay

import (
	"bytes"
	"context"
	"go/format"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"amdahl/bench/contract"
)

// installed is the Go that runs these tests.
func installed(t *testing.T) Go {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT", "GOVERSION").Output()
	if err != nil {
		t.Fatal(err)
	}
	f := strings.Fields(string(out))
	if len(f) != 2 {
		t.Fatalf("go env says %q", out)
	}
	return Go{f[0], f[1]}
}

func TestPatchInstalled(t *testing.T) {
	source, err := os.ReadFile(filepath.Join(installed(t).Root, "src", "testing", "benchmark.go"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Patch(source)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"why whyAccount": 1, "b.why.begin(b)": 2, "b.why.end()": 1, "b.why.reset()": 1, "b.why.report(b)": 1, "defer b.why.leave()": 1}
	left := string(got)
	for call, n := range want {
		if have := strings.Count(left, "\t"+call+"\n"); have != n {
			t.Errorf("%s stands there %d times, want %d", call, have, n)
		}
	}
	// Nothing else has changed.
	var rest []string
	for line := range strings.Lines(left) {
		if _, ours := want[strings.TrimSpace(line)]; !ours {
			rest = append(rest, line)
		}
	}
	if strings.Join(rest, "") != string(source) {
		t.Error("other lines have changed")
	}
	if _, err := format.Source(got); err != nil {
		t.Error(err)
	}
}

func TestWriteUnknownVersion(t *testing.T) {
	root := t.TempDir()
	from := filepath.Join(root, "src", "testing")
	if _, err := Write(t.TempDir(), Go{root, "go1.99"}, Options{}); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("no source: %v", err)
	}
	if err := os.MkdirAll(from, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(from, "benchmark.go"), []byte("package testing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Write(t.TempDir(), Go{root, "go1.99"}, Options{})
	for _, want := range []string{"go1.99", from, `"type B struct {"`, "without --why"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s in it", err, want)
		}
	}
}

// build compiles the fixture's tests.
func build(t *testing.T, o Options, env ...string) (binary string) {
	t.Helper()
	dir := t.TempDir()
	file, err := Write(dir, installed(t), o)
	if err != nil {
		t.Fatal(err)
	}
	binary = filepath.Join(dir, "fixture.test")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-overlay", file, "-o", binary, ".")
	cmd.Dir, cmd.Env = filepath.Join("testdata", "fixture"), append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// A result is one benchmark line: its metrics by unit.
type result map[string]float64

// measure runs the fixture and gives its results by name, without GOMAXPROCS.
func measure(t *testing.T, binary string, args ...string) map[string]result {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, append([]string{"-test.run=^$", "-test.timeout=10m"}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, &stderr)
	}
	all := map[string]result{}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(f[0], "Benchmark"), "-")
		r := result{}
		for i := 2; i+1 < len(f); i += 2 {
			v, err := strconv.ParseFloat(f[i], 64)
			if err != nil || v < 0 {
				t.Errorf("%s: %s %s is no number from 0", name, f[i], f[i+1])
			}
			r[f[i+1]] = v
		}
		all[name] = r
	}
	return all
}

// The planted causes are there, and what is outside of the timed region is not.
// How large they are is not asked.
func TestFixture(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a package; -short")
	}
	binary := build(t, Options{Why: true, Keys: []string{"workers"}})
	for _, tt := range []struct {
		bench, name string
		args        []string
		positive    []string
		workers     float64
	}{
		{"Alloc", "Alloc", []string{"-test.benchtime=5x"}, []string{"gc-ns/op", "cpu-ns/op"}, 2},
		{"Lock", "Lock", []string{"-test.benchtime=20000x"}, []string{"lock-ns/op", "runnable-ns/op"}, 2},
		{"Sleep", "Sleep", []string{"-test.benchtime=3x", "-test.benchmem"}, []string{"allocs/op"}, 2},
		{"Oversubscribed", "Oversubscribed/workers=64", []string{"-test.benchtime=3x"}, []string{"runnable-ns/op", "cpu-ns/op"}, 64},
		{"Oversubscribed", "Oversubscribed/workers=1", []string{"-test.benchtime=3x"}, []string{"cpu-ns/op"}, 1},
		{"Own", "Own", []string{"-test.benchtime=10x"}, []string{"widgets/op"}, 2},
	} {
		args := append([]string{"-test.cpu=2", "-test.bench=^Benchmark" + tt.bench + "$"}, tt.args...)
		r, ok := measure(t, binary, args...)[tt.name]
		if !ok {
			t.Errorf("%s: no result", tt.name)
			continue
		}
		for _, unit := range []string{"cpu-ns/op", "gc-ns/op", "runnable-ns/op", "lock-ns/op", "paid-ns/op"} {
			if _, ok := r[unit]; !ok {
				t.Errorf("%s: no %s in %v", tt.name, unit, slices.Sorted(maps.Keys(r)))
			}
		}
		for _, unit := range tt.positive {
			if tt.name == "Sleep" {
				if _, ok := r[unit]; !ok {
					t.Errorf("%s: -benchmem gives no %s", tt.name, unit)
				}
			} else if r[unit] <= 0 {
				t.Errorf("%s: %v %s, want more than 0", tt.name, r[unit], unit)
			}
		}
		if got, want := r["paid-ns/op"], tt.workers*r["ns/op"]; got < 0.99*want || got > 1.01*want {
			t.Errorf("%s: %v paid-ns/op, want %v workers times %v ns/op", tt.name, got, tt.workers, r["ns/op"])
		}
		if tt.name == "Own" && r["cpu-ns/op"] != 42 {
			t.Errorf("%v cpu-ns/op, want the benchmark's own 42", r["cpu-ns/op"])
		}
	}
	// What is done while the timer stands does not count. It is 20 ms and more
	// of CPU time; the reading itself is a few µs.
	for _, name := range []string{"Timed", "Reset"} {
		r := measure(t, binary, "-test.bench=^Benchmark"+name+"$", "-test.benchtime=3x")[name]
		if cpu, ok := r["cpu-ns/op"]; !ok || cpu > 10e6 {
			t.Errorf("%s: %v cpu-ns/op, want less than half of what is outside", name, cpu)
		}
		if n := r["allocs/op"]; n != 0 {
			t.Errorf("%s: %v allocs/op, want 0: counting must not allocate", name, n)
		}
	}
}

// Asked to, it writes profiles of the timed region of each benchmark, also of one that is a
// part of another; not of one whose timer was stopped in between, and none unasked.
func TestProfiles(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a package; -short")
	}
	binary := build(t, Options{Why: true, Keys: []string{"workers"}})
	dir := t.TempDir()
	args := []string{"-test.cpu=2", "-test.bench=^Benchmark(Lock|Oversubscribed|Timed)$", "-test.benchtime=20x"}
	plain := measure(t, binary, args...)
	if left, err := os.ReadDir(dir); len(left) > 0 || err != nil {
		t.Errorf("unasked there are %v, %v", left, err)
	}
	all := measure(t, binary, append([]string{"-" + contract.ProfilesFlag + "=" + dir}, args...)...)
	if len(all) != 4 || len(plain) != 4 {
		t.Errorf("%d and %d results, want 4: %v", len(all), len(plain), all)
	}
	for i, want := range []string{"BenchmarkLock", "BenchmarkOversubscribed/workers=1", "BenchmarkOversubscribed/workers=64"} {
		text, err := os.ReadFile(filepath.Join(dir, strconv.Itoa(i+1)+".txt"))
		f := strings.Fields(string(text))
		if err != nil || len(f) != 9 || f[8] != want || f[1] != "20" || f[2] != "2" {
			t.Errorf("got %q, %v, want 20 operations of %s at 2 processors", text, err, want)
			continue
		}
		ns, err := strconv.ParseFloat(f[4], 64)
		if on, err := strconv.ParseFloat(f[0], 64); err != nil || on <= 0 {
			t.Errorf("%s: the block profile was on for %q ns", want, f[0])
		}
		if r := all[strings.TrimPrefix(want, "Benchmark")]; err != nil || ns < 0.99*20*r["ns/op"] || ns > 1.01*20*r["ns/op"] {
			t.Errorf("%s: %q ns of 20 operations that took %v each", want, f[4], r["ns/op"])
		}
		for _, what := range []string{"cpu", "mutex0", "mutex1", "block0", "block1"} {
			in, err := os.Open(filepath.Join(dir, strconv.Itoa(i+1)+"."+what))
			if err != nil {
				t.Error(err)
				continue
			}
			p, err := profile.Parse(in)
			in.Close()
			if err != nil || len(p.SampleType) != 2 {
				t.Errorf("%s: %s: %v, %v", want, what, p, err)
			}
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "4.*")); len(left) > 0 {
		t.Errorf("a timer that is stopped has left %q", left)
	}
	// A benchmark that is skipped while its timer runs leaves no profile on.
	if all := measure(t, binary, "-"+contract.ProfilesFlag+"="+t.TempDir(), "-test.bench=^BenchmarkSkipped$"); len(all) > 0 {
		t.Errorf("got %v of a skipped one", all)
	}
}

// Elsewhere it compiles at least.
func TestOtherSystems(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles package testing for other systems; -short")
	}
	for _, system := range []string{"windows", "darwin", "js"} {
		arch := map[string]string{"js": "wasm"}[system]
		if arch == "" {
			arch = "amd64"
		}
		t.Run(system, func(t *testing.T) { build(t, Options{}, "GOOS="+system, "GOARCH="+arch, "CGO_ENABLED=0") })
	}
}

// What the system counted while the timer ran, and only then, is in the results:
// the counters are files that the fixture writes.
func TestDelay(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a package; -short")
	}
	if runtime.GOOS != "linux" {
		t.Skip("only Linux counts run delay")
	}
	proc := t.TempDir()
	binary := build(t, Options{Proc: proc})
	for _, tt := range []struct {
		bench string
		want  result // nil is nothing but the CPU time
	}{
		{"Counted", result{"run-delay-ns/op": 900, "others-ns/op": 3e7 - 700, "stolen-ns/op": 2e7}},
		{"Stretches", nil},
	} {
		got := measure(t, binary, "-test.bench=^Benchmark"+tt.bench+"$", "-test.benchtime=1x", "-proc", proc)[tt.bench]
		for _, unit := range []string{"run-delay-ns/op", "others-ns/op", "stolen-ns/op", "throttled-ns/op"} {
			v, ok := got[unit]
			if want, wanted := tt.want[unit]; ok != wanted || v != want {
				t.Errorf("%s: %v %s, %v, want %v, %v", tt.bench, v, unit, ok, want, wanted)
			}
		}
		if _, ok := got["cpu-ns/op"]; !ok || len(got) > 2+len(tt.want) {
			t.Errorf("%s: got %v, want the CPU time and nothing else", tt.bench, got)
		}
	}
	// The real counters can be read, and reading them allocates nothing.
	r := measure(t, build(t, Options{}), "-test.bench=^BenchmarkReset$", "-test.benchtime=3x", "-test.benchmem")["Reset"]
	if _, ok := r["run-delay-ns/op"]; !ok || r["allocs/op"] != 0 {
		t.Errorf("got %v, want a run delay, and no allocation", r)
	}
}

// In a traced run the counters of perf_event_open are read, and only there: here the CPU
// time and the page faults that the kernel counts, because a virtual machine may have none
// of the hardware.
func TestCounters(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a package; -short")
	}
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has these counters")
	}
	const software, clock, faults = 1, 1, 2
	binary := build(t, Options{Why: true, events: [2][2]uint64{{software, clock}, {software, faults}}})
	args := []string{"-test.bench=^BenchmarkAlloc$", "-test.benchtime=20x"}
	for unit := range measure(t, binary, args...)["Alloc"] {
		if strings.Contains(unit, "instructions") || strings.Contains(unit, "cycles") {
			t.Errorf("an untraced run has %s", unit)
		}
	}
	got := measure(t, binary, append(args, "-test.trace="+filepath.Join(t.TempDir(), "x.trace"))...)["Alloc"]
	counted, own := got["instructions/op"], got["user-instructions/op"]
	if counted == 0 && own == 0 {
		t.Skip("the kernel lets this process count nothing")
	}
	if cpu := got["cpu-ns/op"]; counted+own < 0.2*cpu || counted+own > 5*cpu {
		t.Errorf("the kernel counted %v ns of CPU time, and getrusage %v", counted+own, cpu)
	}
}
