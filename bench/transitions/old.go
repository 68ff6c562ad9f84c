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
	*e = Event{Time: int64(x.Time())}
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
	case trace.EventStateTransition:
		st := x.StateTransition()
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
	}
	return e.G != nil
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
