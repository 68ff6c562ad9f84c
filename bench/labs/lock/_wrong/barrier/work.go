// Wrong on purpose: all workers wait for each other after each task
// Fails: TestFast
package lock

import (
	"sync"

	"lab/store"
)

// Work runs the tasks 0 to tasks-1 with n workers: each is parsed, updated and formatted.
// The lock is held for the update and nothing else.
func Work(s *store.Store, n, tasks int) {
	for low := 0; low < tasks; low += n {
		var wg sync.WaitGroup
		for i := low; i < min(low+n, tasks); i++ {
			wg.Go(func() {
				s.ParseTask(i)
				s.Lock()
				s.UpdateTask(i)
				s.Unlock()
				s.FormatTask(i)
			})
		}
		wg.Wait()
	}
}
