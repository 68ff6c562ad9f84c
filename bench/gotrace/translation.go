package gotrace

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"golang.org/x/exp/trace"

	"amdahl/bench/contract"
)

// A translation is one trace under way.
type translation struct {
	w         *contract.Writer
	known     names
	wait      int // changes before the first that is kept
	base, now trace.Time
	begun     bool

	processors, goroutines int        // ids of the rows of processes
	collector              *goroutine // has the ranges of none; it always runs
	procs                  map[trace.ProcID]contract.Track
	calls                  map[contract.Track]*goroutine // in a system call, by the processor that they still have
	gs                     map[trace.GoID]*goroutine
	lanes                  lanes
	laneless               int
	running, runnable      int
}

// A goroutine is what is known of one now.
type goroutine struct {
	id     trace.GoID
	name   string // "g12 main.work"
	state  trace.GoState
	reason string
	number int // of its lane
	lane   contract.Track
	proc   contract.Track // where it runs, or was running before a system call, if that is known
	ranges []string       // that are open, the outermost first
}

// newTranslation begins a run. The first left changes are not written.
func newTranslation(w *contract.Writer, name string, known names, left, most int) *translation {
	t := &translation{
		w: w, known: known, wait: left, procs: map[trace.ProcID]contract.Track{}, gs: map[trace.GoID]*goroutine{},
		calls: map[contract.Track]*goroutine{}, lanes: lanes{most: most},
	}
	t.processors, t.goroutines = w.Run(name, left)
	t.collector = &goroutine{state: trace.GoRunning, lane: w.Thread(t.processors, contract.ThreadCollector, 0)}
	return t
}

// event takes the next one.
func (t *translation) event(e trace.Event) {
	t.now = e.Time()
	if !t.begun && t.wait == 0 {
		t.begin()
	}
	switch e.Kind() {
	case trace.EventStateTransition:
		if c, ok := change(e); ok {
			t.change(e, c)
			if t.wait > 0 {
				t.wait--
			}
		} else {
			t.other(e)
		}
	case trace.EventRangeBegin, trace.EventRangeActive, trace.EventRangeEnd:
		t.within(t.owner(e), e.Range().Name, e.Kind())
	case trace.EventRegionBegin, trace.EventRegionEnd:
		t.within(t.gs[e.Goroutine()], e.Region().Type, e.Kind())
	case trace.EventMetric:
		if m := e.Metric(); m.Name == "/memory/classes/heap/objects:bytes" && m.Value.Kind() == trace.ValueUint64 {
			t.counter("heap", map[string]any{"bytes": m.Value.Uint64()})
		}
	}
}

// change is the transition of a goroutine to another state, if e is one.
func change(e trace.Event) (trace.StateTransition, bool) {
	if e.Kind() != trace.EventStateTransition {
		return trace.StateTransition{}, false
	}
	st := e.StateTransition()
	if st.Resource.Kind != trace.ResourceGoroutine {
		return st, false
	}
	from, to := st.Goroutine()
	return st, from != to
}

// change moves a goroutine to its next state.
func (t *translation) change(e trace.Event, st trace.StateTransition) {
	id := st.Resource.Goroutine()
	from, to := st.Goroutine()
	g := t.gs[id]
	if g == nil {
		if to == trace.GoNotExist {
			return
		}
		g = &goroutine{id: id, name: t.known.goroutine(id)}
		t.gs[id] = g
		g.number, g.lane = t.lane()
		t.open(g.lane, contract.CatGoroutine, g.name)
	} else {
		t.leave(g)
	}
	g.state, g.reason, g.proc = to, reason(st), contract.Track{}
	switch {
	case to == trace.GoRunning && from != trace.GoUndetermined:
		// Where it runs when the trace begins is not said.
		g.proc = t.proc(e.Proc())
	case to == trace.GoSyscall && from == trace.GoRunning:
		g.proc = t.proc(e.Proc())
	}
	if to == trace.GoNotExist {
		t.shut(g.lane)
		t.lanes.free(g.number)
		delete(t.gs, id)
	} else {
		t.enter(g)
	}
	t.counts()
}

// other takes a transition that is not a change of a goroutine: a processor that
// stops running leaves the goroutine to its system call.
func (t *translation) other(e trace.Event) {
	st := e.StateTransition()
	if st.Resource.Kind == trace.ResourceProc {
		if _, to := st.Proc(); to != trace.ProcRunning {
			t.takeProc(t.procs[st.Resource.Proc()])
		}
	}
}

// takeProc takes a processor from the goroutine that is in a system call there.
func (t *translation) takeProc(proc contract.Track) {
	if g := t.calls[proc]; g != nil {
		t.shut(proc)
		g.proc = contract.Track{}
		delete(t.calls, proc)
	}
}

// reason is what a goroutine waits for. The runtime says "sync" for all of
// package sync; the stack tells which: "sync.(*Mutex).Lock".
func reason(st trace.StateTransition) string {
	if st.Reason != "sync" {
		return st.Reason
	}
	found := st.Reason
	for f := range st.Stack.Frames() {
		switch {
		case strings.HasPrefix(f.Func, "sync.(*"):
			found = f.Func
		case strings.HasPrefix(f.Func, "sync."), strings.HasPrefix(f.Func, "internal/sync."), strings.HasPrefix(f.Func, "runtime."):
		default:
			return found
		}
	}
	return found
}

// enter opens the slices of the state that a goroutine is in.
func (t *translation) enter(g *goroutine) {
	name := g.state.String()
	switch g.state {
	case trace.GoRunning:
		name = contract.GoRunning
		t.running++
	case trace.GoRunnable:
		name = contract.GoRunnable
		t.runnable++
	case trace.GoWaiting:
		name = contract.GoWaiting
		if g.reason != "" {
			name += contract.GoReason + g.reason
		}
	case trace.GoSyscall:
		name = contract.GoSyscall
	}
	t.open(g.lane, contract.CatState, name)
	switch g.state {
	case trace.GoRunning:
		t.takeProc(g.proc)
		t.open(g.proc, contract.CatRunning, g.name)
		for _, r := range g.ranges {
			t.both(g, r)
		}
	case trace.GoSyscall:
		if g.proc.TID != 0 {
			t.calls[g.proc] = g
			t.open(g.proc, contract.CatSyscall, g.name)
		}
	}
}

// leave closes them.
func (t *translation) leave(g *goroutine) {
	switch g.state {
	case trace.GoRunning:
		for range g.ranges {
			t.shut(g.lane)
			t.shut(g.proc)
		}
		t.shut(g.proc)
		t.running--
	case trace.GoRunnable:
		t.runnable--
	case trace.GoSyscall:
		t.takeProc(g.proc)
	}
	t.shut(g.lane)
}

// both opens a range where a goroutine runs.
func (t *translation) both(g *goroutine, name string) {
	t.open(g.lane, contract.CatRange, name)
	t.open(g.proc, contract.CatRange, name)
}

// owner is who has a range of the runtime, nil if that is not known. Those of
// a processor are of what runs there.
func (t *translation) owner(e trace.Event) *goroutine {
	switch scope := e.Range().Scope; scope.Kind {
	case trace.ResourceNone:
		return t.collector
	case trace.ResourceGoroutine:
		return t.gs[scope.Goroutine()]
	}
	return t.gs[e.Goroutine()]
}

// within begins or ends a range in a goroutine. What was begun within it and
// still lasts is cut in two.
func (t *translation) within(g *goroutine, name string, kind trace.EventKind) {
	if g == nil {
		return
	}
	at := len(g.ranges) - 1
	for at >= 0 && g.ranges[at] != name {
		at--
	}
	runs := g.state == trace.GoRunning
	switch kind {
	case trace.EventRangeActive, trace.EventRangeBegin, trace.EventRegionBegin:
		if at >= 0 && kind == trace.EventRangeActive {
			return // said again
		}
		g.ranges = append(g.ranges, name)
		if runs {
			t.both(g, name)
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
			t.shut(g.proc)
		}
		for _, r := range inner {
			t.both(g, r)
		}
	}
}

// begin opens what is open at the first event that is kept.
func (t *translation) begin() {
	t.begun, t.base = true, t.now
	t.running, t.runnable = 0, 0 // enter counts
	for _, r := range t.collector.ranges {
		t.both(t.collector, r)
	}
	for _, g := range t.sorted() {
		t.open(g.lane, contract.CatGoroutine, g.name)
		t.enter(g)
	}
}

// end closes what is open at the last event.
func (t *translation) end() {
	if !t.begun {
		t.base = t.now
		return
	}
	for range t.collector.ranges {
		t.shut(t.collector.lane)
	}
	for _, g := range t.sorted() {
		t.leave(g)
		t.shut(g.lane)
	}
}

func (t *translation) sorted() []*goroutine {
	return slices.SortedFunc(maps.Values(t.gs), func(a, b *goroutine) int { return cmp.Compare(a.id, b.id) })
}
