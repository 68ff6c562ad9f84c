package timeline

import (
	"cmp"
	"slices"
	"time"

	"amdahl/results/why"
)

// A Slice is a stretch of one lane's time, and what it is for: the cause that
// a stack counts such a time under. Of a task that is [why.Useful] for compute
// of any speed, [why.IO], [why.Lock], [why.Interpreter] or [why.Queued], and
// [why.Unattributed] between two states. A lane without a task is
// [why.Serial] before the serial section has ended ([why.Unattributed] between
// two serial tasks), [why.Dispatch] while there
// are tasks that have not begun, [why.Imbalance] while others run, and
// [why.Dispatch] again after the last task.
type Slice struct {
	Lane     int // index of Operation.Lanes
	Cause    *why.Cause
	From, To time.Duration // From < To
}

// Idle says whether the lanes without a task are workers without one: not if
// there were more lanes than workers, as where every task has a goroutine.
func (o *Operation) Idle() bool { return o.Working() <= o.Workers }

// Working is how many lanes ran tasks of the parallel section, or of the
// serial one if there was no other.
func (o *Operation) Working() int {
	n := 0
	for _, works := range o.working() {
		if works {
			n++
		}
	}
	return n
}

// working says of each lane whether it ran a task that was not serial, or
// there were none.
func (o *Operation) working() []bool {
	works := make([]bool, len(o.Lanes))
	parallel := slices.ContainsFunc(o.Tasks, func(t Task) bool { return !t.Serial })
	for _, t := range o.Tasks {
		works[t.Lane] = works[t.Lane] || !t.Serial || !parallel
	}
	return works
}

// Slices is the operation by lane, then by time. Those of a lane do not
// overlap. A lane that ran serial tasks only, such as that of a process whose
// workers are other processes, has no slices where it is idle; where Idle is
// false, none has.
func (o *Operation) Slices() []Slice {
	var out []Slice
	works, idle := o.working(), o.Idle()
	queued := why.Queued
	if o.Parts[why.Interpreter] > 0 && o.Parts[why.Queued] == 0 {
		queued = why.Interpreter
	}
	causes := map[State]*why.Cause{Compute: why.Useful, Wait: why.IO, Queued: queued, Lock: why.Lock}
	begun, ended := time.Duration(0), time.Duration(0) // the last task
	for _, t := range o.Tasks {
		begun, ended = max(begun, t.From), max(ended, t.To)
	}
	tasks := byLane(o.Tasks)
	for lane := range o.Lanes {
		add := func(c *why.Cause, from, to time.Duration) {
			if from < to {
				out = append(out, Slice{lane, c, from, to})
			}
		}
		serial := why.Serial
		if slices.ContainsFunc(o.Tasks, func(t Task) bool { return t.Serial && t.Lane == lane }) {
			serial = why.Unattributed // it is the one that runs them
		}
		rest := func(from, to time.Duration) {
			if !works[lane] || !idle {
				return
			}
			for _, part := range []struct {
				cause *why.Cause
				until time.Duration
			}{{serial, o.Serial}, {why.Dispatch, begun}, {why.Imbalance, ended}, {why.Dispatch, o.Time}} {
				end := max(min(part.until, to), from)
				add(part.cause, from, end)
				from = end
			}
		}
		at := time.Duration(0)
		for ; len(tasks) > 0 && tasks[0].Lane == lane; tasks = tasks[1:] {
			t := tasks[0]
			rest(at, t.From)
			at = t.From
			for _, s := range t.Stays {
				add(why.Unattributed, at, s.From)
				add(causes[s.State], s.From, s.To)
				at = s.To
			}
			add(why.Unattributed, at, t.To)
			at = t.To
		}
		rest(at, o.Time)
	}
	return out
}

// byLane is the tasks by lane, then by time.
func byLane(tasks []Task) []Task {
	return slices.SortedFunc(slices.Values(tasks), func(a, b Task) int {
		return cmp.Or(cmp.Compare(a.Lane, b.Lane), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
}
