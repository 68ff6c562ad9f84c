package replay

import (
	"cmp"
	"math/rand/v2"
)

// A Schedule says how the tasks of a job reach the workers. Each has the name
// and the rules of a strategy of the suite. Workers beyond the number of tasks
// take no part.
type Schedule string

const (
	// Shared is one queue in the order of the tasks (dynamic, pull; strategy
	// "fixed"): list scheduling.
	Shared Schedule = "fixed"
	// Static gives worker w of n the tasks ⌊w·N/n⌋ to ⌊(w+1)·N/n⌋.
	Static Schedule = "static"
	// Cyclic gives it the tasks w, w+n, w+2n and so on.
	Cyclic Schedule = "cyclic"
	// Guided gives one that asks ⌈left/n⌉ of the tasks that are left.
	Guided Schedule = "guided"
	// Steal begins as Static. A worker takes its own tasks from the front; when it
	// has none it takes half of those of another, rounded up, from the back,
	// looking at all others from a random one on.
	Steal Schedule = "steal"
	// Random sends tasks to a random worker's queue: as many as there are
	// workers at first, and then one when one ends.
	Random Schedule = "random"
	// RandomAll sends all of them at first.
	RandomAll Schedule = "randomall"
	// TwoChoices is Random with the shorter of two different random queues, the
	// task that runs counted, of equal ones the first drawn.
	TwoChoices Schedule = "twochoices"
	// TwoChoicesAll is RandomAll likewise.
	TwoChoicesAll Schedule = "twochoicesall"
)

// Schedules lists them.
var Schedules = []Schedule{Shared, Static, Cyclic, Guided, Steal, Random, RandomAll, TwoChoices, TwoChoicesAll}

// hands is where the tasks of a schedule other than Shared are.
type hands interface {
	// take gives worker i tasks [lo, hi) to run one after another. Without any,
	// more says that some may still come.
	take(i int32) (lo, hi int, more bool)
	// ended notes that a task of worker i ended.
	ended(i int32)
}

// deal prepares the schedule of a run; nil is Shared.
func (s *sim) deal() hands {
	n, all := len(s.workers), len(s.tasks)
	rng := func() *rand.Rand { return rand.New(rand.NewPCG(cmp.Or(s.Seed, 1), s.Run)) }
	switch s.Schedule {
	case Static:
		return &dealt{own: blocks(all, n), all: true}
	case Cyclic:
		return &cyclic{tasks: all, n: n, next: make([]int, n)}
	case Guided:
		return &guided{tasks: all, n: n}
	case Steal:
		return &dealt{own: blocks(all, n), rng: rng()}
	case Random, RandomAll, TwoChoices, TwoChoicesAll:
		return s.push(rng())
	}
	return nil
}

// A stretch is the consecutive tasks [lo, hi).
type stretch struct{ lo, hi int }

// blocks divides tasks among n workers.
func blocks(all, n int) []stretch {
	out := make([]stretch, n)
	for w := range out {
		out[w].lo, out[w].hi = block(all, n, w)
	}
	return out
}

// block is the w-th of n blocks of tasks.
func block(all, n, w int) (lo, hi int) {
	size, rest := all/n, all%n
	return w*size + w*rest/n, (w+1)*size + (w+1)*rest/n
}

// dealt is tasks that are dealt out beforehand, and stolen if rng is not nil.
type dealt struct {
	own []stretch
	all bool // a worker takes its block at once
	rng *rand.Rand
}

func (d *dealt) take(i int32) (lo, hi int, more bool) {
	own := &d.own[i]
	if own.lo == own.hi && d.rng != nil {
		d.steal(int(i))
	}
	lo, hi = own.lo, own.hi
	if lo < hi && !d.all {
		hi = lo + 1
	}
	own.lo = hi
	return lo, hi, false
}

// steal fills the empty deque of worker w, if another has tasks.
func (d *dealt) steal(w int) {
	n := len(d.own)
	if n == 1 {
		return
	}
	first := d.rng.IntN(n - 1)
	for k := range n - 1 {
		v := &d.own[(w+1+(first+k)%(n-1))%n]
		if left := v.hi - v.lo; left > 0 {
			half := (left + 1) / 2
			d.own[w] = stretch{v.hi - half, v.hi}
			v.hi -= half
			return
		}
	}
}

func (d *dealt) ended(int32) {}

// cyclic deals tasks out like cards.
type cyclic struct {
	tasks, n int
	next     []int // how many each worker has had
}

func (c *cyclic) take(i int32) (lo, hi int, more bool) {
	lo = int(i) + c.next[i]*c.n
	if lo >= c.tasks {
		return 0, 0, false
	}
	c.next[i]++
	return lo, lo + 1, false
}

func (c *cyclic) ended(int32) {}

// guided gives chunks that shrink.
type guided struct{ tasks, n, taken int }

func (g *guided) take(int32) (lo, hi int, more bool) {
	lo = g.taken
	g.taken += (g.tasks - lo + g.n - 1) / g.n
	return lo, g.taken, false
}

func (g *guided) ended(int32) {}

// pushed is a queue for each worker, and tasks that were not sent yet.
type pushed struct {
	*sim
	rng       *rand.Rand
	two       bool
	sent      int
	load      []int   // of each queue, with the task that runs
	queued    [][]int // the tasks in each queue
	listening []bool  // the worker waits for a task
}

// push sends the first tasks.
func (s *sim) push(rng *rand.Rand) *pushed {
	n := len(s.workers)
	p := &pushed{
		sim: s, rng: rng, two: s.Schedule == TwoChoices || s.Schedule == TwoChoicesAll,
		load: make([]int, n), queued: make([][]int, n), listening: make([]bool, n),
	}
	first := n
	if s.Schedule == RandomAll || s.Schedule == TwoChoicesAll {
		first = len(s.tasks)
	}
	for range first {
		p.send()
	}
	return p
}

// send sends the next task, if there is one.
func (p *pushed) send() {
	if p.sent == len(p.tasks) {
		return
	}
	n := len(p.load)
	w := 0
	if !p.two || n > 1 {
		w = p.rng.IntN(n)
	}
	if p.two && n > 1 {
		if b := (w + 1 + p.rng.IntN(n-1)) % n; p.load[b] < p.load[w] {
			w = b
		}
	}
	p.load[w]++
	p.queued[w] = append(p.queued[w], p.sent)
	p.sent++
	if p.listening[w] {
		p.listening[w] = false
		p.woken = append(p.woken, int32(w))
	}
}

func (p *pushed) take(i int32) (lo, hi int, more bool) {
	if q := p.queued[i]; len(q) > 0 {
		p.queued[i] = q[1:]
		return q[0], q[0] + 1, false
	}
	p.listening[i] = p.sent < len(p.tasks)
	return 0, 0, p.listening[i]
}

func (p *pushed) ended(i int32) {
	p.load[i]--
	p.send()
}
