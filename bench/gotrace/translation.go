package gotrace

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/exp/trace"
)

// A translation is one trace under way.
type translation struct {
	w         *Writer
	wait      int // changes before the first that is kept
	left      int // changes that were left out
	base, now trace.Time
	begun     bool

	processors, goroutines int        // ids of the rows of processes
	collector              *goroutine // has the ranges of none; it always runs
	procs                  map[trace.ProcID]track
	gs                     map[trace.GoID]*goroutine
	lanes                  lanes
	laneless               int
	running, runnable      int
}

// A goroutine is what is known of one now.
type goroutine struct {
	id     trace.GoID
	name   string // "" if unknown
	state  trace.GoState
	reason string
	lane   track
	proc   track    // while it runs, if that is known
	ranges []string // that are open, the outermost first
}

func (g *goroutine) String() string {
	if g.name == "" {
		return fmt.Sprintf("g%d", g.id)
	}
	return fmt.Sprintf("g%d %s", g.id, g.name)
}

func newTranslation(w *Writer, name string, most int) *translation {
	t := &translation{w: w, procs: map[trace.ProcID]track{}, gs: map[trace.GoID]*goroutine{}}
	t.processors = t.process(name + ": processors")
	t.goroutines = t.process(name + ": goroutines")
	t.collector = &goroutine{state: trace.GoRunning, lane: t.track(t.processors, "garbage collector", 0)}
	t.lanes = lanes{most: most}
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
				t.left++
			}
		} else {
			t.named(e)
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
		g = &goroutine{id: id, name: entry(st.Stack)}
		t.gs[id] = g
		g.lane = t.lane()
		t.open(g.lane, "goroutine", g.String())
	} else {
		t.leave(g)
		if g.name == "" {
			g.name = entry(st.Stack)
		}
	}
	g.state, g.reason, g.proc = to, st.Reason, track{}
	if to == trace.GoRunning && from != trace.GoUndetermined {
		// Where it runs when the trace begins is not said.
		g.proc = t.proc(e.Proc())
	}
	if to == trace.GoNotExist {
		t.shut(g.lane)
		t.lanes.free(g.lane)
		delete(t.gs, id)
	} else {
		t.enter(g)
	}
	t.counts()
}

// named learns a name from a transition that is no change.
func (t *translation) named(e trace.Event) {
	st := e.StateTransition()
	if st.Resource.Kind != trace.ResourceGoroutine {
		return
	}
	if g := t.gs[st.Resource.Goroutine()]; g != nil && g.name == "" {
		g.name = entry(st.Stack)
	}
}

// entry is the function that a goroutine began with: the outermost one.
func entry(s trace.Stack) string {
	name := ""
	for f := range s.Frames() {
		name = f.Func
	}
	return name
}

// enter opens the slices of the state that a goroutine is in.
func (t *translation) enter(g *goroutine) {
	name := g.state.String()
	switch g.state {
	case trace.GoRunning:
		name = "running"
		t.running++
	case trace.GoRunnable:
		name = "runnable"
		t.runnable++
	case trace.GoWaiting:
		if name = "waiting"; g.reason != "" {
			name += ": " + g.reason
		}
	case trace.GoSyscall:
		name = "system call"
	}
	t.open(g.lane, "state", name)
	if g.state == trace.GoRunning {
		t.open(g.proc, "running", g.String())
		for _, r := range g.ranges {
			t.both(g, r)
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
	}
	t.shut(g.lane)
}

// both opens a range where a goroutine runs.
func (t *translation) both(g *goroutine, name string) {
	t.open(g.lane, "range", name)
	t.open(g.proc, "range", name)
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
		t.open(g.lane, "goroutine", g.String())
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
