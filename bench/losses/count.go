package losses

import (
	"golang.org/x/exp/trace"

	"amdahl/bench/contract"
)

// A counter counts the timed region that is under way.
type counter struct {
	gs      map[trace.GoID]*goroutine
	now     int64
	stopped int        // ranges in which the world is stopped
	parent  trace.GoID // that started the timer

	open    bool // the timer runs
	procs   int
	workers float64

	running, helping int // goroutines of the program: that run, and that help to collect garbage meanwhile
	collectors       int // goroutines of the runtime that run
	blocked, woken   [waits]int

	// What one goroutine was charged so far, had it been in that state all the time: a
	// goroutine is charged the difference between the end and the begin of its stay.
	perBlocked, perWoken [waits]stay

	sum     *Result
	results []*Result
}

// A stay is what a goroutine is charged for being in one state: in all, and of it while
// the goroutine of the benchmark did not wait for the others.
type stay struct{ all, alone float64 }

// A goroutine is what is known of one now.
type goroutine struct {
	state   kind // runs, ready, blocks, calls, callLost
	wait    wait
	counted bool // it is a goroutine of the program, and was not blocked when the timer started
	system  bool
	helps   bool // in an assist

	since   stay   // of perBlocked or perWoken, when the stay began
	charge  stay   // of the stays that belong to the wait that is under way
	stack   *Stack // where it blocked, or was created
	by      trace.GoID
	byStack *Stack
	created bool
}

// costs are what the calls of one stack cost, in ns.
type costs struct {
	cpu, lockCPU, channelCPU float64
	lock, channel, io        float64
	gc, dispatch             float64
	serial, imbalance        float64 // by samples: in proportion only
	allocations              int     // samples in which it allocates
}

func newCounter() *counter { return &counter{gs: map[trace.GoID]*goroutine{}} }

// clear forgets what was counted.
func (c *counter) clear() {
	c.sum = &Result{Parts: map[contract.Cause]float64{}, stacks: map[*Stack]*costs{}}
	c.perBlocked, c.perWoken = [waits]stay{}, [waits]stay{}
	for _, g := range c.gs {
		g.since, g.charge = stay{}, stay{}
	}
}

// event takes the next event.
func (c *counter) event(x event) error {
	c.advance(x.at)
	switch x.kind {
	case marks:
		return c.mark(x)
	case stops:
		c.stopped++
	case stopsEnd:
		c.stopped = max(0, c.stopped-1)
	case samples:
		c.sample(x)
	default:
		c.change(x)
	}
	return nil
}

func (c *counter) mark(x event) error {
	m, err := parseMark(x.text)
	if err != nil {
		return err
	}
	switch m.word {
	case contract.MarkReset:
		c.open = false
		c.clear()
	case contract.MarkBegin:
		if c.sum == nil {
			c.clear()
		}
		c.open, c.parent, c.procs, c.workers = true, x.g, m.procs, m.workers
		// What waits now began to wait for something else than this benchmark. A worker
		// that this goroutine started and that waits for its work is counted from then on.
		for id, g := range c.gs {
			c.leave(g)
			g.counted = !g.system && g.state != blocks
			g.charge = stay{}
			c.enter(id, g)
		}
	case contract.MarkEnd:
		c.settle()
		c.open = false
	case contract.MarkResult:
		if r := c.sum; r != nil && r.Time > 0 {
			r.Name, r.N, r.Procs, r.Workers = m.name, m.n, c.procs, c.workers
			r.finish()
			c.results = append(c.results, r)
		}
		c.sum = nil
	}
	return nil
}

// settle charges what is under way when the timer stops.
func (c *counter) settle() {
	for id, g := range c.gs {
		c.leave(g)
		c.pay(g)
		c.enter(id, g)
	}
}

// advance counts the time up to a moment.
func (c *counter) advance(to int64) {
	d := float64(to - c.now)
	c.now = to
	if !c.open || d <= 0 {
		return
	}
	r := c.sum
	r.Time += d
	left := c.workers
	used := min(float64(c.running), left)
	if used > 0 {
		help := used * float64(c.helping) / float64(c.running)
		r.Running += (used - help) * d
		r.Parts[contract.GC] += help * d
	}
	left -= used
	alone := c.alone()
	take := func(cause contract.Cause, n int, per *stay) {
		k := min(left, float64(n))
		if k <= 0 {
			return
		}
		left -= k
		r.Parts[cause] += k * d
		if per == nil {
			return
		}
		per.all += k / float64(n) * d
		if alone {
			per.alone += k / float64(n) * d
		}
	}
	if c.stopped > 0 {
		take(contract.GC, int(left+1), nil)
		return
	}
	take(contract.GC, c.blocked[waitGC], &c.perBlocked[waitGC])
	take(contract.GC, c.woken[waitGC], &c.perWoken[waitGC])
	take(contract.Lock, c.blocked[waitLock], &c.perBlocked[waitLock])
	if c.running+c.collectors >= c.procs {
		all := 0
		for _, n := range c.woken {
			all += n
		}
		all -= c.woken[waitGC]
		k := min(all, c.collectors)
		take(contract.GC, k, nil)
		take(contract.Runnable, all-k, nil)
	} else {
		take(contract.Lock, c.woken[waitLock], &c.perWoken[waitLock])
		for _, w := range []wait{waitIO, waitJoin, waitOther} {
			take(contract.Dispatch, c.woken[w], &c.perWoken[w])
		}
		take(contract.Channel, c.woken[waitChannel], &c.perWoken[waitChannel])
	}
	take(contract.Channel, c.blocked[waitChannel], &c.perBlocked[waitChannel])
	take(contract.IO, c.blocked[waitIO], &c.perBlocked[waitIO])
	take(contract.Unattributed, c.blocked[waitOther], nil)
	if left > 0 {
		r.Parts[c.rest()] += left * d
	}
}

// rest is the cause of a worker for which there is no goroutine at all.
func (c *counter) rest() contract.Cause {
	if c.alone() {
		return contract.Serial
	}
	return contract.Imbalance
}

// alone reports whether the goroutine of the benchmark does not wait for the others.
func (c *counter) alone() bool {
	p := c.gs[c.parent]
	return p == nil || !(p.state == blocks && (p.wait == waitJoin || p.wait == waitChannel))
}

// sample takes a sample of the CPU profile.
func (c *counter) sample(x event) {
	g := c.gs[x.g]
	if !c.open || g == nil || g.system || x.stack == nil {
		return
	}
	at := c.sum.sampled(x.stack, 1, samplePeriod)
	waiting := c.blocked[waitLock] + c.woken[waitLock] + c.blocked[waitGC] + c.woken[waitGC] + c.blocked[waitIO]
	for _, w := range []wait{waitIO, waitJoin, waitOther, waitChannel} {
		waiting += c.woken[w]
	}
	idle := c.workers - float64(c.running+waiting)
	if idle <= 0 || c.running == 0 {
		return
	}
	// Channels are left out: whether their time is serial is known later.
	weight := samplePeriod * idle / float64(c.running)
	if c.rest() == contract.Serial {
		at.serial += weight
	} else {
		at.imbalance += weight
	}
}

// sampled counts so many samples of a stack, with their CPU time in ns. It returns the costs of
// the stack.
func (r *Result) sampled(s *Stack, count int, ns float64) *costs {
	r.Samples += count
	at := r.costs(s)
	switch s.class {
	case inLock:
		r.LockCPU += ns
		at.lockCPU += ns
	case inChannel:
		r.ChannelCPU += ns
		at.channelCPU += ns
	case own:
		r.Own += ns
		at.cpu += ns
	}
	if s.alloc {
		at.allocations += count
	}
	return at
}

// of is the costs of a stack.
func (c *counter) of(s *Stack) *costs { return c.sum.costs(s) }
