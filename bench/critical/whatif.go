package critical

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/exp/trace"

	"amdahl/bench/contract"
	"amdahl/bench/transitions"
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
	in, err := transitions.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("critical: %w", err)
	}
	p := newReplay(q, in.Tables)
	if err := in.Each(p.event); err != nil {
		return nil, fmt.Errorf("critical: %w", err)
	}
	_, p.now = in.Span()
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
	tables  *transitions.Tables
	gs      []*replayed // by slot; nil of a slot that is free
	waits   []int8      // by the number of a stack: 1 if it waits for a WaitGroup, 2 if not, 0 if not known yet
	roots   roots
	names   map[int32]bool // the words of regions
	region  int32          // that of the asked one
	sleep   int32          // the word for waiting for a timer
	answers Answer

	begun        bool
	begin, now   int64
	ended        *replayed // the goroutine of the program that ended last
	open         *replayed // whose timer runs
	openAt       int64
	openClock    clock
	time         int64 // of the marked region so far
	sum          clock
	marked       bool // time and sum are of a benchmark that has ended
	markedAnswer Answer
}

// A replayed goroutine is at the time at of the trace, which is the time clock of the replay.
type replayed struct {
	id      trace.GoID
	named   bool // it is known whether it is of the runtime
	system  bool // it is not the program's
	gone    bool
	runs    bool
	began   int64 // when it began to run last
	stopped stop  // when it stopped to run last
	inside  int   // how many times it is in the region
	at      int64
	clock   clock
	ready   int64 // when it could run again

	parent *replayed // that started it; nil if unknown
	ended  clock     // when the last of those ended that it started
	joins  bool      // it waits for a WaitGroup, so for all of those
	sleeps bool      // it waits for a timer, and so for nobody
}

// later moves a clock to another one where that is later.
func (c *clock) later(other clock) {
	for i := range c {
		c[i] = max(c[i], other[i])
	}
}

func newReplay(q Question, t *transitions.Tables) *replay {
	return &replay{q: q, tables: t, roots: roots{tables: t}, names: map[int32]bool{}, region: t.Number(q.Region), sleep: t.Number("sleep")}
}

func (p *replay) goroutine(of *transitions.Goroutine) *replayed {
	p.gs = reach(p.gs, of.Slot)
	g := p.gs[of.Slot]
	if g == nil || g.id != of.ID {
		g = &replayed{id: of.ID, at: p.now}
		for i := range g.clock {
			g.clock[i] = float64(p.now - p.begin) // it was there before
		}
		p.gs[of.Slot] = g
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

// event takes the next event. The error is always nil.
func (p *replay) event(e *transitions.Event) error {
	p.now = e.Time
	if !p.begun {
		p.begun, p.begin = true, p.now
	}
	switch e.Kind {
	case transitions.RegionBegin, transitions.RegionEnd:
		if len(p.names) < 100 {
			p.names[e.Text] = true
		}
		if e.Text != p.region {
			return nil
		}
		g := p.goroutine(e.G)
		p.forward(g)
		if e.Kind == transitions.RegionBegin {
			g.inside++
			p.answers.Regions++
		} else {
			g.inside = max(0, g.inside-1)
		}
	case transitions.Log:
		if p.tables.Word(e.Category) == contract.MarkCategory {
			p.mark(p.tables.Word(e.Text), e.G)
		}
	case transitions.Change:
		p.change(e)
	}
	return nil
}

// mark takes a mark of package testing.
func (p *replay) mark(text string, of *transitions.Goroutine) {
	word, _, _ := strings.Cut(text, " ")
	switch word {
	case contract.MarkReset:
		p.open, p.time, p.sum = nil, 0, clock{}
		p.answers.Inside, p.answers.Regions = 0, 0
	case contract.MarkBegin:
		g := p.goroutine(of)
		p.forward(g)
		p.open, p.openAt, p.openClock = g, p.now, g.clock
	case contract.MarkEnd:
		g := p.open
		if g == nil || g.gone {
			return
		}
		p.forward(g)
		p.time += p.now - p.openAt
		for i := range p.sum {
			p.sum[i] += g.clock[i] - p.openClock[i]
		}
		p.open = nil
	case contract.MarkResult:
		if p.time > 0 {
			p.marked, p.markedAnswer = true, p.of(p.time, p.sum)
		}
	}
}

// change takes a change of a goroutine.
func (p *replay) change(e *transitions.Event) {
	g := p.goroutine(e.G)
	p.name(g, e.Stack)
	if e.By != nil {
		p.name(p.goroutine(e.By), e.ByStack)
	}
	if g.runs && e.To != trace.GoRunning {
		g.stopped = stop{g: g.id, named: g.named, began: g.began, at: p.now}
	}
	switch e.To {
	case trace.GoRunnable:
		switch {
		case (e.From == trace.GoWaiting && !g.sleeps || e.From == trace.GoNotExist) && e.By != nil && e.By != e.G:
			w := p.goroutine(e.By)
			p.forward(w)
			if e.From == trace.GoNotExist {
				g.clock, g.parent = w.clock, w
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
		if e.From == trace.GoRunnable {
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
		g.runs, g.joins, g.sleeps = false, p.joins(e.Stack), e.Reason == p.sleep
	case trace.GoNotExist:
		p.forward(g)
		g.runs, g.gone = false, true
		p.ended = lastOf(p.ended, g)
		if g.parent != nil {
			g.parent.ended.later(g.clock)
			g.parent = nil // which may be kept by nobody else
		}
		p.gs[e.G.Slot] = nil
	}
}

// joins reports whether a goroutine with this stack waits for a WaitGroup.
func (p *replay) joins(stack int32) bool {
	if stack == 0 {
		return false
	}
	p.waits = reach(p.waits, int(stack))
	if p.waits[stack] == 0 {
		p.waits[stack] = 2
		for _, f := range p.tables.Frames(stack) {
			if f.Function == "sync.(*WaitGroup).Wait" {
				p.waits[stack] = 1
			}
		}
	}
	return p.waits[stack] == 1
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
			names = append(names, p.tables.Word(n))
		}
		slices.Sort(names)
		if len(names) == 0 {
			return nil, fmt.Errorf("critical: no region %q in this trace, and no other: mark one in the code, as in defer trace.StartRegion(ctx, %q).End() of package runtime/trace", p.q.Region, p.q.Region)
		}
		return nil, fmt.Errorf("critical: no region %q in this trace; there are %s", p.q.Region, strings.Join(names, ", "))
	}
	return &a, nil
}
