package timeline

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"amdahl/bench/contract"
	"amdahl/workloads/cores"
)

const (
	w = cores.Waiting
	c = cores.Computing
	q = cores.Queued
	k = cores.Locked
)

// unit is one step of the made-up operations below, in ns.
const unit = 1_000_000

// task makes a task of stays: a state and how many units it lasts, each. The
// CPU time of compute is its length, less what off says.
func task(index, lane, begin int, stays ...any) Task {
	at := int64(begin) * unit
	t := Task{Index: index, PID: 1, Lane: lane, Begin: at}
	for i := 0; i < len(stays); i += 2 {
		s := Stay{State: stays[i].(cores.State), Begin: at, End: at + int64(stays[i+1].(int))*unit}
		if s.State == c {
			s.CPU = s.End - s.Begin
		}
		at = s.End
		t.Stays = append(t.Stays, s)
	}
	t.End = at
	return t
}

// off takes units of CPU time from all compute of a task.
func (t Task) off(units int) Task {
	for i := range t.Stays {
		if t.Stays[i].State == c {
			t.Stays[i].CPU -= int64(units) * unit
		}
	}
	return t
}

// over makes of the second stay the rest of the first.
func over(t Task) Task {
	t.Stays[1].Over, t.Stays[1].CPU = true, 0
	return t
}

// made is an operation of p workers on as many processors, which lasts so many
// units; alone is what its tasks compute by themselves.
func made(p, lasts, alone int, tasks ...Task) Operation {
	return Operation{
		PID: 1, End: int64(lasts) * unit, Total: len(tasks), Tasks: tasks, Workers: p, Processors: p,
		Alone: Compute{Wall: time.Duration(alone) * unit, CPU: time.Duration(alone) * unit},
	}
}

func TestAccount(t *testing.T) {
	with := func(o Operation, edit func(*Operation)) Operation { edit(&o); return o }
	tests := []struct {
		name string
		o    Operation
		want contract.Parts // in units
	}{
		{"nothing lost", made(2, 6, 12, task(0, 0, 0, c, 6), task(1, 1, 0, c, 6)),
			contract.Parts{contract.Useful: 12}},
		{"a serial section", with(made(3, 6, 9, task(0, 0, 0, c, 2), task(1, 0, 2, c, 1), task(2, 0, 3, c, 2), task(3, 1, 3, c, 3), task(4, 2, 3, c, 1)),
			func(o *Operation) { o.Serial = 2 }),
			contract.Parts{contract.Useful: 9, contract.Serial: 6, contract.Imbalance: 1 + 2}},
		{"between serial tasks", with(made(2, 5, 4, task(0, 0, 0, c, 2), task(1, 0, 3, c, 2)), func(o *Operation) { o.Serial = 2 }),
			contract.Parts{contract.Useful: 4, contract.Serial: 5, contract.Unattributed: 1}},
		{"handing out", made(2, 9, 12, task(0, 0, 1, c, 3), task(1, 1, 2, c, 3), task(2, 0, 6, c, 2), task(3, 1, 5, c, 4)),
			contract.Parts{contract.Useful: 12, contract.Dispatch: 1 + 2 + 2, contract.Imbalance: 1}},
		{"gathering", made(2, 5, 6, task(0, 0, 0, c, 3), task(1, 1, 0, c, 3)),
			contract.Parts{contract.Useful: 6, contract.Dispatch: 4}},
		{"more workers than tasks", made(4, 3, 6, task(0, 0, 1, c, 2), task(1, 1, 0, c, 3)),
			contract.Parts{contract.Useful: 5, contract.Dispatch: 1, contract.Imbalance: 6}},
		{"imbalance", made(4, 8, 14, task(0, 0, 0, c, 2), task(1, 1, 0, c, 2), task(2, 2, 0, c, 2), task(3, 3, 0, c, 8)),
			contract.Parts{contract.Useful: 14, contract.Imbalance: 18}},
		{"waiting", made(2, 7, 6, task(0, 0, 0, w, 2, c, 3, w, 2), task(1, 1, 0, c, 3, w, 4)),
			contract.Parts{contract.Useful: 6, contract.IO: 8}},
		{"a lock", made(3, 5, 9, task(0, 0, 0, c, 3), task(1, 1, 0, k, 1, c, 3), task(2, 2, 0, k, 2, c, 3)),
			contract.Parts{contract.Useful: 9, contract.Lock: 3, contract.Imbalance: 2 + 1}},
		{"the interpreter lock", with(made(2, 6, 6, task(0, 0, 0, c, 3), task(1, 1, 0, q, 3, c, 3)), func(o *Operation) { o.One = true }),
			contract.Parts{contract.Useful: 6, contract.Interpreter: 3, contract.Imbalance: 3}},
		{"a core of few", with(made(2, 6, 6, task(0, 0, 0, c, 3), task(1, 1, 0, q, 3, c, 3)), func(o *Operation) { o.Bounded = true }),
			contract.Parts{contract.Useful: 6, contract.Queued: 3, contract.Imbalance: 3}},
		{"a processor, between two sections", made(2, 6, 12, task(0, 0, 0, c, 6), task(1, 1, 0, c, 2, q, 2, c, 2)),
			contract.Parts{contract.Useful: 10, contract.Runnable: 2}},
		{"more workers than processors", with(made(4, 6, 12, task(0, 0, 0, c, 6).off(3), task(1, 1, 0, c, 6).off(3), task(2, 2, 0, c, 6).off(3), task(3, 3, 0, c, 6).off(3)),
			func(o *Operation) { o.Processors = 2 }),
			contract.Parts{contract.Useful: 12, contract.Runnable: 12}},
		{"a worker that never gets a processor", with(made(3, 6, 12, task(0, 0, 0, c, 3), task(1, 1, 0, c, 3), task(2, 0, 3, c, 3), task(3, 1, 3, c, 3)),
			func(o *Operation) { o.Processors = 2 }),
			contract.Parts{contract.Useful: 12, contract.Runnable: 6}},
		{"the same compute takes longer", made(2, 6, 8, task(0, 0, 0, c, 6), task(1, 1, 0, c, 6)),
			contract.Parts{contract.Useful: 8, contract.Inflation: 4}},
		{"it takes less", made(2, 6, 20, task(0, 0, 0, c, 6), task(1, 1, 0, c, 6)),
			contract.Parts{contract.Useful: 12}},
		{"collecting, by the tasks and beside them", with(made(2, 9, 12, task(0, 0, 1, c, 8).off(2), task(1, 1, 0, c, 9)), func(o *Operation) { o.GC = 5 * unit }),
			contract.Parts{contract.Useful: 12, contract.GC: 5, contract.Dispatch: 1}},
		{"collecting beside the work costs nothing", with(made(2, 6, 12, task(0, 0, 0, c, 6), task(1, 1, 0, c, 6)), func(o *Operation) { o.GC = 5 * unit }),
			contract.Parts{contract.Useful: 12}},
		{"a goroutine a task", made(2, 6, 12, task(0, 0, 0, c, 2), task(1, 1, 0, c, 2), task(2, 2, 0, q, 2, c, 2), task(3, 3, 0, q, 2, c, 2), task(4, 4, 0, w, 4, c, 2), task(5, 5, 0, k, 4, c, 2)),
			contract.Parts{contract.Useful: 12}},
		{"an event loop", with(made(1, 6, 3, task(0, 0, 0, c, 1, w, 4, c, 1), task(1, 1, 0, q, 1, c, 1, w, 4)), func(o *Operation) { o.Bounded = true }),
			contract.Parts{contract.Useful: 3, contract.IO: 3}},
		{"more under way than processors run", made(2, 4, 8, task(0, 0, 0, c, 4).off(2), task(1, 1, 0, c, 4).off(1), task(2, 2, 0, c, 4).off(2), task(3, 3, 0, c, 4).off(3)),
			contract.Parts{contract.Useful: 8}},
		// Alone 12 units of wall, of which the threads ran 3: K is 4. Now the
		// tasks use 4, so they must last 4 longer; they last 6 longer.
		{"slow cores", with(made(2, 9, 0, task(0, 0, 0, c, 9).off(7), task(1, 1, 0, c, 9).off(7)), func(o *Operation) { o.Slowdown, o.Alone = 4, Compute{Wall: 12 * unit, CPU: 3 * unit} }),
			contract.Parts{contract.Useful: 12, contract.Inflation: 4, contract.Runnable: 2}},
		{"slow cores, as alone", with(made(2, 6, 0, task(0, 0, 0, c, 6).off(4), task(1, 1, 0, c, 6).off(5)), func(o *Operation) { o.Slowdown, o.Alone = 4, Compute{Wall: 12 * unit, CPU: 3 * unit} }),
			contract.Parts{contract.Useful: 12}},
		{"no CPU time is known", with(made(2, 6, 0, task(0, 0, 0, c, 6).off(99), task(1, 1, 0, c, 6)), func(o *Operation) { o.Alone = Compute{Wall: 10 * unit, CPU: -1} }),
			contract.Parts{contract.Useful: 10, contract.Unattributed: 2}},
		{"giving up the core takes its time", with(made(2, 6, 9, over(task(0, 0, 0, c, 3, c, 3)), task(1, 1, 0, c, 6)), func(o *Operation) { o.One = true }),
			contract.Parts{contract.Useful: 9, contract.Interpreter: 3}},
		{"a debt is slept off", with(made(2, 6, 12, over(task(0, 0, 0, c, 1, c, 5)), over(task(1, 1, 0, c, 1, c, 5))), func(o *Operation) { o.Slowdown = 6 }),
			contract.Parts{contract.Useful: 12}},
		{"other processes", with(made(2, 7, 12, task(0, 0, 0, c, 6), task(1, 0, 0, c, 6)), func(o *Operation) { o.Tasks[1].PID = 2 }),
			contract.Parts{contract.Useful: 12, contract.Dispatch: 2}},
		{"nothing at all", made(3, 0, 0), contract.Parts{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.o.Account()
			if err != nil {
				t.Fatal(err)
			}
			want := contract.Parts{}
			for _, c := range contract.Causes {
				want[c] = tt.want[c] * unit
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("-want +got, in ns:\n%s", d)
			}
			adds(t, tt.o, got)
		})
	}
}

// adds checks that the parts add up to what was paid and that none is negative.
func adds(t *testing.T, o Operation, p contract.Parts) {
	t.Helper()
	for c, d := range p {
		if d < 0 {
			t.Errorf("%s is %d ns: want 0 or more", c, d)
		}
	}
	if p.Sum() != o.Paid() {
		t.Errorf("the parts add up to %d ns, want %d, which was paid", p.Sum(), o.Paid())
	}
}

// A wait of under 3 µs is recording, whatever it waits for.
func TestPassing(t *testing.T) {
	o := made(1, 1, 1, Task{PID: 1, End: unit, Stays: []Stay{
		{State: w, End: 2000}, {State: q, Begin: 2000, End: 4000},
		{State: c, Begin: 4000, End: unit - 3500, CPU: unit - 7500}, {State: w, Begin: unit - 3500, End: unit},
	}})
	got, err := o.Account()
	if err != nil || got[contract.Useful] != unit-7500 || got[contract.IO] != 3500 || got[contract.Unattributed] != 4000 || got.Sum() != unit {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestAccountRefuses(t *testing.T) {
	ok := task(0, 0, 0, c, 1)
	gap := task(0, 0, 0, c, 1, w, 1)
	gap.Stays[1].Begin++
	short := task(0, 0, 0, c, 1)
	short.End++
	for _, tt := range []struct {
		o    Operation
		want string
	}{
		{Operation{Processors: 1}, "start at 1"},
		{Operation{Workers: 1}, "start at 1"},
		{Operation{Workers: 1, Processors: 1, Begin: 1}, "ends before it begins"},
		{Operation{Workers: 1, Processors: 1, Total: 2, Tasks: []Task{ok}}, "1 of 2 tasks were recorded"},
		{Operation{Workers: 1, Processors: 1, Total: 2, Tasks: []Task{ok, ok}}, "twice"},
		{Operation{Workers: 1, Processors: 1, Total: 1, Tasks: []Task{task(1, 0, 0, c, 1)}}, "none of them"},
		{Operation{Workers: 1, Processors: 1, Total: 1, Tasks: []Task{gap}}, "do not follow"},
		{Operation{Workers: 1, Processors: 1, Total: 1, Tasks: []Task{short}}, "from its begin to its end"},
	} {
		if _, err := tt.o.Account(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}

// random is any operation, as a strategy could run it or not: lanes overlap,
// tasks begin and end outside of it, CPU time is more than wall time.
func random(seed uint64) Operation {
	r := rand.New(rand.NewPCG(seed, 0))
	o := Operation{
		PID: 1, Begin: r.Int64N(1e6), Workers: 1 + r.IntN(8), Processors: 1 + r.IntN(8), Slowdown: 16 * r.IntN(2),
		One: r.IntN(3) == 0, Bounded: r.IntN(2) == 0, Total: r.IntN(20), GC: r.Int64N(1e6) - 1e5,
		Alone: Compute{Wall: time.Duration(r.Int64N(1e7)), CPU: time.Duration(r.Int64N(1e7) - 1e6)},
	}
	o.End = o.Begin + r.Int64N(1e7)
	o.Serial = r.IntN(o.Total + 2)
	for i := range o.Total {
		t := Task{Index: i, PID: r.IntN(2), Lane: i, Begin: r.Int64N(1e7)}
		t.End = t.Begin
		for range r.IntN(6) {
			s := Stay{State: cores.State(r.IntN(4)), Begin: t.End, End: t.End + r.Int64N(1e6)*r.Int64N(2), CPU: r.Int64N(1e6) - 1e4, Over: r.IntN(4) == 0}
			t.End = s.End
			t.Stays = append(t.Stays, s)
		}
		o.Tasks = append(o.Tasks, t)
	}
	return o
}

// The parts of any operation add up to what was paid, and none is negative.
func FuzzAccount(f *testing.F) {
	for seed := range uint64(2000) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		o := random(seed)
		p, err := o.Account()
		if err != nil {
			t.Fatal(err)
		}
		adds(t, o, p)
	})
}
