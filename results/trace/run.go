package trace

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"amdahl/bench/contract"
)

// A runBuilder makes one run of events as they come.
type runBuilder struct {
	run     Run
	dropped bool // nobody wants it
	rows    [2]bool
	threads map[contract.Track]*thread
	order   []*thread
}

// A thread is one row of the file.
type thread struct {
	kind  string // contract.RowsProcessors or contract.RowsGoroutines
	row   Row    // of a processor; of a lane: the goroutine that it is at
	open  []open // slices that have begun, the outermost first
	since time.Duration
}

// An open slice has begun and not ended.
type open struct {
	cat      string
	activity Activity
	named    bool // it says what is done: its activity counts
}

// runOf returns the run and the kind of rows that a process is named after, as
// in "cpu=2: processors".
func runOf(process string) (run, rows string, ok bool) {
	for _, rows := range []string{contract.RowsProcessors, contract.RowsGoroutines} {
		if run, ok := strings.CutSuffix(process, contract.RowsOf+rows); ok {
			return run, rows, true
		}
	}
	return "", "", false
}

// names takes the name of a process, and begins a run with it. It returns false
// for one that is not of a run.
func (b *builder) names(e contract.Event) bool {
	name, _ := e.Args["name"].(string)
	run, rows, ok := runOf(name)
	if !ok {
		return false
	}
	left, _ := e.Args[contract.ArgLeftOut].(int)
	at := 0
	if rows == contract.RowsGoroutines {
		at = 1
	}
	var r *runBuilder
	if n := len(b.runs); n > 0 && b.runs[n-1].run.Name == run && !b.runs[n-1].rows[at] {
		r = b.runs[n-1]
	} else {
		r = &runBuilder{run: Run{Name: run, LeftOut: left}, threads: map[contract.Track]*thread{}, dropped: !b.keep(run)}
		b.runs = append(b.runs, r)
	}
	r.rows[at] = true
	b.rows[e.Track.PID] = process{r, rows}
	return true
}

// A process is one of the two of a run.
type process struct {
	*runBuilder
	rows string
}

// add takes an event of one of the run's two processes.
func (p process) add(e contract.Event) {
	r := p.runBuilder
	if r.dropped {
		return
	}
	t := r.threads[e.Track]
	if t == nil {
		t = &thread{kind: p.rows}
		r.threads[e.Track] = t
		r.order = append(r.order, t)
	}
	switch e.Phase {
	case contract.Metadata:
		if name, ok := e.Args["name"].(string); ok && e.Name == contract.MetaThread && p.rows == contract.RowsProcessors {
			t.row.Name = name
		}
	case contract.Begin:
		r.run.Time = max(r.run.Time, e.At)
		t.upTo(e.At)
		if e.Cat == contract.CatGoroutine {
			t.row = Row{Name: e.Name}
		}
		t.open = append(t.open, t.opened(e))
	case contract.End:
		r.run.Time = max(r.run.Time, e.At)
		if len(t.open) == 0 {
			return // it began before the file did
		}
		t.upTo(e.At)
		last := t.open[len(t.open)-1]
		t.open = t.open[:len(t.open)-1]
		if last.cat == contract.CatGoroutine {
			r.leave(t)
		}
	}
}

// opened is the slice that an event of the thread begins.
func (t *thread) opened(e contract.Event) open {
	o := open{cat: e.Cat, named: true}
	switch e.Cat {
	case contract.CatState:
		o.activity = activityOf(e.Name)
		if o.activity == Running && collector(t.row.Name) {
			o.activity = Collecting
		}
	case contract.CatSyscall:
		o.activity = Syscall
	case contract.CatRunning:
		if collector(e.Name) {
			o.activity = Collecting
		}
	case contract.CatRange:
		o.activity = Collecting
		o.named = collects(e.Name)
	default: // the life of a goroutine
		o.named = false
	}
	return o
}

// upTo adds what the innermost slices say of the time up to now.
func (t *thread) upTo(now time.Duration) {
	from := t.since
	t.since = max(from, now)
	for i := len(t.open) - 1; i >= 0; i-- {
		if o := t.open[i]; o.named {
			t.add(Span{o.activity, from, now})
			return
		}
	}
}

// add adds a span, to the last one if that goes on.
func (t *thread) add(s Span) {
	if s.From >= s.To {
		return
	}
	if n := len(t.row.Spans); n > 0 && t.row.Spans[n-1].Activity == s.Activity && t.row.Spans[n-1].To == s.From {
		t.row.Spans[n-1].To = s.To
		return
	}
	t.row.Spans = append(t.row.Spans, s)
}

// leave takes the row of a goroutine from its lane. A goroutine that had no
// lane for a while comes back on another one.
func (r *runBuilder) leave(t *thread) {
	if len(t.row.Spans) > 0 {
		r.run.Goroutines = append(r.run.Goroutines, t.row)
	}
	t.row = Row{}
}

// finish is the run. Slices that have not ended last to its end.
func (r *runBuilder) finish() *Run {
	for _, t := range r.order {
		t.upTo(r.run.Time)
		switch {
		case t.kind == contract.RowsGoroutines:
			r.leave(t)
		case t.row.Name == contract.ThreadCollector && len(t.row.Spans) == 0:
		case t.row.Name != "":
			r.run.Processors = append(r.run.Processors, t.row)
		}
	}
	slices.SortStableFunc(r.run.Processors, func(a, b Row) int { return cmp.Compare(number(a.Name), number(b.Name)) })
	slices.SortStableFunc(r.run.Goroutines, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Spans[0].From, b.Spans[0].From), cmp.Compare(number(a.Name), number(b.Name)))
	})
	return &r.run
}

// number is that of "P12" and of "g12 main.work"; −1 without one.
func number(name string) int {
	name, _, _ = strings.Cut(name, " ")
	if n, err := strconv.Atoi(strings.TrimLeft(name, "Pg")); err == nil {
		return n
	}
	return -1
}
