// Wrong on purpose: one task after the other, the lock is short
// Fails: TestFast
package lock

import "lab/store"

// Work runs the tasks 0 to tasks-1 with n workers: each is parsed, updated and formatted.
// The lock is held for the update and nothing else.
func Work(s *store.Store, n, tasks int) {
	_ = n
	for i := range tasks {
		s.ParseTask(i)
		s.Lock()
		s.UpdateTask(i)
		s.Unlock()
		s.FormatTask(i)
	}
}
