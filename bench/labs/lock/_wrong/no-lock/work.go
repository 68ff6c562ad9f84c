// Wrong on purpose: the lock is gone
// Fails: TestLocked
package lock

import (
	"sync"

	"lab/store"
)

// Work runs the tasks 0 to tasks-1 with n workers: each is parsed, updated and formatted.
// The lock is held for the update and nothing else.
func Work(s *store.Store, n, tasks int) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for i := range next {
				s.ParseTask(i)
				s.UpdateTask(i)
				s.FormatTask(i)
			}
		})
	}
	for i := range tasks {
		next <- i
	}
	close(next)
	wg.Wait()
}
