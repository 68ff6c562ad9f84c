package whatif

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/replay"
	"amdahl/results/why"
)

// recorded is the operation that a job on a machine is in the simulator, as a
// trace would tell it.
func recorded(t *testing.T, name string, share float64, j replay.Job, m replay.Machine) *contract.Operation {
	t.Helper()
	m.Record = true
	out, err := replay.Run(t.Context(), j, m)
	if err != nil {
		t.Fatal(err)
	}
	o := &contract.Operation{Case: fmt.Sprintf("%s/workers=%d", name, m.Workers), Workers: m.Workers, Processors: m.Cores, Apart: m.Processes, Slowdown: 1, Locked: share, Time: out.Time}
	for _, s := range j.Serial {
		o.Serial += s.Time()
	}
	tasks := make([]contract.Task, len(j.Serial)+len(j.Tasks))
	states := map[replay.Kind]contract.State{
		replay.Compute: contract.StateCompute, replay.Locked: contract.StateCompute, replay.Wait: contract.StateWait,
		replay.LockWait: contract.StateLock, replay.CoreWait: contract.StateQueued, replay.InterpreterWait: contract.StateQueued,
	}
	for range m.Workers {
		o.Lanes = append(o.Lanes, contract.Lane{Number: len(o.Lanes)})
	}
	for _, s := range out.Slices {
		if s.Kind == replay.Dispatch {
			continue
		}
		task := &tasks[s.Task]
		if len(task.Stays) == 0 {
			task.From, task.Lane = s.Start, s.Worker
		}
		task.To = s.End
		task.Stays = append(task.Stays, contract.Stay{State: states[s.Kind], From: s.Start, To: s.End, CPU: -1})
	}
	for i := range tasks {
		tasks[i].Index, tasks[i].Serial = i, i < len(j.Serial)
	}
	o.Tasks = tasks
	return o
}

func record(t *testing.T, ops ...*contract.Operation) *Recording {
	t.Helper()
	r, err := Record(ops)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ask(t *testing.T, r *Recording, q Question, at ...int) *Answer {
	t.Helper()
	a, err := Ask(t.Context(), r, q, at)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	return a
}

// A replay of what the simulator recorded takes exactly as long, and so it does
// at other numbers of workers. What handing out cost is found exactly.
func TestReplayIsExact(t *testing.T) {
	plain := replay.Equal(0, 50, compute(3*ms))
	lock := replay.Equal(2, 40, locked(ms), compute(3*ms))
	mixed := replay.Equal(0, 30, compute(ms), wait(4*ms), compute(2*ms))
	tests := []struct {
		name  string
		share float64
		job   replay.Job
		m     replay.Machine
	}{
		{"A", 0, plain, replay.Machine{}},
		{"A/serial=0.1", 0, replay.Equal(5, 45, compute(3*ms)), replay.Machine{}},
		{"A/dispatch", 0, plain, replay.Machine{Dispatch: 70 * time.Microsecond}},
		{"A/dispatch bounds", 0, plain, replay.Machine{Dispatch: 2 * ms}},
		{"A/locked=0.25", 0.25, lock, replay.Machine{Dispatch: 10 * time.Microsecond}},
		{"A/few cores", 0, mixed, replay.Machine{Cores: 2}},
		{"A/cores=gil", 0, mixed, replay.Machine{Interpreter: true}},
		{"A/processes/cores=gil", 0, mixed, replay.Machine{Interpreter: true, Processes: true}},
		{"A/wait", 0, mixed, replay.Machine{Dispatch: ms / 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var ops []*contract.Operation
			for _, n := range []int{8, 1, 3} {
				tt.m.Workers = n
				ops = append(ops, recorded(t, tt.name, tt.share, tt.job, tt.m))
			}
			r := record(t, ops...)
			if r.Machine.Dispatch != tt.m.Dispatch || r.HandOuts != len(tt.job.Tasks) {
				t.Errorf("handing out: got %v of %d, want %v of %d", r.Machine.Dispatch, r.HandOuts, tt.m.Dispatch, len(tt.job.Tasks))
			}
			a := ask(t, r, Question{})
			if got, want := fmt.Sprint(a.At), "[1 2 3 4 8 16]"; got != want || len(a.Measured) != 3 {
				t.Errorf("at %s with %d measured, want %s with 3", got, len(a.Measured), want)
			}
			for _, m := range a.Measured {
				if off, ok := a.Off(m); off != 0 || !ok {
					t.Errorf("at %d workers: off by %g, %t; want 0", m.Workers, off, ok)
				}
			}
		})
	}
}

func TestRecord(t *testing.T) {
	op := func(workers int, each time.Duration, serial, tasks int) *contract.Operation {
		return recorded(t, "Strong/cores=slow8", 0, replay.Equal(serial, tasks, compute(each)), replay.Machine{Workers: workers})
	}
	fast := op(4, ms, 1, 8)
	fast.Paid, fast.Parts = 100, contract.Parts{contract.Runnable: 30, contract.Lock: 60, contract.GC: 0}
	r := record(t, op(2, ms, 1, 8), op(4, 3*ms, 1, 8), fast, op(4, 2*ms, 1, 8), op(4, ms/2, 1, 8), op(8, ms, 0, 9), op(1, 2*ms, 1, 8), op(16, ms, 1, 8))
	want := &Recording{
		Series: "Strong/cores=slow8", Source: results.Slow, Workers: 16, Job: replay.Equal(1, 8, compute(ms)),
		HandOuts: 8, HandOutsAt: 1,
		Measured: []Measured{{1, 18 * ms, 1, nil}, {2, 5 * ms, 1, nil}, {4, 3 * ms, 4, []why.Part{{Cause: why.Runnable, Share: 0.3}}}, {16, 2 * ms, 1, nil}},
	}
	got := *r
	got.Warnings = nil
	if d := cmp.Diff(want, &got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	const warning = "the times at 8 workers are left out: there an operation is another number of tasks than the 9 at 16 workers"
	if len(r.Warnings) != 1 || r.Warnings[0].Error() != warning {
		t.Errorf("got %v, want %q", r.Warnings, warning)
	}
	if _, err := Record(nil); err == nil {
		t.Error("no operations: got no error")
	}
	other := recorded(t, "Weak", 0, replay.Equal(0, 8, compute(ms)), replay.Machine{Workers: 1})
	if _, err := Record([]*contract.Operation{fast, other}); err == nil || !strings.Contains(err.Error(), "choose one series") {
		t.Errorf("two series: got %v", err)
	}
}

// What costs a hand-out is not what a lane waits for a task.
func TestDispatch(t *testing.T) {
	task := func(i, lane int, from, to time.Duration) contract.Task {
		return contract.Task{Index: i, Lane: lane, From: from, To: to}
	}
	tests := []struct {
		name   string
		o      contract.Operation
		median time.Duration
		n      int
	}{
		{"all at once", contract.Operation{Serial: 10, Tasks: []contract.Task{task(0, 0, 12, 90), task(1, 1, 14, 90), task(2, 2, 16, 90), task(3, 3, 18, 90)}}, 2, 4},
		{"one lane", contract.Operation{Tasks: []contract.Task{task(0, 0, 3, 10), task(1, 0, 13, 20), task(2, 0, 28, 30)}}, 3, 3},
		{"only serial tasks", contract.Operation{Serial: 10, Tasks: []contract.Task{{Serial: true, To: 10}}}, 0, 0},
		{"by index out of order", contract.Operation{Tasks: []contract.Task{task(0, 0, 13, 20), task(1, 0, 3, 10)}}, 3, 2},
	}
	for _, tt := range tests {
		if median, n := dispatch(&tt.o); median != tt.median || n != tt.n {
			t.Errorf("%s: got %v of %d, want %v of %d", tt.name, median, n, tt.median, tt.n)
		}
	}
}

// How many tasks compute at a time is what the strategy says of itself, however
// many processors there are, and whatever it is called.
func TestComputes(t *testing.T) {
	for _, tt := range []struct{ computes, processors, want int }{
		{0, 8, 0}, {1, 8, 1}, {3, 8, 3}, {3, 2, 2}, {1, 2, 1},
	} {
		o := recorded(t, "A", 0, replay.Equal(0, 8, compute(ms)), replay.Machine{Workers: 4})
		o.Computes, o.Processors = tt.computes, tt.processors
		if got := record(t, o).Machine.Cores; got != tt.want {
			t.Errorf("%d tasks compute at a time on %d processors: a replay has %d cores, want %d", tt.computes, tt.processors, got, tt.want)
		}
	}
}
