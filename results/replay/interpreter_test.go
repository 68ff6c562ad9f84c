package replay

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"amdahl/bench/contract"
)

func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

// Compute does not get faster under one interpreter, and waiting does; each
// process has an interpreter of its own.
func TestInterpreter(t *testing.T) {
	compute, wait := Equal(0, 64, Phase{Compute, 10 * ms}), Equal(0, 64, Phase{Wait, 10 * ms})
	for _, n := range []int{1, 2, 3, 8, 64} {
		threads, processes := Machine{Workers: n, Interpreter: true}, Machine{Workers: n, Interpreter: true, Processes: true}
		for _, c := range []struct {
			name string
			job  Job
			m    Machine
			want time.Duration
		}{
			{"threads that compute", compute, threads, 640 * ms},
			{"threads that wait", wait, threads, ceil(64, n) * 10 * ms},
			{"processes that compute", compute, processes, ceil(64, n) * 10 * ms},
			{"processes that wait", wait, processes, ceil(64, n) * 10 * ms},
		} {
			out := run(t, c.job, c.m)
			if out.Time != c.want {
				t.Errorf("%s, n = %d: T = %v, want %v", c.name, n, out.Time, c.want)
			}
			p := out.Parts
			if lost := p[contract.Interpreter] + p[contract.Imbalance]; lost != p.Sum()-640*ms || p[contract.Queued] != 0 || p[contract.Lock] != 0 {
				t.Errorf("%s, n = %d: %+v, want all but 640 ms lost to the interpreter and at the end", c.name, n, p)
			}
		}
	}
}

// The interpreter is handed over every 5 ms while another thread wants it.
func TestSwitch(t *testing.T) {
	got := run(t, Equal(0, 2, Phase{Compute, 12 * ms}), Machine{Interpreter: true, Record: true})
	want := []Slice{
		{0, 0, Compute, 0, 5 * ms}, {0, 0, InterpreterWait, 5 * ms, 10 * ms},
		{0, 0, Compute, 10 * ms, 15 * ms}, {0, 0, InterpreterWait, 15 * ms, 20 * ms}, {0, 0, Compute, 20 * ms, 22 * ms},
		{1, 1, InterpreterWait, 0, 5 * ms}, {1, 1, Compute, 5 * ms, 10 * ms},
		{1, 1, InterpreterWait, 10 * ms, 15 * ms}, {1, 1, Compute, 15 * ms, 20 * ms},
		{1, 1, InterpreterWait, 20 * ms, 22 * ms}, {1, 1, Compute, 22 * ms, 24 * ms},
	}
	same(t, got.Slices, want)
}

// The convoy: a thread that mostly waits has to wait the whole switch interval
// each time it wants to compute, as long as another computes. A fair core with
// a quantum serves it within what is left of the quantum.
func TestConvoy(t *testing.T) {
	var server Task
	for range 10 {
		server = append(server, Phase{Wait, 2 * ms}, Phase{Compute, ms / 10})
	}
	j := Job{Tasks: []Task{{{Compute, time.Second}}, server}}
	for _, c := range []struct {
		name string
		m    Machine
		want time.Duration // that the server waits for compute
	}{
		{"alone", Machine{}, 0},
		{"interpreter", Machine{Interpreter: true}, 10 * 5 * ms},
		{"interpreter, 1 ms", Machine{Interpreter: true, Switch: ms}, 10 * ms},
		{"interpreter, never", Machine{Interpreter: true, Switch: time.Hour}, 998 * ms},
		{"processes", Machine{Interpreter: true, Processes: true}, 0},
		{"quantum", Machine{Cores: 1, Quantum: 5 * ms}, 10 * 3 * ms},
	} {
		c.m.Record = true
		var got time.Duration
		for _, s := range run(t, j, c.m).Slices {
			if s.Worker == 1 && (s.Kind == InterpreterWait || s.Kind == CoreWait) {
				got += s.End - s.Start
			}
		}
		if got != c.want {
			t.Errorf("%s: waited %v to compute, want %v", c.name, got, c.want)
		}
	}
}

// The lock is shared by processes too, and its holder keeps it while it waits
// for the interpreter.
func TestLockAndInterpreter(t *testing.T) {
	j := Equal(0, 3, Phase{Locked, 7 * ms})
	for _, m := range []Machine{{}, {Interpreter: true}, {Interpreter: true, Processes: true}, {Cores: 1, Quantum: ms}} {
		if got := hold(t, j, m); got.Time != 21*ms || got.Parts[contract.Lock] != 21*ms {
			t.Errorf("T = %v, waited %v for the lock, want 21ms and 21ms on %+v", got.Time, got.Parts[contract.Lock], m)
		}
	}
	j.Tasks[1] = Task{{Compute, 20 * ms}}
	got := run(t, j, Machine{Interpreter: true, Record: true})
	same(t, got.Slices, []Slice{
		{0, 0, Locked, 0, 5 * ms}, {0, 0, InterpreterWait, 5 * ms, 10 * ms}, {0, 0, Locked, 10 * ms, 12 * ms},
		{1, 1, InterpreterWait, 0, 5 * ms}, {1, 1, Compute, 5 * ms, 10 * ms}, {1, 1, InterpreterWait, 10 * ms, 12 * ms},
		{1, 1, Compute, 12 * ms, 17 * ms}, {1, 1, InterpreterWait, 17 * ms, 22 * ms}, {1, 1, Compute, 22 * ms, 27 * ms},
		{1, 1, InterpreterWait, 27 * ms, 29 * ms}, {1, 1, Compute, 29 * ms, 34 * ms},
		{2, 2, LockWait, 0, 12 * ms}, {2, 2, InterpreterWait, 12 * ms, 17 * ms}, {2, 2, Locked, 17 * ms, 22 * ms},
		{2, 2, InterpreterWait, 22 * ms, 27 * ms}, {2, 2, Locked, 27 * ms, 29 * ms},
	})
}
