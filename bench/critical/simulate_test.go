package critical

import (
	"container/heap"
	"testing"

	xtrace "golang.org/x/exp/trace"

	"amdahl/bench/transitions"
)

// A program of the simulator is a goroutine as a list of instructions.
type instruction struct {
	do   string // compute, sleep, lock, unlock, enter, leave, start, join
	ns   int64
	n    int             // of a lock
	more [][]instruction // of start: the goroutines, which join waits for
}

func compute(ns int64) instruction { return instruction{do: "compute", ns: ns} }
func rest(ns int64) instruction    { return instruction{do: "sleep", ns: ns} }
func lockOf(n int) instruction     { return instruction{do: "lock", n: n} }
func unlock(n int) instruction     { return instruction{do: "unlock", n: n} }
func start(gs ...[]instruction) instruction {
	return instruction{do: "start", more: gs}
}

var enter, leave, join = instruction{do: "enter"}, instruction{do: "leave"}, instruction{do: "join"}

// repeat is a list of instructions, several times.
func repeat(n int, list ...instruction) (out []instruction) {
	for range n {
		out = append(out, list...)
	}
	return out
}

// A task is a goroutine of the simulator. at is when it goes on.
type task struct {
	id       xtrace.GoID
	at       int64
	order    int
	program  []instruction
	inside   bool
	parent   *task
	children int
	joining  bool
}

type queue []*task

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].order < q[j].order
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(*task)) }
func (q *queue) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}

// feed gives an event to a replay.
func feed(to *replay, in *transitions.Translator, x xtrace.Event) {
	var e transitions.Event
	if in.Event(x, &e) {
		to.event(&e)
	}
}

// simulate runs a program with a processor for every goroutine, locks first come first
// served, and regions that take times as long. Its events go to the replay, if that is not
// nil. It returns how long the program took.
func simulate(t *testing.T, program []instruction, times float64, to *replay) int64 {
	t.Helper()
	now := int64(0)
	var in *transitions.Translator
	if to != nil {
		in = transitions.NewTranslator(to.tables)
	}
	emitAt := func(id, by xtrace.GoID, from, next xtrace.GoState, at xtrace.Stack) {
		if to == nil {
			return
		}
		st := xtrace.MakeGoStateTransition(id, from, next)
		st.Stack = at
		e, err := xtrace.MakeEvent(xtrace.EventConfig[xtrace.StateTransition]{Time: xtrace.Time(now), Kind: xtrace.EventStateTransition, Goroutine: by, Proc: xtrace.NoProc, Thread: xtrace.NoThread, Stack: at, Details: st})
		if err != nil {
			t.Fatal(err)
		}
		feed(to, in, e)
	}
	emit := func(id, by xtrace.GoID, from, next xtrace.GoState) { emitAt(id, by, from, next, xtrace.NoStack) }
	region := func(id xtrace.GoID, kind xtrace.EventKind) {
		if to == nil {
			return
		}
		e, err := xtrace.MakeEvent(xtrace.EventConfig[xtrace.Region]{Time: xtrace.Time(now), Kind: kind, Goroutine: id, Proc: xtrace.NoProc, Thread: xtrace.NoThread, Stack: xtrace.NoStack, Details: xtrace.Region{Type: "region", Task: xtrace.NoTask}})
		if err != nil {
			t.Fatal(err)
		}
		feed(to, in, e)
	}
	var q queue
	count := 0
	push := func(x *task, at int64) {
		count++
		x.at, x.order = at, count
		heap.Push(&q, x)
	}
	ids := xtrace.GoID(0)
	begin := func(parent *task, program []instruction) {
		ids++
		x := &task{id: ids, program: program, parent: parent}
		by := xtrace.NoGoroutine
		if parent != nil {
			by = parent.id
			parent.children++
		}
		emit(x.id, by, xtrace.GoNotExist, xtrace.GoRunnable)
		emit(x.id, xtrace.NoGoroutine, xtrace.GoRunnable, xtrace.GoRunning)
		push(x, now)
	}
	wake := func(x, by *task) {
		emit(x.id, by.id, xtrace.GoWaiting, xtrace.GoRunnable)
		emit(x.id, xtrace.NoGoroutine, xtrace.GoRunnable, xtrace.GoRunning)
		push(x, now)
	}
	holders, waiting := map[int]*task{}, map[int][]*task{}
	begin(nil, program)
	sleeping := map[*task]bool{}
	for len(q) > 0 {
		x := heap.Pop(&q).(*task)
		now = x.at
		if sleeping[x] {
			delete(sleeping, x)
			emit(x.id, xtrace.NoGoroutine, xtrace.GoWaiting, xtrace.GoRunnable)
			emit(x.id, xtrace.NoGoroutine, xtrace.GoRunnable, xtrace.GoRunning)
		}
		if len(x.program) == 0 {
			if p := x.parent; p != nil {
				if p.children--; p.children == 0 && p.joining {
					p.joining = false
					wake(p, x)
				}
			}
			emit(x.id, x.id, xtrace.GoRunning, xtrace.GoNotExist)
			continue
		}
		i := x.program[0]
		x.program = x.program[1:]
		d := i.ns
		if x.inside {
			d = int64(float64(d) * times)
		}
		switch i.do {
		case "compute":
			push(x, now+d)
		case "sleep":
			emit(x.id, x.id, xtrace.GoRunning, xtrace.GoWaiting)
			sleeping[x] = true
			push(x, now+d)
		case "enter":
			x.inside = true
			region(x.id, xtrace.EventRegionBegin)
			push(x, now)
		case "leave":
			region(x.id, xtrace.EventRegionEnd)
			x.inside = false
			push(x, now)
		case "lock":
			if holders[i.n] == nil {
				holders[i.n] = x
				push(x, now)
				continue
			}
			emit(x.id, x.id, xtrace.GoRunning, xtrace.GoWaiting)
			waiting[i.n] = append(waiting[i.n], x)
		case "unlock":
			holders[i.n] = nil
			if w := waiting[i.n]; len(w) > 0 {
				holders[i.n], waiting[i.n] = w[0], w[1:]
				wake(w[0], x)
			}
			push(x, now)
		case "start":
			for _, g := range i.more {
				begin(x, g)
			}
			push(x, now)
		case "join":
			if x.children == 0 {
				push(x, now)
				continue
			}
			emitAt(x.id, x.id, xtrace.GoRunning, xtrace.GoWaiting, stackOf("sync.(*WaitGroup).Wait", "main.main"))
			x.joining = true
		}
	}
	return now
}
