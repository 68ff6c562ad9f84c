// Package lock runs tasks whose results go into one store.
package lock

import (
	"sync"

	"lab/store"
)

// Work runs the tasks 0 to tasks-1 with n workers: each is parsed, updated and formatted.
// It works, and is slow. Why?
func Work(s *store.Store, n, tasks int) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for i := range next {
				s.Lock()
				s.ParseTask(i)
				s.UpdateTask(i)
				s.Unlock()
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
