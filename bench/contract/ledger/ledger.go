// Package ledger counts where the worker time of a recorded operation went. It
// is the one set of rules for it: benchmarks print its accounts, figures draw its
// slices, and a replay is held against both.
//
//   - [Clock] counts every moment of p·T(p) under one cause, by the clock alone.
//   - [Slices] says the same lane by lane, for a figure.
//   - [Account] splits further what only CPU times can say.
//
// Slices and Clock agree to the nanosecond wherever no more tasks were under
// way at a time than there were workers; Clock and Account agree on every cause
// but those between which Account moves time.
//
// # The rules
//
// Every moment is shared out among p workers. Each task under way takes one
// and spends it in the state it is in:
//
//	compute  Useful
//	wait     IO
//	lock     Lock
//	queued   Operation.QueuedFor
//	none     Unattributed: between two states
//
// The workers that are left over have no task, and that is, by the first that
// holds,
//
//	Serial        before the last serial task has ended; Unattributed for the
//	              worker that runs them, between two of them
//	Runnable      while as many tasks compute as there are processors: none
//	              could run a task if it had one (more workers than processors)
//	Dispatch      while there are tasks that have not begun, one each; where tasks
//	              were dealt out beforehand (Operation.Dealt), only the workers that
//	              get a further task
//	Imbalance     while others run, or there were never enough tasks
//	Dispatch      after the last task: the results are gathered
//
// Where a strategy has more tasks under way than p (a goroutine for each task,
// an event loop), p of them count: those that compute before those that wait
// outside, for the lock, and for a core or the interpreter lock. So p is always
// the number of workers in the case's name.
package ledger

import (
	"cmp"
	"slices"
	"time"

	"amdahl/bench/contract"
)

// A class is what a task does, as the ledger sees it. Where more tasks are
// under way than there are workers, the first in this list count.
type class int

const (
	computing class = iota
	waiting
	locked
	queued
	between // two states
	classes
)

// classOf is the class of a state.
func classOf(s contract.State) class {
	switch s {
	case contract.StateCompute:
		return computing
	case contract.StateWait:
		return waiting
	case contract.StateLock:
		return locked
	}
	return queued
}

// causes are the causes of the classes.
func causes(o *contract.Operation) [classes]contract.Cause {
	return [classes]contract.Cause{
		computing: contract.Useful, waiting: contract.IO, locked: contract.Lock,
		queued: cmp.Or(o.QueuedFor, contract.Queued), between: contract.Unattributed,
	}
}

// Clock counts every moment of the operation's p·T(p) under one cause, by the
// clock: all compute counts as Useful. The parts add up to p·T(p) exactly, and
// none is negative.
func Clock(o *contract.Operation) contract.Parts {
	parts := contract.Parts{}
	for _, c := range contract.Causes {
		parts[c] = 0
	}
	of := causes(o)
	sweep(o, nil, func(m *moment) {
		d := m.to - m.from
		left := o.Workers
		for c, n := range m.now {
			part := min(left, n)
			parts[of[c]] += time.Duration(part) * d
			left -= part
		}
		for _, w := range m.without(left) {
			parts[w.cause] += time.Duration(w.workers) * d
		}
	})
	return parts
}

// A change is that a task enters a class (by is 1) or leaves it (−1), or that
// the task itself begins or ends (class is classes).
type change struct {
	at    time.Duration
	class class
	by    int
	task  int // index of Operation.Tasks
}

// A moment is a time in which nothing changes.
type moment struct {
	o        *contract.Operation
	from, to time.Duration
	now      [classes]int // tasks
	left     int          // tasks of the parallel section that have not begun
	most     int          // tasks that are under way at a time, now or later, where tasks were dealt out
}

// sweep calls do for each moment of the operation, in the order of time, and
// before that changed, if it is not nil, for the begin and the end of each task.
func sweep(o *contract.Operation, changed func(task, by int), do func(*moment)) {
	m := moment{o: o}
	changes := []change{{at: o.Serial}, {at: o.Time}}
	for i, t := range o.Tasks {
		if !t.Serial {
			m.left++
		}
		changes = append(changes, change{t.From, classes, 1, i}, change{t.To, classes, -1, i})
		for _, s := range t.Stays {
			c := classOf(s.State)
			changes = append(changes, change{s.From, c, 1, i}, change{s.To, c, -1, i})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.at, b.at) })
	later := mostLater(o, changes)
	for i, c := range changes {
		if to := min(c.at, o.Time); to > m.from {
			m.to = to
			if later != nil {
				m.most = later[i]
			}
			do(&m)
			m.from = to
		}
		if c.class < classes { // a task in a state is not between two
			m.now[c.class] += c.by
			m.now[between] -= c.by
			continue
		}
		m.now[between] += c.by
		if c.by > 0 && !o.Tasks[c.task].Serial {
			m.left--
		}
		if changed != nil && c.by != 0 {
			changed(c.task, c.by)
		}
	}
}

// mostLater is, before each change, how many tasks are under way at a time from there
// on, at most. A worker with tasks of its own never waits for one for long, so that is
// how many workers still have some. It is nil where tasks were not dealt out.
func mostLater(o *contract.Operation, changes []change) []int {
	if !o.Dealt {
		return nil
	}
	most := make([]int, len(changes))
	under, at := 0, time.Duration(0)
	for i, c := range changes {
		if c.at > at { // one task may end and the next begin at one time, in any order
			most[i], at = under, c.at
		}
		if c.class == classes {
			under += c.by
		}
	}
	for i := len(most) - 2; i >= 0; i-- {
		most[i] = max(most[i], most[i+1])
	}
	return most
}

// underWay is the number of tasks that have begun and not ended.
func (m *moment) underWay() (n int) {
	for _, k := range m.now {
		n += k
	}
	return n
}

// A share is a number of workers that spend a moment on one cause.
type share struct {
	cause   contract.Cause
	workers int
}

// without says what the idle workers, who have no task, spend the moment on. If
// one of them is between two serial tasks, it is the first share.
func (m *moment) without(idle int) []share {
	switch {
	case idle == 0:
		return nil
	case m.from < m.o.Serial && m.underWay() == 0:
		return []share{{contract.Unattributed, 1}, {contract.Serial, idle - 1}}
	case m.from < m.o.Serial:
		return []share{{contract.Serial, idle}}
	case m.o.Processors > 0 && m.now[computing] >= m.o.Processors:
		return []share{{contract.Runnable, idle}}
	case m.left == 0 && m.underWay() == 0:
		return []share{{contract.Dispatch, idle}}
	}
	waits := min(idle, m.left)
	if m.o.Dealt {
		waits = min(waits, max(0, m.most-m.underWay()))
	}
	return []share{{contract.Dispatch, waits}, {contract.Imbalance, idle - waits}}
}
