package pools

import "sync"

// Guided hands out chunks of consecutive tasks that shrink as the work runs
// out: each time a worker asks, it gets ⌈left/n⌉ tasks of those that are left.
// So there are about n·ln(N/n) hand-outs of N tasks and not N, and the last
// chunks are single tasks that even out the end. If the first chunk holds the
// longest tasks, though, it alone takes an n-th of all. It is OpenMP's
// schedule(guided).
//
// Source: C. D. Polychronopoulos, D. J. Kuck, Guided self-scheduling, IEEE
// Transactions on Computers C-36(12), 1987.
var Guided = Strategy{
	Name:        "guided",
	Doc:         "chunks that shrink: an n-th of the tasks that are left for each of n goroutines that asks",
	Concurrency: Workers,
	Sweeps:      []string{"schedules"},
	Open: openCrew("guided", func(r *run) func(*lane, int) {
		var mu sync.Mutex
		next := r.lo
		take := func() (lo, hi int) {
			mu.Lock()
			defer mu.Unlock()
			lo = next
			next += (r.hi - next + r.lanes - 1) / r.lanes
			return lo, next
		}
		return func(l *lane, _ int) {
			for lo, hi := take(); lo < hi && l.span(lo, hi); lo, hi = take() {
			}
		}
	}),
}
