package critical

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/exp/trace"

	"amdahl/bench/contract"
)

// A Question asks what a run would be if a region of it took another time.
type Question struct {
	Region string  // as runtime/trace.WithRegion or StartRegion call it
	Times  float64 // what its time is multiplied by, from 0: 0.5 is half as long
}

// An Answer is what a run would take, in ns.
type Answer struct {
	Time    int64   // as it was recorded
	Asked   float64 // as it would be
	Other   float64 // the same by the other assumption, see [WhatIf]
	Inside  int64   // time of all goroutines in the region
	Regions int     // how often it was entered
}

// WhatIf answers a question about a trace, which it reads once: the same goroutines do the
// same in the same order, and let each other go on at the same places of their code, but
// running and sleeping in the region take another time. Time that a goroutine waits for
// another one follows from that, and vanishes where the other one is early enough. One that
// waits for a WaitGroup waits for all goroutines that it has started, whoever ends last.
//
// Two assumptions are made about the time for which goroutines were ready and did not run
// yet: that it stays as it is (Asked), and that there is none, in the recorded run and in the
// other one, whose ratio is taken (Other). The two differ where the processors were busy: the
// truth is between them if the order of the goroutines stays the same. It need not, where
// goroutines race for a lock.
//
// The run is the timed region of the last benchmark, where package testing has marked one,
// and else the trace until the last goroutine of the program stops to run. An error says which regions there are if the asked one is not.
func WhatIf(r io.Reader, q Question) (*Answer, error) {
	if !(q.Times >= 0 && q.Times <= 1000) {
		return nil, fmt.Errorf("critical: a region cannot take %g times as long: a number from 0 to 1000 is needed", q.Times)
	}
	in, err := trace.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("critical: %w", err)
	}
	p := newReplay(q)
	for {
		e, err := in.ReadEvent()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("critical: %w", err)
		}
		p.event(e)
	}
	return p.answer()
}

// The clocks of a replay: with the region as asked and as recorded, with and without the
// time until goroutines run.
const (
	asked = iota
	askedAtOnce
	recordedAtOnce
	clocks
)

type clock [clocks]float64

// A replay moves the clocks of goroutines along a trace.
type replay struct {
	q       Question
	gs      map[trace.GoID]*replayed
	stacks  map[trace.Stack]bool // of the tables that the trace has now: whether they wait for a WaitGroup
	roots   map[trace.Stack]bool // likewise: whether they are of a goroutine of the runtime
	names   map[string]bool      // of regions
	answers Answer

	begun        bool
	begin, now   int64
	ended        *replayed  // the goroutine of the program that ended last
	open         trace.GoID // whose timer runs
	openAt       int64
	openClock    clock
	time         int64 // of the marked region so far
	sum          clock
	marked       bool // time and sum are of a benchmark that has ended
	markedAnswer Answer
}

// A replayed goroutine is at the time at of the trace, which is the time clock of the replay.
type replayed struct {
	runs    bool
	named   bool  // it is known whether it is of the runtime
	runtime bool  // it belongs to the runtime or to its tracer
	stopped stop  // when it stopped to run last
	began   int64 // when it began to run last
	inside  int   // how many times it is in the region
	at      int64
	clock   clock
	ready   int64 // when it could run again

	parent trace.GoID // that started it
	ended  clock      // when the last of those ended that it started
	joins  bool       // it waits for a WaitGroup, so for all of those
}

// later moves a clock to another one where that is later.
func (c *clock) later(other clock) {
	for i := range c {
		c[i] = max(c[i], other[i])
	}
}

func newReplay(q Question) *replay {
	return &replay{q: q, gs: map[trace.GoID]*replayed{}, stacks: map[trace.Stack]bool{}, roots: map[trace.Stack]bool{}, names: map[string]bool{}}
}

func (p *replay) goroutine(id trace.GoID) *replayed {
	g := p.gs[id]
	if g == nil {
		g = &replayed{at: p.now}
		for i := range g.clock {
			g.clock[i] = float64(p.now - p.begin) // it was there before
		}
		p.gs[id] = g
	}
	return g
}

// forward moves a goroutine that runs, or that waits for nobody, to now.
func (p *replay) forward(g *replayed) {
	d := float64(p.now - g.at)
	g.at = p.now
	times := 1.0
	if g.inside > 0 {
		times = p.q.Times
		p.answers.Inside += int64(d)
	}
	g.clock[asked] += d * times
	g.clock[askedAtOnce] += d * times
	g.clock[recordedAtOnce] += d
}

// event takes the next event.
func (p *replay) event(e trace.Event) {
	p.now = int64(e.Time())
	if !p.begun {
		p.begun, p.begin = true, p.now
	}
	if g := p.gs[e.Goroutine()]; g != nil {
		p.name(g, e.Stack())
	}
	switch e.Kind() {
	case trace.EventSync:
		clear(p.stacks)
		clear(p.roots)
	case trace.EventRegionBegin, trace.EventRegionEnd:
		name := e.Region().Type
		if len(p.names) < 100 {
			p.names[name] = true
		}
		if name != p.q.Region || e.Goroutine() == trace.NoGoroutine {
			return
		}
		g := p.goroutine(e.Goroutine())
		p.forward(g)
		if e.Kind() == trace.EventRegionBegin {
			g.inside++
			p.answers.Regions++
		} else {
			g.inside = max(0, g.inside-1)
		}
	case trace.EventLog:
		if l := e.Log(); l.Category == contract.MarkCategory {
			p.mark(l.Message, e.Goroutine())
		}
	case trace.EventStateTransition:
		p.transition(e)
	}
}

// mark takes a mark of package testing.
func (p *replay) mark(text string, id trace.GoID) {
	word, _, _ := strings.Cut(text, " ")
	switch word {
	case contract.MarkReset:
		p.open, p.time, p.sum = 0, 0, clock{}
		p.answers.Inside, p.answers.Regions = 0, 0
	case contract.MarkBegin:
		g := p.goroutine(id)
		p.forward(g)
		p.open, p.openAt, p.openClock = id, p.now, g.clock
	case contract.MarkEnd:
		g := p.gs[p.open]
		if g == nil {
			return
		}
		p.forward(g)
		p.time += p.now - p.openAt
		for i := range p.sum {
			p.sum[i] += g.clock[i] - p.openClock[i]
		}
		p.open = 0
	case contract.MarkResult:
		if p.time > 0 {
			p.marked, p.markedAnswer = true, p.of(p.time, p.sum)
		}
	}
}

// transition takes a change of a goroutine.
func (p *replay) transition(e trace.Event) {
	st := e.StateTransition()
	if st.Resource.Kind != trace.ResourceGoroutine {
		return
	}
	id := st.Resource.Goroutine()
	from, to := st.Goroutine()
	if from == to {
		return
	}
	g := p.goroutine(id)
	p.name(g, st.Stack)
	if g.runs && to != trace.GoRunning {
		g.stopped = stop{g: id, named: g.named, began: g.began, at: p.now}
	}
	switch to {
	case trace.GoRunnable:
		by := e.Goroutine()
		switch {
		case (from == trace.GoWaiting || from == trace.GoNotExist) && by != trace.NoGoroutine && by != id:
			w := p.goroutine(by)
			p.forward(w)
			if from == trace.GoNotExist {
				g.clock, g.parent = w.clock, by
			} else {
				g.clock.later(w.clock)
				if g.joins {
					g.clock.later(g.ended)
				}
			}
			g.at = p.now
		default: // it gives way, or nobody woke it
			p.forward(g)
		}
		g.runs, g.ready = false, p.now
	case trace.GoRunning:
		if from == trace.GoRunnable {
			g.clock[asked] += float64(p.now - g.ready)
			g.at = p.now
		} else {
			p.forward(g) // a system call, or what is not known
		}
		if !g.runs {
			g.runs, g.began = true, p.now
		}
	case trace.GoWaiting, trace.GoSyscall:
		p.forward(g)
		g.runs, g.joins = false, p.joins(st.Stack)
	case trace.GoNotExist:
		p.forward(g)
		g.runs = false
		p.ended = lastOf(p.ended, g)
		if parent := p.gs[g.parent]; parent != nil && g.parent != 0 {
			parent.ended.later(g.clock)
		}
		delete(p.gs, id)
	}
}

// joins reports whether a goroutine with this stack waits for a WaitGroup.
func (p *replay) joins(s trace.Stack) bool {
	if s == trace.NoStack {
		return false
	}
	known, ok := p.stacks[s]
	if !ok {
		for f := range s.Frames() {
			known = known || f.Func == "sync.(*WaitGroup).Wait"
		}
		p.stacks[s] = known
	}
	return known
}

// of makes an answer of a time and the clocks that belong to it.
func (p *replay) of(time int64, sum clock) Answer {
	a := p.answers
	a.Time, a.Asked = time, sum[asked]
	a.Other = sum[asked]
	if sum[recordedAtOnce] > 0 {
		a.Other = float64(time) * sum[askedAtOnce] / sum[recordedAtOnce]
	}
	return a
}

// answer is that of the whole trace, or of its last benchmark.
func (p *replay) answer() (*Answer, error) {
	if !p.marked {
		g := p.last()
		if g == nil || g.stopped.at <= p.begin {
			return nil, errors.New("critical: nothing ran in this trace")
		}
		if g.runs {
			p.forward(g)
		}
		p.markedAnswer = p.of(g.stopped.at-p.begin, g.clock)
	}
	a := p.markedAnswer
	if a.Regions == 0 {
		var names []string
		for n := range p.names {
			names = append(names, n)
		}
		slices.Sort(names)
		if len(names) == 0 {
			return nil, fmt.Errorf("critical: no region %q in this trace, and no other: mark one in the code, as in defer trace.StartRegion(ctx, %q).End() of package runtime/trace", p.q.Region, p.q.Region)
		}
		return nil, fmt.Errorf("critical: no region %q in this trace; there are %s", p.q.Region, strings.Join(names, ", "))
	}
	return &a, nil
}
