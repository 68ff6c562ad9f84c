package ledger

import (
	"cmp"
	"slices"
	"time"

	"amdahl/bench/contract"
)

// A Slice is a stretch of one lane's time, and the cause that [Clock] counts it
// under.
type Slice struct {
	Lane     int // index of Operation.Lanes
	Cause    contract.Cause
	From, To time.Duration // From < To
}

// Idle reports whether a lane without a task is a worker without one: not if
// there were more lanes than workers, as where every task has a goroutine.
func Idle(o *contract.Operation) bool { return Working(o) <= o.Workers }

// Working is how many lanes ran tasks of the parallel section, or of the
// serial one if there was no other.
func Working(o *contract.Operation) int {
	n := 0
	for _, works := range working(o) {
		if works {
			n++
		}
	}
	return n
}

// StandIn reports whether serial tasks ran on a lane that had no other, which then
// stands for one of the workers.
func StandIn(o *contract.Operation) bool {
	works := working(o)
	return slices.ContainsFunc(o.Tasks, func(t contract.Task) bool { return !works[t.Lane] })
}

// working says of each lane whether it ran a task that was not serial, or
// there were none.
func working(o *contract.Operation) []bool {
	works := make([]bool, len(o.Lanes))
	parallel := slices.ContainsFunc(o.Tasks, func(t contract.Task) bool { return !t.Serial })
	for _, t := range o.Tasks {
		works[t.Lane] = works[t.Lane] || !t.Serial || !parallel
	}
	return works
}

// Slices is the operation by lane, then by time. The slices of a lane do not
// overlap. Where [Idle] is true and every worker had a task, the slices of each
// cause add up to what [Clock] has for it; a worker that never had one has no
// lane, so its time is missing. Where Idle is false, only tasks have slices: gaps
// of a lane are nobody's time.
//
// A lane that ran serial tasks only, such as that of a process whose workers are
// other processes, stands for one of the workers while it runs them: the first
// lane that has no task has no slice then.
func Slices(o *contract.Operation) []Slice { return withWorkers(o, 0) }

// withWorkers is the slices of the operation's lanes and of up to more workers
// that never had a task, as further lanes.
func withWorkers(o *contract.Operation, more int) []Slice {
	of := causes(o)
	var out []Slice
	add := func(lane int, c contract.Cause, from, to time.Duration) {
		if from < to {
			out = append(out, Slice{lane, c, from, to})
		}
	}
	for _, t := range o.Tasks {
		at := t.From
		for _, s := range t.Stays {
			add(t.Lane, contract.Unattributed, at, s.From)
			add(t.Lane, of[classOf(s.State)], s.From, s.To)
			at = s.To
		}
		add(t.Lane, contract.Unattributed, at, t.To)
	}
	if Idle(o) {
		out = append(out, idleSlices(o, min(more, o.Workers-Working(o)))...)
	}
	slices.SortFunc(out, func(a, b Slice) int { return cmp.Or(cmp.Compare(a.Lane, b.Lane), cmp.Compare(a.From, b.From)) })
	return out
}

// idleSlices are the slices of workers without a task.
func idleSlices(o *contract.Operation, more int) []Slice {
	n := len(o.Lanes) + more
	l := lanes{o: o, works: working(o), busy: make([]int, n), ahead: make([]int, n), last: make([]int, n)}
	l.laneless = o.Workers - Working(o) - more
	for range more {
		l.works = append(l.works, true)
	}
	for i := range l.last {
		l.last[i] = -1
	}
	for _, t := range o.Tasks {
		l.ahead[t.Lane]++
		if t.Serial && t.From <= o.Serial {
			l.serial = t.Lane
		}
	}
	sweep(o, l.changed, func(m *moment) {
		if idle := o.Workers - min(m.underWay(), o.Workers); idle > 0 {
			l.moment(m, idle)
		}
	})
	return l.out
}

// lanes hand the time of idle workers to lanes, moment by moment.
type lanes struct {
	o           *contract.Operation
	works       []bool // by lane: it stands for a worker
	laneless    int    // workers without a lane
	busy, ahead []int  // by lane: tasks under way, and tasks that have not begun
	serial      int    // the lane that runs the serial tasks: of the last one
	last        []int  // by lane: index of its latest slice in out, or -1
	out         []Slice
	order       []int // lanes without a task, for reuse
}

func (l *lanes) changed(task, by int) {
	lane := l.o.Tasks[task].Lane
	l.busy[lane] += by
	if by > 0 {
		l.ahead[lane]--
	}
	if l.o.Tasks[task].Serial && by > 0 {
		l.serial = lane
	}
}

// moment hands out a moment of the idle workers. Those that wait to be handed a
// task are, first of all, the lanes that will get one.
func (l *lanes) moment(m *moment, idle int) {
	shares := m.without(idle)
	between := shares[0].cause == contract.Unattributed // two serial tasks
	if between {
		if l.serial < len(l.last) { // else no task was recorded at all
			l.put(l.serial, contract.Unattributed, m.from, m.to)
		}
		shares = shares[1:]
	}
	l.order = l.order[:0]
	for lane, works := range l.works {
		if works && l.busy[lane] == 0 && !(between && lane == l.serial) {
			l.order = append(l.order, lane)
		}
	}
	workers := 0
	for _, s := range shares {
		workers += s.workers
	}
	l.order = l.order[min(max(0, len(l.order)+l.laneless-workers), len(l.order)):] // a lane of serial tasks stands for the first
	slices.SortStableFunc(l.order, func(a, b int) int { return cmp.Compare(min(l.ahead[b], 1), min(l.ahead[a], 1)) })
	for _, s := range shares {
		n := min(s.workers, len(l.order))
		for _, lane := range l.order[:n] {
			l.put(lane, s.cause, m.from, m.to)
		}
		l.order = l.order[n:]
	}
}

// put adds a stretch to a lane, to its latest slice if that goes on.
func (l *lanes) put(lane int, c contract.Cause, from, to time.Duration) {
	if i := l.last[lane]; i >= 0 && l.out[i].Cause == c && l.out[i].To == from {
		l.out[i].To = to
		return
	}
	l.last[lane] = len(l.out)
	l.out = append(l.out, Slice{lane, c, from, to})
}
