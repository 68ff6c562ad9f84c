package lock_test

import (
	"testing"

	"lab/clock"
	"lab/store"
)

func TestFast(t *testing.T) {
	onClock(t, func(t *testing.T) {
		const n, tasks = 8, 64
		s, took := worked(t, n, tasks)
		// A worker waits for the lock at most once for each other worker, at the beginning.
		if most := s.Least(tasks, n, update) + (n-1)*update; took > most {
			clock.Fail(t, "slow", "8 workers, 64 tasks: it took %v, and one worker takes %v; at most %v was expected. Are all workers busy?", took, s.Serial(tasks), most)
		}
	})
}

func TestManyWorkers(t *testing.T) {
	onClock(t, func(t *testing.T) {
		for _, c := range []struct{ n, tasks int }{{1, 0}, {4, 0}, {8, 3}, {1, 5}, {3, 7}} {
			s, _ := worked(t, c.n, c.tasks)
			if finished, wrong := s.Finished(store.Tasks); finished != c.tasks || wrong > 0 {
				clock.Fail(t, "lost", "%d workers, %d tasks: %d tasks ran, and %d steps were wrong.", c.n, c.tasks, finished, wrong)
			}
		}
	})
}
