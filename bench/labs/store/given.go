package store

import "sync"

// Given runs the tasks with n workers as the program does that the lab begins with: it
// holds the lock while it parses, too.
func Given(s *Store, n, tasks int) {
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
