package gotest

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
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
	point := rounds.Point{Name: "cpu=2", Procs: 2}
	args := o.Args(point, 3)
	if o.Rounds != profiledRounds || len(args) != 2 {
		t.Fatalf("%d rounds, %q", o.Rounds, args)
	}
	trace, ok := strings.CutPrefix(args[0], "-test.trace=")
	if !ok || !strings.HasPrefix(args[1], "-test.cpuprofile=") {
		t.Fatalf("got %q", args)
	}
	unpack(t, "lock", trace)
	printed := []string{"BenchmarkOther-2 1 5 ns/op", "BenchmarkLock/cause=lock/strength=60/revision=now-2 100 120000 ns/op 7 lock-ns/op 9 run-delay-ns/op"}
	lines, err := o.Take(point, 3, printed)
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
	if _, err := o.Take(point, 4, printed); err == nil {
		t.Error("no error without a trace")
	}
	if err := os.WriteFile(p.file(point, 5), []byte("no trace"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Take(point, 5, printed); err == nil {
		t.Error("no error for what is no trace")
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
