package pool_test

import (
	"testing"

	"lab/lengths"
)

// Every task runs, once.
func TestEveryTask(t *testing.T) {
	onClock(t, func(t *testing.T) { run(t, 3, lengths.Of(1, 20)) })
}

// Tasks start in the order of their numbers.
func TestOrder(t *testing.T) {
	onClock(t, func(t *testing.T) {
		w, _ := run(t, 3, lengths.Of(2, 20))
		latest := start{task: -1}
		for i := range 20 {
			for _, s := range w.starts {
				if s.task != i {
					continue
				}
				if s.at < latest.at {
					fail(t, "order", "n = 3: task %d started after %v, and task %d later, after %v. A free worker takes the smallest number that has not started.", s.task, s.at, latest.task, latest.at)
				}
				latest = s
			}
		}
	})
}

// At most n tasks run at a time, in at most n goroutines.
func TestLimit(t *testing.T) {
	onClock(t, func(t *testing.T) {
		const n = 3
		w, _ := run(t, n, lengths.Of(3, 40))
		switch {
		case w.peak > n:
			fail(t, "limit", "n = %d: %d tasks ran at the same time.", n, w.peak)
		case len(w.workers) > n:
			fail(t, "goroutines", "n = %d: tasks ran in %d goroutines. Start n workers, and let each run many tasks.", n, len(w.workers))
		case w.crowd > n+3:
			fail(t, "goroutines", "n = %d: there were %d goroutines at the same time. Start n workers, and little else.", n, w.crowd)
		}
	})
}
