package timeline

import (
	"cmp"
	"slices"

	"amdahl/workloads/cores"
)

// marking is how long a wait lasts, in ns, that is none: a task passes through
// the state, and what is seen is the cost of recording that (0.1 µs for the
// clock, 1 µs for the CPU time). Less than what it takes to wake a thread.
const marking = 3000

// What a task does, as the ledger sees it. Where more tasks are under way
// than there are workers, the first in this list count.
type class int

const (
	computing class = iota
	waiting
	locked
	queued
	passing // a wait of less than marking
	classes
)

// Account says where the p·T(p) of the operation went.
//
// Every moment is shared out among p workers. Each task under way takes one
// and spends it in the state it is in. The workers that are left over have no
// task, and that is, by the first that holds,
//
//	Serial        before the last serial task has ended
//	Runnable      while as many tasks compute as there are processors: none
//	              could run a task if it had one (more workers than processors)
//	Dispatch      while there are tasks that have not begun, one each
//	Imbalance     while others run, or there were never so many tasks
//	Dispatch      after the last task: the results are gathered
//
// Where a strategy has more tasks under way than p (a goroutine a task, an
// event loop), p of them count: those that compute before those that wait
// outside, for the lock, and for a core or the interpreter lock. So p is always
// the number of workers in the case's name.
//
// What was computed, W by the wall, C of it by the threads' CPU time, against
// what the same tasks compute when they run alone, is split so:
//
//	Runnable    W − R
//	Useful      min(R, alone)
//	Inflation   R − Useful
//
// On real cores R = min(C, W), and alone is CPU time. On cores K times slower
// alone is the time of the sections, in which a core sleeps off its debt, and
// R = min(W, alone + K·(C − CPU time alone)): what the sections last longer
// than alone is inflation as far as their CPU time explains it, and otherwise
// a real processor that came late. Where no CPU time is known, what W is above
// alone is unattributed.
//
// The CPU time of garbage collection is taken from Inflation (where tasks help
// to collect), then Runnable (where collecting took their processors) and then
// Dispatch, and no more than is there.
//
// A task that waits for a core is Queued where cores are bounded, waits for the
// Interpreter lock where that is, and is otherwise Runnable: it has lost its
// processor between two marks.
//
// A wait of under 3 µs is what recording costs, and Unattributed; so is time
// between serial tasks. The parts add up to p·T(p) exactly.
func (o *Operation) Account() (Parts, error) {
	if err := o.check(); err != nil {
		return Parts{}, err
	}
	l := ledger{Operation: o, parallel: o.parallel(), left: o.Total - min(o.Serial, o.Total)}
	l.sweep()
	p := &l.parts
	p.IO, p.Lock = l.in[waiting], l.in[locked]
	switch {
	case o.One:
		p.Interpreter = l.in[queued]
	case o.Bounded:
		p.Queued = l.in[queued]
	default:
		p.Runnable += l.in[queued] // there is nothing to queue for but a processor
	}
	l.compute()
	collected := o.GC
	for _, from := range []*int64{&p.Inflation, &p.Runnable, &p.Dispatch} {
		part := min(*from, max(collected, 0))
		*from -= part
		p.GC += part
		collected -= part
	}
	p.Paid = int64(o.Workers) * (o.End - o.Begin)
	p.Unattributed = p.Paid
	for _, part := range p.Each() {
		if part.NS != &p.Paid && part.NS != &p.Unattributed {
			p.Unattributed -= *part.NS
		}
	}
	return *p, nil
}

// A ledger is an operation while it is accounted for.
type ledger struct {
	*Operation
	parallel int64 // when the serial section ended
	parts    Parts
	in       [classes]int64 // worker time, in ns

	now  [classes]int // tasks
	left int          // tasks of the parallel section that have not begun
}

// A change is that a task comes to a state (by is 1), leaves it (−1), or
// begins (class is classes).
type change struct {
	at    int64
	class class
	by    int
}

// sweep goes from change to change.
func (l *ledger) sweep() {
	changes := []change{{l.parallel, passing, 0}, {l.End, passing, 0}}
	for _, t := range l.Tasks {
		if t.Index >= l.Serial {
			changes = append(changes, change{t.Begin, classes, 1})
		}
		for _, s := range l.stays(t) {
			c := classOf(s)
			changes = append(changes, change{s.Begin, c, 1}, change{s.End, c, -1})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.at, b.at) })
	at := l.Begin
	for _, c := range changes {
		if to := min(c.at, l.End); to > at {
			l.slice(at, to-at)
			at = to
		}
		if c.class == classes {
			l.left--
		} else {
			l.now[c.class] += c.by
		}
	}
}

func classOf(s Stay) class {
	switch {
	case s.State == cores.Computing:
		return computing
	case s.End-s.Begin < marking:
		return passing
	case s.State == cores.Waiting:
		return waiting
	case s.State == cores.Locked:
		return locked
	}
	return queued
}

// slice shares out the d ns from at, in which nothing changes.
func (l *ledger) slice(at, d int64) {
	idle, running := int64(l.Workers), false
	for c, n := range l.now {
		part := min(idle, int64(n))
		l.in[c] += part * d
		idle -= part
		running = running || n > 0
	}
	p := &l.parts
	switch {
	case at < l.parallel:
		if !running {
			idle-- // the one that runs the serial tasks is between two
		}
		p.Serial += idle * d
	case l.now[computing] >= l.Processors:
		p.Runnable += idle * d
	case l.left == 0 && !running:
		p.Dispatch += idle * d
	default:
		waits := min(idle, int64(l.left))
		p.Dispatch += waits * d
		p.Imbalance += (idle - waits) * d
	}
}

// compute splits what was computed.
func (l *ledger) compute() {
	var all Compute
	for _, t := range l.Tasks {
		all.Add(t.Compute())
	}
	wall, cpu := l.in[computing], all.CPU
	alone, p := l.Alone.CPU, &l.parts
	if l.Slowdown > 0 || alone < 0 {
		alone = l.Alone.Wall
	}
	ran := wall
	switch {
	case cpu < 0 || l.Alone.CPU < 0:
		p.Useful = min(wall, alone)
		return
	case l.Slowdown > 0:
		ran = min(wall, alone+max(0, int64(l.Slowdown)*(cpu-l.Alone.CPU)))
	default:
		ran = min(wall, cpu)
	}
	p.Runnable += wall - ran
	p.Useful = min(ran, alone)
	p.Inflation = ran - p.Useful
}
