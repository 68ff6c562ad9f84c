// Package overlay makes any Go benchmark account for the time of its workers,
// without a change to its code: the package testing that it is compiled with is
// replaced.
//
//	file, err := overlay.Write(dir, overlay.Go{Root: goroot, Version: "go1.26.0"}, overlay.Options{})
//	go test -c -overlay file ./pkg
//
// The copy of testing counts while, and only while, a benchmark's timer runs,
// for b.N, b.Loop and b.RunParallel alike, and adds to every result, where the
// benchmark does not report a metric of this name itself:
//
//	cpu-ns/op                CPU time of the process, user and system; not of its children
//	run-delay-ns/op          time of its threads that were ready and had no processor (Linux)
//	others-ns/op             CPU time of all other programs on the processors that this one may use (Linux)
//	stolen-ns/op             time that a hypervisor took from these processors, if any (Linux)
//	throttled-ns/op          time that a control group stopped the process for its quota, if any (Linux)
//
// and with [Options.Why]
//
//	gc-ns/op                 of it, garbage collection that the program had to wait or pay for: assists,
//	                         dedicated workers, pauses; not what ran on idle processors
//	runnable-ns/op           time of goroutines that could run and did not
//	lock-ns/op               time of goroutines that waited for a sync.Mutex, a sync.RWMutex or the runtime's locks
//	voluntary-switches/op    context switches where a thread waited
//	involuntary-switches/op  context switches where a thread was preempted
//	paid-ns/op               p·T: the workers times the time of an operation
//
// and of a program that records an execution trace meanwhile, where the hardware's counters can be read (Linux)
//
//	instructions/op, cycles/op            of all its threads, in user code and in the kernel
//	user-instructions/op, user-cycles/op  the same of user code, where the kernel allows no more
//
// All are at least 0. A program that was given a boolean flag -why of its own
// accounts for itself: the copy then does nothing. What a system does not tell is left out (context switches
// on Windows). p is the number behind the first of the keys in the benchmark's
// name, else GOMAXPROCS when the timer stopped.
//
// # Marks in an execution trace
//
// While the program records an execution trace (-test.trace), the copy also writes
// marks into it, as runtime/trace.Log does, with the words of package contract: where
// the timed region begins and ends, and which benchmark it was of. Package bench/losses
// reads them.
//
// # Profiles without a trace
//
// Given -test.why-profiles=DIR the copy takes a CPU profile of the timed region of every
// benchmark, and reads what the mutex and the block profile held before and after it. They
// are files in DIR, numbered in the order of the results: "1.cpu", "1.mutex0", "1.mutex1",
// "1.block0", "1.block1", and "1.txt" with the time for which the block profile was on (a
// twentieth, because it is expensive), the number of operations, GOMAXPROCS, the workers,
// the time, the CPU time, that of garbage collection and that for which goroutines were
// runnable, of the region, in ns, and the name.
// A benchmark whose timer is stopped and started again has none. Package bench/losses reads
// them.
//
// # What they are worth
//
// runnable-ns is an estimate from /sched/latencies:seconds, which has every
// eighth transition of a goroutine: eight times the sum over its buckets, each
// value taken for the middle of its bucket. A bucket is a quarter of a power of
// two wide, so the middle is off by an eighth at most; the sampling weighs more
// where few goroutines waited. A value counts when the goroutine runs again.
// lock-ns is sampled in the same way by the runtime. Both are the time of all
// goroutines, the garbage collector's too: with more of them than workers they
// can exceed paid-ns. gc-ns is the runtime's estimate, which it adds to at the
// end of a cycle: a cycle under way when the timer stops is missing.
//
// The parts of paid-ns that follow from other levels are left to the reader of
// the results: useful-ns is cpu-ns less gc-ns at the lowest level, inflation-ns
// what a level has above it, and unattributed-ns what no part explains.
//
// run-delay-ns and others-ns judge whether a sample can be believed. others-ns comes
// in ticks of 10 ms. Both are left out where the timer was stopped and started more
// than 31 times.
//
// # What it costs
//
// Reading the counters of the threads takes tens of µs for each thread, outside of the
// timed region: cpu-ns has none of it but the begin and the end.
//
// Readings are taken before the timer starts and after it stops, so the time of
// an operation stays what it was, and they allocate nothing, so allocs/op do too. Their own
// CPU time is seen in part: cpu-ns has 1 to 5 µs more for every stretch of the timed
// region, shared by the operations in it (seen on Linux, 1 µs where stretches
// follow each other): 5 µs at N = 1, nothing at N = 1000. A b.StopTimer and
// b.StartTimer within each operation are a stretch each.
package overlay

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"amdahl/bench/contract"
)

//go:embed _testing/*.go
var added embed.FS

const addedDir = "_testing"

// Go is the installation that compiles, as go env GOROOT and GOVERSION say.
type Go struct{ Root, Version string }

// Keys are the keys that count workers in benchmarks' names, by default.
var Keys = contract.WorkerKeys

// Options say what is counted. With the zero value it is what judges a sample.
type Options struct {
	Why  bool     // count also what says where the time went
	Keys []string // those of p; none takes GOMAXPROCS
	Proc string   // where the system's counters are; "" is /proc

	events [2][2]uint64 // type and number of what perf_event_open counts; 0 is instructions and cycles
}

// Write writes a copy of testing's benchmark.go that counts, what it needs, and
// the JSON file that go build's -overlay takes, into dir, which must exist, and
// returns the name of that file.
// Sources as they are from Go 1.24 to 1.26 are known to fit; the error for one
// that does not names the version and what still works.
func Write(dir string, g Go, o Options) (string, error) {
	from := filepath.Join(g.Root, "src", "testing")
	source, err := os.ReadFile(filepath.Join(from, "benchmark.go"))
	if err != nil {
		return "", fmt.Errorf("overlay: the source of package testing: %w", err)
	}
	patched, err := Patch(source)
	if err != nil {
		return "", fmt.Errorf("overlay: %s, %s: %w: --why cannot count with this version of Go; without --why everything else works; --why of a command still counts its CPU time and context switches", g.Version, from, err)
	}
	files := map[string][]byte{"benchmark.go": patched, "why_keys.go": optionsFile(o)}
	file := filepath.Join(dir, "overlay.json")
	if err := write(file, from, files); err != nil {
		return "", fmt.Errorf("overlay: %w", err)
	}
	return file, nil
}

// write writes the files, those of addedDir among them, beside the JSON file that
// puts them in the place of those in a directory.
func write(file, from string, files map[string][]byte) error {
	list, err := added.ReadDir(addedDir)
	if err != nil {
		return err
	}
	for _, f := range list {
		if files["why_"+f.Name()], err = added.ReadFile(addedDir + "/" + f.Name()); err != nil {
			return err
		}
	}
	replace := map[string]string{}
	for name, text := range files {
		to := filepath.Join(filepath.Dir(file), name)
		if err := os.WriteFile(to, text, 0o600); err != nil {
			return err
		}
		replace[filepath.Join(from, name)] = to
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}

// optionsFile declares the options.
func optionsFile(o Options) []byte {
	quoted := make([]string, len(o.Keys))
	for i, k := range o.Keys {
		quoted[i] = strconv.Quote(k)
	}
	text := fmt.Appendf(nil, "package testing\n\nvar whyKeys = []string{%s}\n\nconst whyAll = %v\n\nconst whyProc = %q\n", strings.Join(quoted, ", "), o.Why, cmp.Or(o.Proc, "/proc"))
	events := o.events
	if events == [2][2]uint64{} {
		events[0][1] = 1 // PERF_COUNT_HW_INSTRUCTIONS; 0 is PERF_COUNT_HW_CPU_CYCLES, and PERF_TYPE_HARDWARE
	}
	text = fmt.Appendf(text, "\nvar whyEvents = %#v\n", events)
	text = fmt.Appendf(text, "\nconst whyProfilesFlag = %q\n", contract.ProfilesFlag)
	return fmt.Appendf(text, "\nconst whyCategory, whyMarkReset, whyMarkBegin, whyMarkEnd, whyMarkResult = %q, %q, %q, %q, %q\n",
		contract.MarkCategory, contract.MarkReset, contract.MarkBegin, contract.MarkEnd, contract.MarkResult)
}

// The places of benchmark.go. Each line stands once in its function, or
// declaration, and the call goes before or behind it.
var places = []struct{ in, line, before, behind string }{
	{"type B struct {", "type B struct {", "", "\twhy whyAccount\n"},
	{"func (b *B) StartTimer() {", "b.start = highPrecisionTimeNow()", "\t\tb.why.begin(b)\n", ""},
	{"func (b *B) StopTimer() {", "b.duration += highPrecisionTimeSince(b.start)", "", "\t\tb.why.end()\n"},
	{"func (b *B) ResetTimer() {", "if b.timerOn {", "\tb.why.reset()\n", ""},
	{"func (b *B) ResetTimer() {", "b.start = highPrecisionTimeNow()", "\t\tb.why.begin(b)\n", ""},
	{"func (b *B) runN(n int) {", "benchmarkLock.Lock()", "\tdefer b.why.leave()\n", ""},
	{"func (b *B) launch() {", "b.result = BenchmarkResult{b.N, b.duration, b.bytes, b.netAllocs, b.netBytes, b.extra}", "\tb.why.report(b)\n", ""},
}

// Patch returns testing's benchmark.go with the calls that count. A source
// without the lines to put them at is an error that names the first.
func Patch(source []byte) ([]byte, error) {
	for _, p := range places {
		from := bytes.Index(source, []byte("\n"+p.in+"\n")) + 1
		if from == 0 {
			return nil, fmt.Errorf("benchmark.go has no %q", p.in)
		}
		to := len(source)
		if n := bytes.Index(source[from:], []byte("\n}\n")); n >= 0 {
			to = from + n
		}
		begin, end := lineOf(source[from:to], p.line)
		if begin < 0 {
			return nil, fmt.Errorf("benchmark.go has not one line %q in %q", p.line, p.in)
		}
		var out []byte
		out = append(append(out, source[:from+begin]...), p.before...)
		out = append(append(out, source[from+begin:from+end]...), p.behind...)
		source = append(out, source[from+end:]...)
	}
	return source, nil
}

// lineOf finds the only line that is this but for space around it; its end is
// behind its newline. begin is -1 if there is none, or several.
func lineOf(text []byte, want string) (begin, end int) {
	begin = -1
	at := 0
	for line := range bytes.Lines(text) {
		if string(bytes.TrimSpace(line)) == want {
			if begin >= 0 {
				return -1, -1
			}
			begin, end = at, at+len(line)
		}
		at += len(line)
	}
	return begin, end
}
