package lock_test

import (
	"testing"
	"time"

	lock "lab"
	"lab/clock"
	"lab/store"
)

// record notes why a test failed, for a grader. It is nil in go test.
var record func(cause, text string)

// onClock runs a test on a virtual clock.
func onClock(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	clock.Record = record
	clock.Run(t, "work.go", test)
}

// The steps of the tests. A round number would make workers meet at the same instant.
const (
	parse  = 240*time.Microsecond + 17
	update = 41*time.Microsecond + 3
	format = 190*time.Microsecond + 29
)

// worked runs Work, and checks that every task is finished.
func worked(t *testing.T, n, tasks int) (s *store.Store, took time.Duration) {
	t.Helper()
	s = store.New(parse, update, format)
	begin := time.Now()
	lock.Work(s, n, tasks)
	took = time.Since(begin)
	if finished, _ := s.Finished(tasks); finished < tasks {
		clock.Fail(t, "lost", "%d workers, %d tasks: %d were updated once and formatted, before Work returned.", n, tasks, finished)
	}
	if least := s.Least(tasks, n, update); took < least {
		clock.Fail(t, "limit", "%d workers, %d tasks: it took %v, and so many workers need %v. At most n tasks run at a time.", n, tasks, took, least)
	}
	return s, took
}

func TestRight(t *testing.T) {
	onClock(t, func(t *testing.T) { worked(t, 1, 10) })
}

func TestLocked(t *testing.T) {
	onClock(t, func(t *testing.T) {
		for _, n := range []int{1, 8} {
			s, _ := worked(t, n, 40)
			if _, wrong := s.Finished(40); wrong > 0 {
				clock.Fail(t, "unlocked", "%d workers, 40 tasks: %d steps were made without the lock, or in a wrong order.", n, wrong)
			}
		}
	})
}

func TestShrunk(t *testing.T) {
	onClock(t, func(t *testing.T) {
		s, _ := worked(t, 4, 40)
		if held, want := s.Held(), 40*update; held != want {
			clock.Fail(t, "held", "40 tasks: the lock was held for %v in all, and the updates take %v.", held, want)
		}
	})
}
