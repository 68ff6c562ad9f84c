package critical

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/exp/trace"

	"amdahl/bench/contract"
)

// Find finds the critical path of the trace in r, which it reads once. Its memory grows with
// the number of goroutines and of different places, not with the length of the trace.
//
// Where package testing has marked a timed region (see package overlay), the path is that of
// the last benchmark: from the begin of its timed region to the end, in its goroutine. Without
// one it ends where the last goroutine of the program stops to run: goroutines of the runtime
// and of its tracer, which often run after it, are not looked at.
func Find(r io.Reader, o Options) (*Path, error) {
	in, err := trace.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("critical: %w", err)
	}
	l, err := newLog(o.Temp)
	if err != nil {
		return nil, err
	}
	defer l.remove()
	f := newFinder(l)
	for {
		e, err := in.ReadEvent()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("critical: %w", err)
		}
		if err := f.event(e); err != nil {
			return nil, err
		}
	}
	return f.path(cmp.Or(o.Segments, 100_000))
}

// A finder reads a trace.
type finder struct {
	log    *log
	gs     map[trace.GoID]*goroutine
	words  []string // reasons and places by number
	number map[string]int32
	places map[trace.Stack]int32 // of the tables that the trace has now
	roots  map[trace.Stack]int32 // likewise, of outermost functions

	begin, now int64
	begun      bool
	ended      stop // the last end of a goroutine of the program

	// The timed region: the last one that has ended.
	region, open struct {
		g        trace.GoID
		from, to int64
	}
}

// A goroutine is what is known of one now.
type goroutine struct {
	runs    bool
	name    int32 // -1 if unknown
	runtime bool  // it belongs to the runtime or to its tracer
	pending stay  // since it stopped to run
	stopped stop  // when it stopped to run last
}

func newFinder(l *log) *finder {
	return &finder{log: l, gs: map[trace.GoID]*goroutine{}, number: map[string]int32{}, places: map[trace.Stack]int32{}, roots: map[trace.Stack]int32{}}
}

// word is the number of a text.
func (f *finder) word(text string) int32 {
	n, ok := f.number[text]
	if !ok {
		n = int32(len(f.words))
		f.number[text] = n
		f.words = append(f.words, text)
	}
	return n
}

// place is the number of where a stack is: its innermost function that is not of the
// runtime or of the packages of synchronisation, with the line; -1 for no stack.
func (f *finder) place(s trace.Stack) int32 {
	if s == trace.NoStack {
		return -1
	}
	if n, ok := f.places[s]; ok {
		return n
	}
	text := ""
	for fr := range s.Frames() {
		text = fr.Func + ":" + strconv.FormatUint(fr.Line, 10)
		if !inside(fr.Func) {
			break
		}
	}
	n := f.word(text)
	f.places[s] = n
	return n
}

// inside reports whether a function only carries out what the program asked for.
func inside(function string) bool {
	for _, prefix := range []string{"runtime.", "internal/", "sync.", "sync/atomic.", "syscall.", "time.Sleep"} {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return false
}

// name keeps the outermost function of a stack as the name of a goroutine.
func (f *finder) name(g *goroutine, s trace.Stack) {
	if s == trace.NoStack || g.name >= 0 {
		return
	}
	n, ok := f.roots[s]
	if !ok {
		n = f.word(outermost(s))
		f.roots[s] = n
	}
	g.name, g.runtime = n, ofRuntime(f.words[n])
}

// event takes the next event.
func (f *finder) event(e trace.Event) error {
	f.now = int64(e.Time())
	if !f.begun {
		f.begun, f.begin = true, f.now
	}
	if g := f.gs[e.Goroutine()]; g != nil {
		f.name(g, e.Stack())
	}
	switch e.Kind() {
	case trace.EventSync:
		clear(f.places)
		clear(f.roots)
	case trace.EventLog:
		if l := e.Log(); l.Category == contract.MarkCategory {
			f.mark(l.Message, e.Goroutine())
		}
	case trace.EventStateTransition:
		return f.transition(e)
	}
	return nil
}

// mark takes a mark of package testing.
func (f *finder) mark(text string, g trace.GoID) {
	word, _, _ := strings.Cut(text, " ")
	switch word {
	case contract.MarkReset:
		f.open.g = 0
	case contract.MarkBegin:
		if f.open.g == 0 {
			f.open.g, f.open.from = g, f.now
		}
	case contract.MarkEnd:
		f.open.to = f.now
	case contract.MarkResult:
		if f.open.g != 0 && f.open.to > f.open.from {
			f.region = f.open
		}
		f.open.g = 0
	}
}

// transition takes a change of a goroutine.
func (f *finder) transition(e trace.Event) error {
	st := e.StateTransition()
	if st.Resource.Kind != trace.ResourceGoroutine {
		return nil
	}
	id := st.Resource.Goroutine()
	from, to := st.Goroutine()
	if from == to {
		return nil
	}
	g := f.gs[id]
	if g == nil {
		g = &goroutine{name: -1, pending: stay{g: id, from: f.now, ready: f.now, where: -1, stopped: -1}}
		f.gs[id] = g
	}
	f.name(g, st.Stack)
	if g.runs && to != trace.GoRunning {
		g.stopped = stop{g: id, named: g.name >= 0, began: g.pending.run, at: f.now}
	}
	switch to {
	case trace.GoRunnable:
		if from == trace.GoNotExist {
			g.pending = stay{g: id, by: e.Goroutine(), from: f.now, ready: f.now, reason: f.word("creation"), where: f.place(e.Stack()), stopped: -1, created: true}
			return nil
		}
		if from == trace.GoRunning { // it gives way
			g.runs = false
			g.pending = stay{g: id, from: f.now, reason: f.word(cmp.Or(st.Reason, "preempted")), where: -1, stopped: f.place(st.Stack)}
		}
		g.pending.ready = f.now
		if by := e.Goroutine(); from == trace.GoWaiting && by != trace.NoGoroutine && by != id {
			g.pending.by, g.pending.where = by, f.place(e.Stack())
		}
	case trace.GoWaiting, trace.GoSyscall:
		g.runs = false
		reason := cmp.Or(st.Reason, "system call")
		g.pending = stay{g: id, from: f.now, ready: f.now, reason: f.word(reason), where: -1, stopped: f.place(st.Stack)}
	case trace.GoRunning:
		if g.runs {
			return nil
		}
		g.runs = true
		g.pending.run = f.now
		if from != trace.GoRunnable {
			g.pending.ready = f.now
		}
		g.pending.name = g.name
		return f.log.add(g.pending)
	case trace.GoNotExist:
		if !g.runtime && g.stopped.after(f.ended) {
			f.ended = g.stopped
		}
		delete(f.gs, id)
	}
	return nil
}

// path follows the path backwards.
func (f *finder) path(most int) (*Path, error) {
	last := f.last()
	p := &Path{Begin: f.begin, From: f.begin, To: last.at}
	at, g := last.at, last.g
	if f.region.g != 0 {
		p.From, p.To = f.region.from, f.region.to
		at, g = p.To, f.region.g
	}
	if p.To <= p.From || g == 0 {
		return nil, errors.New("critical: nothing ran in this trace")
	}
	sums := parts{index: map[Part]int{}}
	where, reason := int32(-1), ""
	add := func(id trace.GoID, name int32, k Kind, from, to int64, why string, place int32) {
		from = max(from, p.From)
		if to <= from {
			return
		}
		s := Segment{Goroutine: id, Kind: k, From: from, To: to, Reason: why}
		if name >= 0 {
			s.Name = f.words[name]
		}
		if place >= 0 {
			s.Where = f.words[place]
		}
		sums.add(s)
		if len(p.Segments) < most {
			p.Segments = append(p.Segments, s)
		} else {
			p.Dropped++
		}
	}
	err := f.log.backwards(func(s stay) bool {
		if s.g != g || s.run > at {
			return true
		}
		add(g, s.name, Running, s.run, at, reason, where)
		if at = s.run; at <= p.From {
			return false
		}
		add(g, s.name, Runnable, s.ready, at, f.words[s.reason], s.stopped)
		at = s.ready
		switch {
		case s.by != 0 && s.by != g:
			g, where, reason = s.by, s.where, f.words[s.reason]
		case s.created:
			return false // nobody is known to have created it
		default:
			add(g, s.name, Waiting, s.from, at, f.words[s.reason], s.stopped)
			at, where, reason = s.from, s.stopped, f.words[s.reason]
		}
		return at > p.From
	})
	if err != nil {
		return nil, err
	}
	if at > p.From { // it ran since before the trace began
		name := int32(-1)
		if known := f.gs[g]; known != nil {
			name = known.name
		}
		add(g, name, Running, p.From, at, reason, where)
	}
	slices.Reverse(p.Segments)
	p.Parts = sums.sorted()
	return p, nil
}
