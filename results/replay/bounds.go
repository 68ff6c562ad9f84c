package replay

import (
	"errors"
	"slices"
	"time"
)

// Bounds is what can be said of a job on a machine without running it.
//
//	Least ≤ T ≤ Most
//
// Sources: Brent, JACM 21(2), 1974, and Graham, Bell System Technical Journal
// 45(9), 1966, and SIAM J. Appl. Math. 17(2), 1969, for work, span and greedy
// schedules; He, Leiserson & Leiserson, The Cilkview Scalability Analyzer,
// SPAA 2010, for the burdened span.
type Bounds struct {
	Work time.Duration // T₁, all phases one after another, without dispatch
	Span time.Duration // T∞, the serial tasks and the longest other one
	// BurdenedSpan is the span with what dispatch adds: hand-outs follow each
	// other, and each is followed by its chunk. It is the longest path
	// of that, and so at least Span.
	BurdenedSpan time.Duration
	// Lock is the serial tasks and all locked phases of the others, with the
	// least that comes before the first of them and after the last: no number
	// of workers is faster. 0 if no task needs the lock.
	Lock time.Duration
	// Least is the largest lower bound: BurdenedSpan, Lock, the work and the
	// dispatch shared among all workers, the compute shared among all cores, and the
	// heaviest share of Static and Cyclic.
	Least time.Duration
	// Most is Graham's bound for n workers,
	//
	//	serial + work/n + (1 − 1/n)·longest,
	//
	// of the parallel tasks' unlocked time, rounded up, with all that can keep a
	// worker from it added: all hand-outs, all locked phases, and, if the cores
	// are fewer than the workers, all compute shared among the cores. That is list
	// scheduling; under Guided the longest chunk counts as the longest task. Under a
	// schedule that lets workers idle while others have tasks waiting, nothing
	// better holds than Work.
	Most time.Duration
}

// Speedup is the largest speedup over T₁ that n workers can give, without
// dispatch and on a core each: min(n, Work/Span, Work/Lock).
func (b Bounds) Speedup(n int) float64 {
	limit := float64(n)
	for _, t := range []time.Duration{b.Span, b.Lock} {
		if t > 0 {
			limit = min(limit, float64(b.Work)/float64(t))
		}
	}
	return limit
}

// Bound finds the bounds of a job on a machine. It fails as [Run] does for a job
// or a machine that makes no sense, and for one with Speeds. It looks at every phase once.
//
// Why Most holds: before the last chunk to end is handed out, and while it
// runs, either a hand-out is under way, or the lock's holder computes, or all
// cores do, or every worker (then: the last chunk's) goes on with unlocked
// phases of its own.
func Bound(j Job, m Machine) (Bounds, error) {
	p, err := m.check(j)
	if err != nil {
		return Bounds{}, err
	}
	if m.Speeds != nil {
		return Bounds{}, errors.New("replay: bound: the machine has cores of several speeds: bounds are of equal ones")
	}
	var serial, span, handed time.Duration
	for _, t := range j.Serial {
		serial += t.Time()
	}
	var all chunk
	var longestPlain, path time.Duration
	before, after := longest, longest
	for lo := 0; lo < len(j.Tasks); {
		hi := p.chunkAt(lo, len(j.Tasks))
		var c chunk
		for _, t := range j.Tasks[lo:hi] {
			span = max(span, t.Time())
			c.add(t)
		}
		lo = hi
		handed += p.Dispatch
		path = max(path, handed+c.time)
		longestPlain = max(longestPlain, c.time-c.locked)
		if c.locked > 0 {
			before = min(before, handed+c.before)
			after = min(after, c.after)
		}
		all.time += c.time
		all.locked += c.locked
		all.compute += c.compute
	}
	b := Bounds{Work: p.work, Span: serial + span, BurdenedSpan: serial + path}
	if all.locked > 0 {
		b.Lock = serial + before + all.locked + after
	}
	var computed time.Duration // with all cores busy
	if p.cores > 0 {
		computed = share(all.compute, p.cores)
	}
	b.Least = max(b.BurdenedSpan, b.Lock, serial+share(all.time+handed, p.lanes), serial+computed)
	switch p.Schedule {
	case "", Shared, Guided, Steal:
	default: // a worker may idle while others have tasks waiting
		b.Least = max(b.Least, serial+p.heaviest(j.Tasks))
		b.Most = p.work
		return b, nil
	}
	plain := all.time - all.locked
	most := uint64(serial) + uint64(handed) + uint64(all.locked) + uint64(computed) +
		uint64(longestPlain) + uint64(share(plain-longestPlain, p.lanes))
	b.Most = time.Duration(min(most, uint64(p.work+handed)))
	return b, nil
}

// chunkAt is the end of the chunk that begins at lo: what a worker gets at once.
// A schedule that deals tasks out counts as one of single tasks.
func (p plan) chunkAt(lo, tasks int) int {
	left := tasks - lo
	switch p.Schedule {
	case "", Shared:
		return lo + min(p.chunk, left)
	case Guided:
		n := min(p.lanes, tasks)
		return lo + (left+n-1)/n
	}
	return lo + 1
}

// heaviest is the most that one worker has to do under a schedule that deals all
// tasks out beforehand without chance; 0 under others.
func (p plan) heaviest(tasks []Task) time.Duration {
	n := min(p.lanes, len(tasks))
	if n == 0 || p.Schedule != Static && p.Schedule != Cyclic {
		return 0
	}
	sums := make([]time.Duration, n)
	for w := range n {
		lo, hi := block(len(tasks), n, w)
		for i := lo; i < hi; i++ {
			if p.Schedule == Static {
				sums[w] += tasks[i].Time()
			} else {
				sums[i%n] += tasks[i].Time()
			}
		}
	}
	return slices.Max(sums)
}

// share is t/n, rounded up.
func share(t time.Duration, n int) time.Duration {
	s := t / time.Duration(n)
	if t%time.Duration(n) != 0 {
		s++
	}
	return s
}

// A chunk is the sums of tasks that run one after another.
type chunk struct {
	time, compute, locked time.Duration // compute is locked compute too
	before, after         time.Duration // the first locked phase, and after the last one
}

func (c *chunk) add(t Task) {
	for _, p := range t {
		if p.Kind != Wait {
			c.compute += p.Time
		}
		if p.Kind == Locked && p.Time > 0 {
			if c.locked == 0 {
				c.before = c.time
			}
			c.locked += p.Time
			c.after = 0
		} else {
			c.after += p.Time
		}
		c.time += p.Time
	}
}
