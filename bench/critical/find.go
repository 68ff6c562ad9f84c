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
	"amdahl/bench/transitions"
)

// Find finds the critical path of the trace in r, which it reads once. Its memory grows with
// the number of goroutines and of different places, and with the longest of the generations
// that the trace consists of (about a second each), not with its length.
//
// Where package testing has marked a timed region (see package overlay), the path is that of
// the last benchmark: from the begin of its timed region to the end, in its goroutine. Without
// one it ends where the last goroutine of the program stops to run: goroutines of the runtime
// and of its tracer, which often run after it, are not looked at.
func Find(r io.Reader, o Options) (*Path, error) {
	in, err := transitions.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("critical: %w", err)
	}
	f, err := NewFinder(in.Tables, o)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := in.Each(f.Event); err != nil {
		return nil, fmt.Errorf("critical: %w", err)
	}
	return f.Path(in.Span())
}

// NewFinder is [Find] for somebody who needs the events of one reading for something else,
// too. They are those of a reader with these tables. The caller closes the Finder.
func NewFinder(t *transitions.Tables, o Options) (*Finder, error) {
	l, err := newLog(o.Temp)
	if err != nil {
		return nil, err
	}
	f := newFinder(l, t)
	f.most = cmp.Or(o.Segments, 100_000)
	return f, nil
}

// Path is the critical path of a trace that began and ended at these times, after its last
// event.
func (f *Finder) Path(begin, end int64) (*Path, error) {
	f.begin, f.now = begin, end
	return f.path(f.most)
}

// Close removes the temporary file.
func (f *Finder) Close() { f.log.remove() }

// A Finder follows the goroutines of a trace.
type Finder struct {
	most   int // segments to keep
	log    *log
	tables *transitions.Tables // of reasons and places, too
	gs     []goroutine         // by slot
	places []int32             // by the number of a stack; 0 if not known yet
	roots  roots
	words  struct{ creation, call, before, coroutine, preempted, sleep int32 }

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
	id      trace.GoID
	runs    bool
	system  bool  // it is not the program's
	name    int32 // 0 if unknown
	pending stay  // since it stopped to run
	stopped stop  // when it stopped to run last
}

func newFinder(l *log, t *transitions.Tables) *Finder {
	f := &Finder{log: l, tables: t, roots: roots{tables: t}}
	f.words.creation, f.words.call, f.words.preempted = t.Number("creation"), t.Number("system call"), t.Number("preempted")
	f.words.before, f.words.coroutine, f.words.sleep = t.Number("before the trace"), t.Number("coroutine switch"), t.Number("sleep")
	return f
}

// place is the word for where a stack is: its innermost function that is not of the
// runtime or of the packages of synchronisation, with the line; 0 for no stack.
func (f *Finder) place(stack int32) int32 {
	if stack == 0 {
		return 0
	}
	f.places = reach(f.places, int(stack))
	if n := f.places[stack]; n != 0 {
		return n
	}
	text := ""
	for _, fr := range f.tables.Frames(stack) {
		text = fr.Function + ":" + strconv.Itoa(fr.Line)
		if !inside(fr.Function) {
			break
		}
	}
	n := f.tables.Number(text)
	f.places[stack] = n
	return n
}

// reach is a list that has an element i.
func reach[T any](list []T, i int) []T {
	if i < len(list) {
		return list
	}
	return append(list, make([]T, i+1-len(list))...)
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
func (f *Finder) name(g *goroutine, stack int32) {
	if stack != 0 && g.name == 0 {
		g.name = f.roots.of(stack)
		g.system = ofRuntime(f.tables.Word(g.name))
	}
}

// roots are the words for the outermost functions of stacks.
type roots struct {
	tables *transitions.Tables
	known  []int32 // by the number of a stack; 0 if not known yet
}

func (r *roots) of(stack int32) int32 {
	r.known = reach(r.known, int(stack))
	if r.known[stack] == 0 {
		frames := r.tables.Frames(stack)
		r.known[stack] = r.tables.Number(frames[len(frames)-1].Function)
	}
	return r.known[stack]
}

// Event takes the next event.
func (f *Finder) Event(e *transitions.Event) error {
	f.now = e.Time
	if !f.begun {
		f.begun, f.begin = true, f.now
	}
	switch e.Kind {
	case transitions.Log:
		if f.tables.Word(e.Category) == contract.MarkCategory {
			f.mark(f.tables.Word(e.Text), e.G.ID)
		}
	case transitions.Change:
		return f.change(e)
	}
	return nil
}

// mark takes a mark of package testing.
func (f *Finder) mark(text string, g trace.GoID) {
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

// change takes a change of a goroutine.
func (f *Finder) change(e *transitions.Event) error {
	id := e.G.ID
	f.gs = reach(f.gs, e.G.Slot)
	g := &f.gs[e.G.Slot]
	if g.id != id {
		*g = goroutine{id: id, pending: stay{g: id, from: f.now, ready: f.now}}
	}
	by := trace.GoID(0)
	if e.By != nil {
		by = e.By.ID
		if e.By.Slot < len(f.gs) && f.gs[e.By.Slot].id == by {
			f.name(&f.gs[e.By.Slot], e.ByStack)
		}
	}
	f.name(g, e.Stack)
	if g.runs && e.To != trace.GoRunning {
		g.stopped = stop{g: id, named: g.name != 0, began: g.pending.run, at: f.now}
	}
	switch e.To {
	case trace.GoRunnable:
		if e.From == trace.GoNotExist {
			g.pending = stay{g: id, by: by, from: f.now, ready: f.now, reason: f.words.creation, where: f.place(e.ByStack), created: true}
			return nil
		}
		if e.From == trace.GoRunning { // it gives way
			g.runs = false
			g.pending = stay{g: id, from: f.now, reason: cmp.Or(e.Reason, f.words.preempted), stopped: f.place(e.Stack)}
		}
		g.pending.ready = f.now
		// Whoever ran when a timer expired has nothing to do with it.
		if e.From == trace.GoWaiting && by != 0 && by != id && g.pending.reason != f.words.sleep {
			g.pending.by, g.pending.where = by, f.place(e.ByStack)
		}
	case trace.GoWaiting, trace.GoSyscall:
		g.runs = false
		reason := f.words.call
		if e.To == trace.GoWaiting {
			reason = cmp.Or(e.Reason, f.words.coroutine)
			if e.From == trace.GoUndetermined {
				reason = f.words.before
			}
		}
		g.pending = stay{g: id, from: f.now, ready: f.now, reason: reason, stopped: f.place(e.Stack)}
	case trace.GoRunning:
		if g.runs {
			return nil
		}
		g.runs = true
		g.pending.run = f.now
		if e.From != trace.GoRunnable {
			g.pending.ready = f.now
		}
		g.pending.name = g.name
		return f.log.add(&g.pending)
	case trace.GoNotExist:
		if !g.system && g.stopped.after(f.ended) {
			f.ended = g.stopped
		}
		*g = goroutine{}
	}
	return nil
}

// path follows the path backwards.
func (f *Finder) path(most int) (*Path, error) {
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
	sums := parts{tables: f.tables, index: map[partKey]int{}}
	where, reason := int32(0), int32(0)
	add := func(id trace.GoID, name int32, k Kind, from, to int64, why, place int32) {
		from = max(from, p.From)
		if to <= from {
			return
		}
		sums.add(name, k, why, place, to-from)
		if len(p.Segments) < most {
			p.Segments = append(p.Segments, Segment{id, f.tables.Word(name), k, from, to, f.tables.Word(why), f.tables.Word(place)})
		} else {
			p.Dropped++
		}
	}
	err := f.log.backwards(func(s *stay) bool {
		if s.g != g || s.run > at {
			return true
		}
		add(g, s.name, Running, s.run, at, reason, where)
		if at = s.run; at <= p.From {
			return false
		}
		add(g, s.name, Runnable, s.ready, at, s.reason, s.stopped)
		at = s.ready
		switch {
		case s.by != 0 && s.by != g:
			g, where, reason = s.by, s.where, s.reason
		case s.created:
			return false // nobody is known to have created it
		default:
			add(g, s.name, Waiting, s.from, at, s.reason, s.stopped)
			at, where, reason = s.from, s.stopped, s.reason
		}
		return at > p.From
	})
	if err != nil {
		return nil, err
	}
	if at > p.From { // it ran since before the trace began
		name := int32(0)
		for _, known := range f.gs {
			if known.id == g {
				name = known.name
			}
		}
		add(g, name, Running, p.From, at, reason, where)
	}
	slices.Reverse(p.Segments)
	p.Parts = sums.sorted()
	return p, nil
}
