package gotest

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"amdahl/bench/contract"
	"amdahl/bench/rounds"
)

// unpack unpacks a recorded trace.
func unpack(t *testing.T, name, to string) {
	t.Helper()
	in, err := os.Open(filepath.Join("..", "losses", "testdata", name+".trace.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	z, err := gzip.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err == nil {
		err = os.WriteFile(to, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A traced run becomes a line with its account and what it printed, but its time, and a
// profile; the trace is removed.
func TestProfiling(t *testing.T) {
	temp, keep := t.TempDir(), filepath.Join(t.TempDir(), "kept")
	p, err := NewProfiling(temp, keep, 0)
	if err != nil {
		t.Fatal(err)
	}
	o := p.Options(0)
	point := rounds.Point{Name: "cpu=2", Procs: 2, Key: "revision=now"}
	runs := o.Runs(point, 3)
	if o.Rounds != profiledRounds || len(runs) != 2 || len(runs[0].Args) != 2 || runs[0].Kind != "true" || runs[1].Kind != "sampled" {
		t.Fatalf("%d rounds, %+v", o.Rounds, runs)
	}
	args, take := runs[0].Args, runs[0].Take
	trace, ok := strings.CutPrefix(args[0], "-test.trace=")
	if !ok || !strings.HasPrefix(args[1], "-test.cpuprofile=") {
		t.Fatalf("got %q", args)
	}
	unpack(t, "lock", trace)
	printed := []string{"BenchmarkOther-2 1 5 ns/op", "BenchmarkLock/cause=lock/strength=60/revision=now-2 100 120000 ns/op 7 lock-ns/op 9 run-delay-ns/op"}
	lines, err := take(printed)
	if err != nil || len(lines) != 1 {
		t.Fatalf("got %q, %v, want one line", lines, err)
	}
	f := strings.Fields(lines[0])
	if f[0] != "BenchmarkLock/cause=lock/strength=60/revision=now-2" || f[1] != "100" || len(f)%2 != 0 {
		t.Errorf("got %q", lines[0])
	}
	for _, unit := range []string{contract.UnitTraced, contract.UnitPaid, contract.UnitRunning, contract.Lock.Unit(), contract.UnitDelay} {
		if strings.Count(lines[0], " "+unit) != 1 {
			t.Errorf("%s does not stand once in %q", unit, lines[0])
		}
	}
	if strings.Contains(lines[0], " ns/op") || strings.Contains(lines[0], "\t7 lock-ns/op") {
		t.Errorf("what is not of the account is in %q", lines[0])
	}
	if lines, err := runs[1].Take(printed); err != nil || len(lines) > 0 {
		t.Errorf("a run that left no profiles: got %q, %v", lines, err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
	if len(p.Kept) != 1 {
		t.Fatalf("kept %q", p.Kept)
	}
	in, err := os.Open(p.Kept[0])
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	kept, err := profile.Parse(in)
	if err != nil {
		t.Fatal(err)
	}
	comments := strings.Join(kept.Comments, "\n")
	for _, want := range []string{"benchmark " + f[0], "round 3", "workers 2", "ops 100"} {
		if !strings.Contains(comments, want) {
			t.Errorf("no %q in %q", want, comments)
		}
	}
	foreign := filepath.Join(keep, "mine.pb.gz")
	if err := os.WriteFile(foreign, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewProfiling(temp, keep, 3); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(keep); err != nil || len(left) != 2 {
		t.Errorf("%v is left of rounds that are gone on with, %v, want round 3 and what is not its own", left, err)
	}
	if _, err := NewProfiling(temp, keep, 2); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(keep); err != nil || len(left) != 1 || left[0].Name() != "mine.pb.gz" {
		t.Errorf("%v is left of an earlier run, %v, want what is not its own", left, err)
	}
	if _, err := o.Runs(point, 4)[0].Take(printed); err == nil {
		t.Error("no error without a trace")
	}
	if err := os.WriteFile(p.file(point, 5), []byte("no trace"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Runs(point, 5)[0].Take(printed); err == nil {
		t.Error("no error for what is no trace")
	}
}

// A line is of the benchmark of that whole name, and of no other that begins alike.
func TestIsOf(t *testing.T) {
	for _, tt := range []struct {
		line, name, key string
		want            bool
	}{
		{"BenchmarkLock 1 5 ns/op", "BenchmarkLock", "", true},
		{"BenchmarkLock-2\t1\t5 ns/op", "BenchmarkLock", "", true},
		{"BenchmarkLockFree-2 1 5 ns/op", "BenchmarkLock", "", false},
		{"BenchmarkA/size=1000-2 1 5 ns/op", "BenchmarkA/size=100", "", false},
		{"BenchmarkA/size=100/revision=now-2 1 5 ns/op", "BenchmarkA/size=100", "revision=now", true},
		{"BenchmarkA/size=100/revision=now-2 1 5 ns/op", "BenchmarkA/size=100", "", false},
		{"BenchmarkA/x-y 1 5 ns/op", "BenchmarkA/x", "", false},
		{"BenchmarkA/x-8-2 1 5 ns/op", "BenchmarkA/x-8", "", true},
		{"BenchmarkB 1 5 ns/op", "BenchmarkA", "", false},
	} {
		if got := isOf(tt.line, tt.name, tt.key); got != tt.want {
			t.Errorf("%q, %s, %q: %t", tt.line, tt.name, tt.key, got)
		}
	}
}

// A trace without marks, as of a program that accounts for itself, gives no account and a
// note, once.
func TestProfilingNoMarks(t *testing.T) {
	p, err := NewProfiling(t.TempDir(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	point := rounds.Point{Name: "cpu=1"}
	p.note("x")
	p.note("x")
	if len(p.Notes) != 1 {
		t.Errorf("notes %q, want one", p.Notes)
	}
	if _, err := NewProfiling(t.TempDir(), filepath.Join(os.Args[0], "under a file"), 0); err == nil {
		t.Errorf("%s: no error for a directory that cannot be made", point.Name)
	}
}

// Runs without a trace are made in the first round and, where that shows that tracing costs
// more, of every level in the rounds that follow. Their profiles say what they are.
func TestProfilingWithoutTrace(t *testing.T) {
	for _, tt := range []struct {
		name  string
		ns    float64 // of an operation without a trace; traced it takes 120 µs
		again bool
	}{{"no cost", 119_000, false}, {"tracing costs", 90_000, true}} {
		temp, keep := t.TempDir(), filepath.Join(t.TempDir(), "kept")
		p, err := NewProfiling(temp, keep, 0)
		if err != nil {
			t.Fatal(err)
		}
		o := p.Options(0)
		one, two := rounds.Point{Name: "cpu=1", Procs: 1}, rounds.Point{Name: "cpu=2", Procs: 2}
		if n := len(o.Runs(one, 1)); n != 2 {
			t.Errorf("%s: %d ways to run in the first round, want 2", tt.name, n)
		}
		runs := o.Runs(two, 1)
		unpack(t, "lock", strings.TrimPrefix(runs[0].Args[0], "-test.trace="))
		const name = "BenchmarkLock/cause=lock/strength=60-2"
		printed := []string{name + " 100 120000 ns/op"}
		traced, err := runs[0].Take(printed)
		if err != nil || len(traced) != 1 {
			t.Fatalf("%s: %q, %v", tt.name, traced, err)
		}
		took, err := strconv.ParseFloat(strings.Fields(traced[0])[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		dir, ok := strings.CutPrefix(runs[1].Args[0], "-"+contract.ProfilesFlag+"=")
		if !ok || len(runs[1].Args) != 1 {
			t.Fatalf("%s: %q", tt.name, runs[1].Args)
		}
		empty := &profile.Profile{SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}}}
		for _, f := range []string{"cpu", "mutex0", "mutex1", "block0", "block1"} {
			out, err := os.Create(filepath.Join(dir, "1."+f))
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(empty.Write(out), out.Close()); err != nil {
				t.Fatal(err)
			}
		}
		text := fmt.Sprintf("1000 100 2 2 %.0f 100 0 0 BenchmarkLock/cause=lock/strength=60", tt.ns*100*took/120_000)
		if err := os.WriteFile(filepath.Join(dir, "1.txt"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		lines, err := runs[1].Take(printed)
		if err != nil || len(lines) != 1 || !strings.HasPrefix(lines[0], name+"\t100\t") {
			t.Errorf("%s: got %q, %v", tt.name, lines, err)
		}
		for _, point := range []rounds.Point{one, two} {
			if n := len(o.Runs(point, 2)); (n == 2) != tt.again {
				t.Errorf("%s: %d ways to run %s in the second round", tt.name, n, point.Name)
			}
		}
		if len(p.Kept) != 2 || !strings.HasSuffix(p.Kept[0], "-2-cpu=2-round1.pb.gz") || !strings.HasSuffix(p.Kept[1], "-2-cpu=2-sampled-round1.pb.gz") {
			t.Errorf("%s: kept %q", tt.name, p.Kept)
		}
	}
}
