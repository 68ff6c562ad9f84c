package transitions

import (
	"golang.org/x/exp/trace"
)

// A Translator turns the events of golang.org/x/exp/trace into those of this package: of
// traces before Go 1.22, and of those that are made by hand.
type Translator struct {
	*Tables
	slots
	gs     map[trace.GoID]*Goroutine
	stacks map[trace.Stack]int32 // of the tables that the trace has now
	ended  *Goroutine            // in the event before
	full   bool                  // as NewFullReader
}

// NewTranslator makes a translator that numbers words and stacks by these tables.
func NewTranslator(t *Tables) *Translator {
	return &Translator{Tables: t, gs: map[trace.GoID]*Goroutine{}, stacks: map[trace.Stack]int32{}}
}

// Event translates x into e. It reports false if e tells nothing of goroutines.
func (t *Translator) Event(x trace.Event, e *Event) bool {
	if g := t.ended; g != nil {
		t.give(g.Slot)
		t.ended = nil
	}
	*e = Event{Time: int64(x.Time()), Proc: -1}
	if t.full {
		e.Proc, e.By, e.ByStack = int32(x.Proc()), t.by(x), t.number(x.Stack())
	}
	switch x.Kind() {
	case trace.EventSync:
		clear(t.stacks) // stacks of a generation are not those of another
	case trace.EventRegionBegin, trace.EventRegionEnd:
		e.Kind = RegionBegin
		if x.Kind() == trace.EventRegionEnd {
			e.Kind = RegionEnd
		}
		e.G, e.Text = t.goroutine(x.Goroutine()), t.Number(x.Region().Type)
	case trace.EventLog:
		l := x.Log()
		e.Kind, e.G, e.Text, e.Category = Log, t.goroutine(x.Goroutine()), t.Number(l.Message), t.Number(l.Category)
	case trace.EventRangeBegin, trace.EventRangeActive, trace.EventRangeEnd:
		return t.full && t.ranged(x, e)
	case trace.EventMetric:
		m := x.Metric()
		if t.full && m.Name == "/memory/classes/heap/objects:bytes" && m.Value.Kind() == trace.ValueUint64 {
			e.Kind, e.Bytes = Heap, m.Value.Uint64()
			return true
		}
	case trace.EventStackSample:
		e.Kind, e.G = Sample, t.gs[x.Goroutine()]
		return t.full && e.G != nil
	case trace.EventStateTransition:
		return t.transition(x, e)
	}
	return e.G != nil
}

// transition translates a change of a goroutine or of a processor.
func (t *Translator) transition(x trace.Event, e *Event) bool {
	st := x.StateTransition()
	if st.Resource.Kind == trace.ResourceProc && t.full {
		_, to := st.Proc()
		e.Kind, e.Proc = Idle, int32(st.Resource.Proc())
		return to != trace.ProcRunning
	}
	if st.Resource.Kind != trace.ResourceGoroutine {
		return false
	}
	e.From, e.To = st.Goroutine()
	if e.From == e.To {
		return false
	}
	e.By = t.goroutine(x.Goroutine())
	e.G = t.goroutine(st.Resource.Goroutine())
	e.Stack, e.ByStack, e.Reason = t.number(st.Stack), t.number(x.Stack()), t.Number(st.Reason)
	if e.To == trace.GoNotExist && e.G != nil {
		delete(t.gs, e.G.ID)
		t.ended = e.G
	}
	return e.G != nil
}

// ranged translates a range of the runtime.
func (t *Translator) ranged(x trace.Event, e *Event) bool {
	e.Kind = map[trace.EventKind]Kind{trace.EventRangeBegin: RangeBegin, trace.EventRangeActive: RangeActive, trace.EventRangeEnd: RangeEnd}[x.Kind()]
	r := x.Range()
	e.Text = t.Number(r.Name)
	switch r.Scope.Kind {
	case trace.ResourceNone:
		return true
	case trace.ResourceGoroutine:
		e.G = t.goroutine(r.Scope.Goroutine())
	default:
		e.G = t.goroutine(x.Goroutine())
	}
	return e.G != nil
}

// by is the goroutine that ran where something happened; nil if none did. A sample may be of
// one that has ended.
func (t *Translator) by(x trace.Event) *Goroutine {
	if x.Kind() == trace.EventStackSample {
		return t.gs[x.Goroutine()]
	}
	return t.goroutine(x.Goroutine())
}

// goroutine is the one with an ID; nil for none.
func (t *Translator) goroutine(id trace.GoID) *Goroutine {
	if id == trace.NoGoroutine {
		return nil
	}
	g := t.gs[id]
	if g == nil {
		g = &Goroutine{ID: id, Slot: t.take()}
		t.gs[id] = g
	}
	return g
}

func (t *Translator) number(s trace.Stack) int32 {
	if s == trace.NoStack {
		return 0
	}
	n, ok := t.stacks[s]
	if !ok {
		var frames []Frame
		for f := range s.Frames() {
			frames = append(frames, Frame{f.Func, f.File, int(f.Line)})
		}
		n = t.stack(frames)
		t.stacks[s] = n
	}
	return n
}

// An oldReader reads a trace by golang.org/x/exp/trace.
type oldReader struct {
	*Translator
	in         *trace.Reader
	begun      bool
	begin, end int64
}

func newOldReader(in *trace.Reader, t *Tables, full bool) *oldReader {
	o := &oldReader{in: in, Translator: NewTranslator(t)}
	o.full = full
	return o
}

func (o *oldReader) read(e *Event) error {
	for {
		x, err := o.in.ReadEvent()
		if err != nil {
			return err
		}
		o.end = int64(x.Time())
		if !o.begun {
			o.begun, o.begin = true, o.end
		}
		if o.Event(x, e) {
			return nil
		}
	}
}

func (o *oldReader) span() (begin, end int64) { return o.begin, o.end }
