package gotrace

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/exp/trace"

	"amdahl/bench/contract"
	"amdahl/bench/transitions"
)

// A translation is one trace under way. Until it begins to write, it only keeps up the state.
type translation struct {
	w         *contract.Writer
	known     *names
	base, now int64
	begun     bool

	processors, goroutines int        // ids of the rows of processes
	collector              *goroutine // has the ranges of none; it always runs
	procs                  []proc
	gs                     []*goroutine // by slot; nil of one that is free
	lanes                  lanes
	laneless               int
	running, runnable      int
}

// A proc is what is known of a processor of Go.
type proc struct {
	seen  bool
	track contract.Track // once the translation has begun
	call  *goroutine     // in a system call, while the processor is still its own
}

// A goroutine is what is known of one now.
type goroutine struct {
	id     trace.GoID
	name   string // "g12 main.work", once the translation has begun
	state  trace.GoState
	reason int32 // the word for what it waits for
	number int   // of its lane
	lane   contract.Track
	proc   int32   // where it runs, or was running before a system call; below 0 if that is not known
	ranges []int32 // the words of those that are open, the outermost first
}

func newTranslation(w *contract.Writer, known *names, most int) *translation {
	return &translation{w: w, known: known, lanes: lanes{most: most}, collector: &goroutine{state: trace.GoRunning, proc: -1}}
}

// event takes the next one.
func (t *translation) event(k *record) {
	t.now = k.at
	switch k.kind {
	case transitions.Change:
		t.change(k)
	case transitions.Idle: // it leaves the goroutine to its system call
		t.takeProc(k.proc)
	case transitions.RangeBegin, transitions.RangeActive, transitions.RangeEnd, transitions.RegionBegin, transitions.RegionEnd:
		t.within(t.owner(k), k.text, k.kind)
	case transitions.Heap:
		if t.begun {
			t.counter("heap", map[string]any{"bytes": uint64(k.id)})
		}
	}
}

// change moves a goroutine to its next state.
func (t *translation) change(k *record) {
	t.gs = reach(t.gs, int(k.slot))
	g := t.gs[k.slot]
	if g == nil {
		if k.to == trace.GoNotExist {
			return
		}
		g = &goroutine{id: trace.GoID(k.id)}
		t.gs[k.slot] = g
		t.enlist(g)
	} else {
		t.leave(g)
	}
	g.state, g.reason, g.proc = k.to, k.text, -1
	switch {
	case k.to == trace.GoRunning && k.from != trace.GoUndetermined, k.to == trace.GoSyscall && k.from == trace.GoRunning:
		// Where it runs when the trace begins is not said.
		g.proc = k.proc
		t.seen(k.proc)
	}
	if k.to == trace.GoNotExist {
		t.shut(g.lane)
		t.lanes.free(g.number)
		t.gs[k.slot] = nil
	} else {
		t.enter(g)
	}
	t.counts()
}

// enlist gives a goroutine its name and its lane.
func (t *translation) enlist(g *goroutine) {
	g.number = noLane
	if t.begun {
		g.name = t.known.goroutine(g.id)
		g.number, g.lane = t.lane()
		t.open(g.lane, contract.CatGoroutine, g.name)
	}
}

// takeProc takes a processor from the goroutine that is in a system call there.
func (t *translation) takeProc(id int32) {
	if id < 0 || int(id) >= len(t.procs) {
		return
	}
	p := &t.procs[id]
	if g := p.call; g != nil {
		t.shut(p.track)
		g.proc, p.call = -1, nil
	}
}

// reasonOf is the word for what a goroutine waits for. The runtime says "sync" for all of
// package sync; the stack tells which: "sync.(*Mutex).Lock".
func (r *Run) reasonOf(e *transitions.Event) int32 {
	tables := r.names.tables
	if e.Stack == 0 || tables.Word(e.Reason) != "sync" {
		return e.Reason
	}
	r.reason = reach(r.reason, int(e.Stack))
	if known := r.reason[e.Stack]; known != 0 {
		return known
	}
	found := tables.Word(e.Reason)
frames:
	for _, f := range tables.Frames(e.Stack) {
		switch {
		case strings.HasPrefix(f.Function, "sync.(*"):
			found = f.Function
		case strings.HasPrefix(f.Function, "sync."), strings.HasPrefix(f.Function, "internal/sync."), strings.HasPrefix(f.Function, "runtime."):
		default:
			break frames
		}
	}
	r.reason[e.Stack] = tables.Number(found)
	return r.reason[e.Stack]
}

// enter opens the slices of the state that a goroutine is in.
func (t *translation) enter(g *goroutine) {
	if t.begun {
		t.open(g.lane, contract.CatState, t.stateName(g))
	}
	switch g.state {
	case trace.GoRunning:
		t.running++
		t.takeProc(g.proc)
		t.open(t.track(g.proc), contract.CatRunning, g.name)
		for _, r := range g.ranges {
			t.both(g, r)
		}
	case trace.GoRunnable:
		t.runnable++
	case trace.GoSyscall:
		if g.proc >= 0 {
			t.procs[g.proc].call = g
			t.open(t.track(g.proc), contract.CatSyscall, g.name)
		}
	}
}

// stateName is the name of the slice of a state.
func (t *translation) stateName(g *goroutine) string {
	switch g.state {
	case trace.GoRunning:
		return contract.GoRunning
	case trace.GoRunnable:
		return contract.GoRunnable
	case trace.GoSyscall:
		return contract.GoSyscall
	case trace.GoWaiting:
		if g.reason != 0 {
			return contract.GoWaiting + contract.GoReason + t.known.tables.Word(g.reason)
		}
		return contract.GoWaiting
	}
	return g.state.String()
}

// leave closes them.
func (t *translation) leave(g *goroutine) {
	switch g.state {
	case trace.GoRunning:
		for range g.ranges {
			t.shut(g.lane)
			t.shut(t.track(g.proc))
		}
		t.shut(t.track(g.proc))
		t.running--
	case trace.GoRunnable:
		t.runnable--
	case trace.GoSyscall:
		t.takeProc(g.proc)
	}
	t.shut(g.lane)
}

// both opens a range where a goroutine runs.
func (t *translation) both(g *goroutine, word int32) {
	if t.begun {
		name := t.known.tables.Word(word)
		t.open(g.lane, contract.CatRange, name)
		t.open(t.track(g.proc), contract.CatRange, name)
	}
}

// owner is who has a range or a region, nil if that is not known. Those of the whole program
// are the collector's.
func (t *translation) owner(k *record) *goroutine {
	if k.slot == noSlot {
		return t.collector
	}
	if int(k.slot) < len(t.gs) {
		return t.gs[k.slot]
	}
	return nil
}

// within begins or ends a range in a goroutine. What was begun within it and
// still lasts is cut in two.
func (t *translation) within(g *goroutine, word int32, kind transitions.Kind) {
	if g == nil {
		return
	}
	at := len(g.ranges) - 1
	for at >= 0 && g.ranges[at] != word {
		at--
	}
	runs := g.state == trace.GoRunning
	switch kind {
	case transitions.RangeActive, transitions.RangeBegin, transitions.RegionBegin:
		if at >= 0 && kind == transitions.RangeActive {
			return // said again
		}
		g.ranges = append(g.ranges, word)
		if runs {
			t.both(g, word)
		}
	default:
		if at < 0 {
			return // it began before the trace
		}
		inner := slices.Clone(g.ranges[at+1:])
		if g.ranges = append(g.ranges[:at], inner...); !runs {
			return
		}
		for range len(inner) + 1 {
			t.shut(g.lane)
			t.shut(t.track(g.proc))
		}
		for _, r := range inner {
			t.both(g, r)
		}
	}
}

// begin begins the run, and opens what is open at the first event that is kept. The first
// left changes are not.
func (t *translation) begin(name string, left int) {
	t.known.settle()
	t.processors, t.goroutines = t.w.Run(name, left)
	t.collector.lane = t.w.Thread(t.processors, contract.ThreadCollector, 0)
	t.begun, t.base = true, t.now
	for id := range t.procs {
		if t.procs[id].seen {
			t.row(int32(id))
		}
	}
	t.running, t.runnable = 0, 0 // enter counts
	for _, r := range t.collector.ranges {
		t.both(t.collector, r)
	}
	for _, g := range t.sorted() {
		t.enlist(g)
		t.enter(g)
	}
}

// end closes what is open at the last event.
func (t *translation) end() {
	for range t.collector.ranges {
		t.shut(t.collector.lane)
	}
	for _, g := range t.sorted() {
		t.leave(g)
		t.shut(g.lane)
	}
}

// sorted are the goroutines that there are, by number.
func (t *translation) sorted() []*goroutine {
	list := slices.DeleteFunc(slices.Clone(t.gs), func(g *goroutine) bool { return g == nil })
	slices.SortFunc(list, func(a, b *goroutine) int { return cmp.Compare(a.id, b.id) })
	return list
}
