// Package timeline reads the traces that benchmarks write: who did what when,
// in one operation.
//
//  1. [Read] turns Chrome trace events into [Operation] values: tasks with
//     their states, on lanes.
//  2. [Operation.Slices] fills the gaps: a lane without a task waits for the
//     serial section, for a task, or for the end.
//  3. [Operation.Job] makes a job of it for package replay, which asks what if.
//
// Times are whole nanoseconds since the operation began. A lane is a place
// where tasks run one after another; it need not be one thread.
package timeline

import (
	"fmt"
	"time"

	"amdahl/results/why"
)

// An Operation is one run of a job: its serial tasks one by one, then the
// others by a strategy.
type Operation struct {
	Case       string // the benchmark's name: "Strong/workload=hash/…/workers=4"
	Workers    int    // p, from 1
	Processors int    // real ones that the tasks may use; 0 if the trace does not say
	Slowdown   int    // of slow cores; 0 where cores are real

	// Locked is the share of each task's compute that runs under one lock, from
	// 0 to 1; it comes first in the task.
	Locked float64

	Time   time.Duration // how long it took, above 0
	Serial time.Duration // when the serial section ended; 0 without one
	Lanes  []Lane        // by process, the measuring one first
	Tasks  []Task        // ascending Index, from 0 without a gap

	// Paid is p·T(p), and Parts where it went, as the benchmark has accounted
	// for this very operation. Both are zero where the trace does not say.
	Paid  time.Duration
	Parts map[*why.Cause]time.Duration
}

// A Lane is a row of the timeline.
type Lane struct {
	Process int // 0 is the one that measures
	Number  int // inside the process, from 0
}

// A Task is one task, as it ran.
type Task struct {
	Index    int
	Serial   bool // it ran in the serial section
	Lane     int  // index of Lanes
	From, To time.Duration
	Stays    []Stay // ascending, inside of the task, no two at a time
}

// A State is what a task does at a moment.
type State string

const (
	Compute State = "compute"
	Wait    State = "wait"   // for something outside
	Queued  State = "queued" // for a core, or the interpreter lock
	Lock    State = "lock"   // for the lock that all tasks share
)

// states are all of them.
var states = []State{Compute, Wait, Queued, Lock}

// A Stay is a time in one state. CPU is the CPU time of a stay of Compute;
// below 0 where it is not known.
type Stay struct {
	State    State
	From, To time.Duration
	CPU      time.Duration
}

// check says what makes no sense in an operation.
func (o *Operation) check() error {
	if o.Workers < 1 {
		return fmt.Errorf("%d workers: at least 1 is needed", o.Workers)
	}
	if o.Time <= 0 {
		return fmt.Errorf("it took %v: a time above 0 is needed", o.Time)
	}
	if !(o.Locked >= 0 && o.Locked <= 1) {
		return fmt.Errorf("locked is %v: a share from 0 to 1 is needed", o.Locked)
	}
	last := make([]time.Duration, len(o.Lanes)) // when the lane was free
	for i, t := range o.Tasks {
		if t.Index != i {
			return fmt.Errorf("task %d is missing or stands twice", min(i, t.Index))
		}
		if t.From < 0 || t.To < t.From || t.To > o.Time {
			return fmt.Errorf("task %d: from %v to %v, but the operation ends at %v", i, t.From, t.To, o.Time)
		}
		at := t.From
		for _, s := range t.Stays {
			if s.From < at || s.To < s.From || s.To > t.To {
				return fmt.Errorf("task %d: %s from %v to %v does not fit between %v and %v", i, s.State, s.From, s.To, at, t.To)
			}
			at = s.To
		}
	}
	for _, t := range byLane(o.Tasks) {
		if t.From < last[t.Lane] {
			return fmt.Errorf("task %d begins at %v, while another runs on its lane until %v", t.Index, t.From, last[t.Lane])
		}
		last[t.Lane] = t.To
	}
	return nil
}
