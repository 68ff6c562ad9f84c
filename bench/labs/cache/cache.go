// Package cache is the work of the lab "One line, many counters": a simulated machine whose
// processors have caches.
//
// Memory is made of counters of 8 bytes, and moves between caches in lines of 64 bytes, as in
// almost every real machine. A line is in the cache of one processor at a time. A
// processor that has the line uses a counter in it at once; any other one must wait until
// the line has moved, and while it moves nobody can use it.
//
// The machine is simulated: a run gives the same counts on every machine, and a grader can
// compute them again. Real processors behave alike, only a thousand times faster, and
// with several levels of caches.
package cache

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"time"
)

const (
	PerLine = 8                // counters in a line
	Items   = 1200             // items that are looked at in a measurement
	Step    = time.Microsecond // what a step takes

	Hit    = 1 // steps: use a counter whose line is here
	Atomic = 8 // steps: how much longer an atomic addition takes, wherever the line is
)

// mostAccesses bounds a run: a program that never ends is stopped.
const mostAccesses = 200_000

// A Machine has processors, memory, and a list of items of which about half match. Use [Of].
// Its methods may not be called from several goroutines at the same time.
type Machine struct {
	Look int // steps that it takes to look at an item
	Move int // steps that it takes to move a line into another cache

	match []bool // by item
}

// Of returns the machine of a seed, with so many items: 20 to 30 steps for a look, 80 to 120
// for a move.
func Of(seed uint64, items int) *Machine {
	rng := rand.New(rand.NewPCG(seed, 5))
	m := &Machine{Look: 20 + rng.IntN(11), Move: 80 + rng.IntN(41), match: make([]bool, items)}
	for i := range m.match {
		m.match[i] = rng.IntN(2) == 0
	}
	return m
}

// Matches is how many items match.
func (m *Machine) Matches() int {
	sum := 0
	for _, is := range m.match {
		if is {
			sum++
		}
	}
	return sum
}

// A Result is what happened in a run.
type Result struct {
	Total    int // what the function total returned
	Steps    int // from the beginning to the end
	Moves    int // lines that moved from one cache to another, or from memory into a cache
	Accesses int // uses of counters
	Atomics  int // atomic additions among them
	Looks    int // items that were looked at
	Twice    int // items that were looked at more than once
	Foreign  int // items that another processor looked at than the one whose they are
	Stray    int // uses of counters and items that do not exist
	Endless  bool
	Counters []int // the counters at the end
}

// Time is what the run takes at least, with [Step] for each step.
func (r Result) Time() time.Duration { return time.Duration(r.Steps) * Step }

// A Processor runs a program. Only that program may use it.
type Processor struct {
	ID int // 0 to N-1
	N  int // how many processors there are

	id, n int // the same, whatever a program does to ID and N
	m     *machineRun
	clock int // its own time, in steps
	want  access
	pause func(struct{}) bool // lets the other processors go on
}

// An access is one use of a counter.
type access struct {
	counter int
	atomic  bool
	writes  bool
	add     int
	got     int // the value that it read
}

// A version is a value of a counter, and since when it has it.
type version struct{ since, value int }

// A line of the memory.
type line struct {
	owner int // the processor whose cache it is in; -1 is memory
	free  int // when it can be used or moved again
}

// machineRun is the state of one run.
type machineRun struct {
	*Machine
	result   Result
	lines    []line
	versions [][]version // by counter
	looked   []int
}

// counters is how many counters the memory has.
const counters = 64 * PerLine

// Run runs a program on n processors, all at once; when all have ended, processor 0 runs total,
// whose result is kept. The processor that is earliest in time goes first, of two at
// one time that with the smaller ID: so a run always gives the same.
func (m *Machine) Run(n int, program func(p *Processor), total func(p *Processor) int) Result {
	run := &machineRun{Machine: m, lines: make([]line, counters/PerLine), versions: make([][]version, counters), looked: make([]int, len(m.match))}
	for i := range run.lines {
		run.lines[i].owner = -1
	}
	all := make([]*Processor, max(n, 1))
	for id := range all {
		all[id] = &Processor{ID: id, N: len(all), id: id, n: len(all), m: run}
	}
	run.together(all, program)
	last := all[0]
	for _, p := range all {
		last.clock = max(last.clock, p.clock)
	}
	if !run.result.Endless {
		run.together(all[:1], func(p *Processor) { run.result.Total = total(p) })
	}
	r := run.result
	r.Steps = all[0].clock
	for _, times := range run.looked {
		r.Looks += min(times, 1)
		r.Twice += max(times-1, 0)
	}
	r.Counters = make([]int, counters)
	for c, v := range run.versions {
		if len(v) > 0 {
			r.Counters[c] = v[len(v)-1].value
		}
	}
	return r
}

// stopped ends a program that never ends by itself.
type stopped struct{}

// together runs programs until all have ended.
func (run *machineRun) together(all []*Processor, program func(p *Processor)) {
	type running struct {
		p    *Processor
		next func() (struct{}, bool)
	}
	var live []running
	for _, p := range all {
		next, stop := iter.Pull(func(yield func(struct{}) bool) {
			p.pause = yield
			program(p)
		})
		defer func() {
			defer func() {
				if e := recover(); e != nil {
					if _, ok := e.(stopped); !ok {
						panic(e)
					}
				}
			}()
			stop()
		}()
		if _, ok := next(); ok {
			live = append(live, running{p, next})
		}
	}
	for len(live) > 0 {
		first := 0
		for i, r := range live {
			if r.p.clock < live[first].p.clock {
				first = i
			}
		}
		run.use(live[first].p)
		if run.result.Accesses > mostAccesses {
			run.result.Endless = true
			return
		}
		if _, ok := live[first].next(); !ok {
			live = append(live[:first], live[first+1:]...)
		}
	}
}

// use makes the access that a processor waits for.
func (run *machineRun) use(p *Processor) {
	a := &p.want
	run.result.Accesses++
	if a.counter < 0 || a.counter >= counters {
		run.result.Stray++
		return
	}
	l := &run.lines[a.counter/PerLine]
	asked := p.clock
	p.clock = max(p.clock, l.free)
	if l.owner != p.id {
		run.result.Moves++
		l.owner = p.id
		p.clock += run.Move
	}
	p.clock += Hit
	before := p.clock
	if a.atomic {
		run.result.Atomics++
		p.clock += Atomic
	} else if a.writes {
		before = asked
	}
	l.free = p.clock
	a.got = run.at(a.counter, before)
	if a.writes {
		run.versions[a.counter] = append(run.versions[a.counter], version{p.clock, a.got + a.add})
	}
}

// at is the value of a counter at a time.
func (run *machineRun) at(counter, time int) int {
	list := run.versions[counter]
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].since <= time {
			return list[i].value
		}
	}
	return 0
}

func (p *Processor) access(a access) int {
	p.want = a
	if !p.pause(struct{}{}) {
		panic(stopped{})
	}
	return p.want.got
}

// Items yields the items of this processor: ID, ID+N, ID+2N …
func (p *Processor) Items() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := p.id; i < len(p.m.match); i += p.n {
			if !yield(i) {
				return
			}
		}
	}
}

// Match looks at an item and says whether it matches. It uses no counter.
func (p *Processor) Match(item int) bool {
	p.clock += p.m.Look
	if item < 0 || item >= len(p.m.match) {
		p.m.result.Stray++
		return false
	}
	p.m.looked[item]++
	if item%p.n != p.id {
		p.m.result.Foreign++
	}
	return p.m.match[item]
}

// Read returns a counter.
func (p *Processor) Read(counter int) int { return p.access(access{counter: counter}) }

// Add adds to a counter, and is not atomic: it reads the counter when it asks for the line, and
// writes it when the line is here. What another processor added meanwhile is lost.
func (p *Processor) Add(counter, by int) { p.access(access{counter: counter, writes: true, add: by}) }

// AtomicAdd adds to a counter so that nothing is lost, whoever else adds to it. It takes [Atomic]
// steps longer than Add.
func (p *Processor) AtomicAdd(counter, by int) {
	p.access(access{counter: counter, writes: true, atomic: true, add: by})
}

// String is for messages.
func (r Result) String() string {
	return fmt.Sprintf("%d steps, %d moves of lines", r.Steps, r.Moves)
}
