// Package timeline records what every task of a job does and when, and hands it
// on: to the ledger, which says where the worker time went, and to a trace.
//
//  1. A [Recorder] notes when a task begins, ends and changes its state
//     ([cores.State]): one in each process, all on the clock of [Now].
//  2. [Recorder.Take] makes a [Record] of these notes. A worker process saves its
//     record in a directory ([Record.Save]), where the measuring process loads it
//     ([Load]).
//  3. [Operation.Account] splits p·T(p) of one operation by cause: see package
//     ledger.
//  4. A [Writer] writes operations as a trace: see package contract.
package timeline

import (
	"errors"
	"fmt"
	"time"

	"amdahl/bench/contract/ledger"
	"amdahl/workloads/cores"
)

// A Task is one task, as it ran. All times are ns on the clock of [Now].
type Task struct {
	Index      int
	PID, Lane  int // where; lanes are counted from 0 in each process
	Begin, End int64
	Stays      []Stay // from Begin to End without a gap
}

// A Stay is a stretch of a task's time in one state. CPU is the CPU time of the
// thread in a stay of [cores.Computing], in ns; below 0 where it is not known.
type Stay struct {
	State      cores.State
	Begin, End int64
	CPU        int64

	// Over marks the rest of a section of compute whose work is done: a slow core
	// sleeps off its debt, any other core is given up.
	Over bool
}

// A Compute is how much was computed.
type Compute = ledger.Compute

// Compute returns how much the task computed.
func (t Task) Compute() Compute {
	var c Compute
	for _, s := range t.Stays {
		if s.State == cores.Computing {
			c.Add(Compute{Wall: time.Duration(s.End - s.Begin), CPU: time.Duration(s.CPU)})
		}
	}
	return c
}

// An Operation is one run of a job: its serial tasks one by one, then the
// others by a strategy.
type Operation struct {
	PID        int   // of the process that measured it
	Begin, End int64 // on the clock of Now
	Tasks      []Task
	Total      int // number of tasks; their indices are 0 … Total−1
	Serial     int // number of serial tasks: those with lower indices ran first, one by one

	Workers    int  // p, from 1
	Processors int  // on which tasks may compute, slow ones where cores are slow; from 1
	Slowdown   int  // of slow cores; 0 where cores are real
	One        bool // one interpreter lock for all compute of a process
	Bounded    bool // a limited number of tasks of a process compute at a time
	Computes   int  // how many tasks the strategy lets compute at a time; 0 is any number
	Apart      bool // every worker is a process of its own
	Dealt      bool // every worker had its tasks beforehand

	// Locked is the share of each task's sections of compute, the first of
	// them, that hold the planted lock.
	Locked float64

	// Alone is what the same tasks compute when they run one by one on the
	// same model of cores: what the best serial run needs.
	Alone Compute

	// GC is the CPU time of garbage collection during the operation, in ns, without
	// collecting on processors that were idle otherwise.
	GC int64
}

// check returns why an operation cannot be accounted for, nil if it can.
func (o *Operation) check() error {
	switch {
	case o.Workers < 1 || o.Processors < 1:
		return fmt.Errorf("timeline: %d workers on %d processors: both start at 1", o.Workers, o.Processors)
	case o.End < o.Begin:
		return errors.New("timeline: the operation ends before it begins")
	case len(o.Tasks) != o.Total:
		return fmt.Errorf("timeline: %d of %d tasks were recorded", len(o.Tasks), o.Total)
	}
	seen := make([]bool, o.Total)
	for _, t := range o.Tasks {
		if t.Index < 0 || t.Index >= o.Total || seen[t.Index] {
			return fmt.Errorf("timeline: task %d of %d was recorded twice or is none of them", t.Index, o.Total)
		}
		seen[t.Index] = true
		at := t.Begin
		for _, s := range t.Stays {
			if s.Begin != at || s.End < s.Begin || s.State > cores.Locked {
				return fmt.Errorf("timeline: task %d: its states do not follow one another", t.Index)
			}
			at = s.End
		}
		if at != t.End {
			return fmt.Errorf("timeline: task %d: its states do not last from its begin to its end", t.Index)
		}
	}
	return nil
}

// stays returns the stays of a task as the ledger counts them. The rest of a
// section (Stay.Over) is compute on slow cores; on other cores it is queueing,
// since giving up the core can take its time.
func (o *Operation) stays(t Task) []Stay {
	var stays []Stay
	for _, s := range t.Stays {
		switch {
		case s.Over && o.Slowdown == 0:
			s.State = cores.Queued
		case s.Over && len(stays) > 0:
			stays[len(stays)-1].End = s.End
			continue
		}
		stays = append(stays, s)
	}
	return stays
}

// parallel is the time at which the parallel section began: when the last serial
// task ended.
func (o *Operation) parallel() int64 {
	at := o.Begin
	for _, t := range o.Tasks {
		if t.Index < o.Serial {
			at = max(at, min(t.End, o.End))
		}
	}
	return at
}
