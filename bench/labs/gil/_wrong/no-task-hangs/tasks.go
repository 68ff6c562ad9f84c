// Wrong on purpose: without a task the loop waits for ever
// Fails: TestEdges
// Package gil runs tasks in an interpreter that has one lock, in three ways.
package gil

import (
	"sync"
	"time"

	"lab/interp"
)

// each hands out the tasks in order to n workers.
func each(n, tasks int, worker func(next <-chan int)) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(n, tasks) {
		wg.Go(func() { worker(next) })
	}
	for i := range tasks {
		next <- i
	}
	close(next)
	wg.Wait()
}

// Threads runs the tasks with n threads of one process.
func Threads(p *interp.Process, n, tasks int) {
	each(n, tasks, func(next <-chan int) {
		for i := range next {
			p.Run(i)
		}
	})
}

// Processes runs the tasks with n processes.
func Processes(m *interp.Machine, n, tasks int) {
	each(n, tasks, func(next <-chan int) {
		p := m.Process()
		for i := range next {
			p.Run(i)
		}
	})
}

// Loop runs the tasks in one thread.
func Loop(p *interp.Process, n, tasks int) {
	ready := make(chan int)
	begun := 0
	for ended := range tasks {
		for begun < tasks && begun-ended < n {
			p.Begin(begun, ready)
			begun++
		}
		p.Compute(<-ready)
	}
	if tasks == 0 {
		<-ready
	}
}

// Fastest returns how many times faster than one worker n workers can be at most.
func Fastest(n int, wait, compute time.Duration, oneLock bool) float64 {
	if !oneLock {
		return float64(n)
	}
	return min(float64(n), float64(wait+compute)/float64(compute))
}
