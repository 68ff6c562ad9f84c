package pools

import (
	"math/rand/v2"
	"sync"
)

// Steal gives each worker a deque of tasks, at first the block that [Static]
// would give it. A worker takes the next task from the front of its own deque.
// When that is empty it becomes a thief: beginning at a random other worker,
// it looks for one that has tasks, and takes half of them (rounded up) from
// the back. So workers meet only when one has run out of work. Tasks of a Run
// start no tasks, so a thief that finds nothing is done.
//
// Half, as Go's own scheduler takes, stands for what one stolen task is in a
// tree of tasks: there the oldest task is the root of about half of the work.
//
// Source: R. D. Blumofe, C. E. Leiserson, Scheduling multithreaded
// computations by work stealing, JACM 46(5), 1999.
var Steal = Strategy{
	Name:        "steal",
	Doc:         "a deque of tasks for each goroutine; one without tasks steals half of another's, from the other end",
	Concurrency: Workers,
	Sweeps:      []string{"schedules"},
	Open: openCrew("steal", func(r *run) func(*lane, int) {
		s := &deques{own: make([]deque, r.lanes), rng: r.draw()}
		for w := range s.own {
			s.own[w].lo, s.own[w].hi = block(r.lo, r.hi, r.lanes, w)
		}
		return func(l *lane, w int) {
			for {
				i, ok := s.own[w].front()
				if !ok {
					if i, ok = s.steal(w); !ok {
						return
					}
				}
				if !l.one(i) {
					return
				}
			}
		}
	}),
}

// A deque holds the consecutive tasks [lo, hi).
type deque struct {
	mu     sync.Mutex
	lo, hi int
	_      [104]byte // deques lie on cache lines of their own: see workloads.Counters
}

// front takes the first task.
func (d *deque) front() (i int, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.lo >= d.hi {
		return 0, false
	}
	d.lo++
	return d.lo - 1, true
}

// back takes half of the tasks, rounded up, from the back.
func (d *deque) back() (lo, hi int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	hi = d.hi
	d.hi -= (d.hi - d.lo + 1) / 2
	return d.hi, hi
}

// deques are those of all lanes of a Run.
type deques struct {
	own []deque

	// thief lets one thief in at a time. So no task is on its way from one
	// deque to another while a thief looks, and one that finds nothing knows
	// that nothing is left.
	thief sync.Mutex
	rng   *rand.Rand
}

// steal fills the deque of lane w and takes its first task.
func (s *deques) steal(w int) (i int, ok bool) {
	s.thief.Lock()
	defer s.thief.Unlock()
	n := len(s.own)
	if n == 1 {
		return 0, false
	}
	first := s.rng.IntN(n - 1)
	for k := range n - 1 {
		victim := (w + 1 + (first+k)%(n-1)) % n
		if lo, hi := s.own[victim].back(); lo < hi {
			d := &s.own[w]
			d.mu.Lock()
			d.lo, d.hi = lo+1, hi
			d.mu.Unlock()
			return lo, true
		}
	}
	return 0, false
}
