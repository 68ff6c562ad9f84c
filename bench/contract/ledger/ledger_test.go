package ledger

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"amdahl/bench/contract"
)

// random is any operation that no more lanes than workers ran, or one with more.
func random(seed uint64) *contract.Operation {
	r := rand.New(rand.NewPCG(seed, 1))
	o := &contract.Operation{
		Case: "A", Workers: 1 + r.IntN(6), Processors: r.IntN(6), Slowdown: 16 * r.IntN(2), Time: 1, Dealt: seed%3 == 0,
		QueuedFor: []contract.Cause{"", contract.Interpreter, contract.Queued, contract.Runnable}[r.IntN(4)],
	}
	free := make([]time.Duration, 1+r.IntN(o.Workers+1))
	main := r.IntN(2) // the serial tasks run on a lane of their own
	for i := range free {
		o.Lanes = append(o.Lanes, contract.Lane{Number: i})
	}
	serial := r.IntN(3)
	at := time.Duration(r.IntN(3))
	for i := range serial + r.IntN(20) {
		lane := r.IntN(len(free))
		if main > 0 && len(free) > 1 {
			lane = 1 + r.IntN(len(free)-1)
		}
		t := contract.Task{Index: i, Serial: i < serial}
		if t.Serial {
			lane = 0
		}
		t.Lane, t.From = lane, max(free[lane], at)+time.Duration(r.IntN(4))
		t.To = t.From
		for range r.IntN(5) {
			from := t.To + time.Duration(r.IntN(2))
			t.To = from + 1 + time.Duration(r.IntN(9))
			t.Stays = append(t.Stays, contract.Stay{State: contract.States[r.IntN(4)], From: from, To: t.To, CPU: -1})
		}
		t.To += time.Duration(r.IntN(2))
		free[lane] = t.To
		if t.Serial {
			at, o.Serial = t.To, t.To
		}
		o.Time = max(o.Time, t.To)
		o.Tasks = append(o.Tasks, t)
	}
	o.Time += time.Duration(r.IntN(3))
	return o
}

// The clock's parts, the slices of all workers and the account agree to the
// nanosecond, whatever ran.
func FuzzAgree(f *testing.F) {
	for seed := range uint64(400) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		o := random(seed)
		if err := o.Check(); err != nil {
			t.Fatal(err)
		}
		clock, paid := Clock(o), time.Duration(o.Workers)*o.Time
		if clock.Sum() != paid {
			t.Errorf("the clock's parts add up to %d of %d", clock.Sum(), paid)
		}
		lasted, free := contract.Parts{}, map[int]time.Duration{}
		for _, s := range withWorkers(o, o.Workers) {
			if s.From >= s.To || s.From < free[s.Lane] || s.To > o.Time {
				t.Errorf("slice %+v, though the one before ends at %d", s, free[s.Lane])
			}
			lasted[s.Cause] += s.To - s.From
			free[s.Lane] = s.To
		}
		for _, c := range contract.Causes {
			if lasted[c] != clock[c] && Idle(o) {
				t.Errorf("%s: slices of %d ns, %d by the clock", c, lasted[c], clock[c])
			}
		}
		r := rand.New(rand.NewPCG(seed, 2))
		some := func() time.Duration { return time.Duration(r.IntN(200) - 10) }
		account := Account(o, Costs{CPU: some(), Alone: Compute{some() + 10, some()}, GC: some()})
		moved := func(p contract.Parts) time.Duration {
			return p[contract.Useful] + p[contract.Runnable] + p[contract.Inflation] + p[contract.Dispatch] + p[contract.GC] + p[contract.Unattributed]
		}
		if moved(account) != moved(clock) {
			t.Errorf("the account moved %d ns and put %d back", moved(clock), moved(account))
		}
		for _, c := range contract.Causes {
			stays := slices.Contains([]contract.Cause{contract.IO, contract.Serial, contract.Lock, contract.Interpreter, contract.Queued, contract.Imbalance}, c)
			if account[c] < 0 || stays && account[c] != clock[c] {
				t.Errorf("%s: %d ns in the account, %d by the clock", c, account[c], clock[c])
			}
		}
		if err := contract.NewWriter(&bytes.Buffer{}).Operation(o); err != nil {
			t.Error(err)
		}
	})
}

// Workers that never had a task have no lane: the others' slices stay as they are.
func TestLaneless(t *testing.T) {
	for seed := range uint64(500) {
		o := random(seed)
		all := slices.DeleteFunc(withWorkers(o, o.Workers), func(s Slice) bool { return s.Lane >= len(o.Lanes) })
		if got := Slices(o); !slices.Equal(got, all) {
			t.Errorf("seed %d: got\n%v, want\n%v", seed, got, all)
		}
	}
}

// Two workers have two tasks each, and the tasks of one are short. Where they were
// dealt out, the worker that is done waits for nothing: its time is imbalance. From a
// shared queue it would have taken the last task, and who hands out lets it wait. The
// 2 ns between two tasks of one worker are dispatch in both.
func TestDealt(t *testing.T) {
	task := func(i, lane int, from, to time.Duration) contract.Task {
		return contract.Task{Index: i, Lane: lane, From: from, To: to, Stays: []contract.Stay{{State: contract.StateCompute, From: from, To: to, CPU: -1}}}
	}
	o := &contract.Operation{
		Case: "A", Workers: 2, Processors: 4, Time: 100, Lanes: []contract.Lane{{}, {Number: 1}},
		Tasks: []contract.Task{task(0, 0, 0, 10), task(1, 0, 12, 20), task(2, 1, 0, 50), task(3, 1, 50, 100)},
	}
	for _, tt := range []struct {
		dealt               bool
		dispatch, imbalance time.Duration
	}{{true, 2, 80}, {false, 2 + 30, 50}} {
		o.Dealt = tt.dealt
		if p := Clock(o); p[contract.Dispatch] != tt.dispatch || p[contract.Imbalance] != tt.imbalance {
			t.Errorf("dealt %v: dispatch %d, imbalance %d, want %d, %d", tt.dealt, p[contract.Dispatch], p[contract.Imbalance], tt.dispatch, tt.imbalance)
		}
	}
}
