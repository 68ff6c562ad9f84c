// Wrong on purpose: the channel is never closed
// Fails: TestPool
package wait

import (
	"sync"
	"time"
)

// Serial handles one request after the other.
func Serial(requests int, handle func(request int)) {
	for i := range requests {
		handle(i)
	}
}

// Each handles each request in a goroutine of its own.
func Each(requests int, handle func(request int)) {
	var wg sync.WaitGroup
	for i := range requests {
		wg.Go(func() { handle(i) })
	}
	wg.Wait()
}

// Pool handles the requests with n workers.
func Pool(requests, n int, handle func(request int)) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for i := range next {
				handle(i)
			}
		})
	}
	for i := range requests {
		next <- i
	}
	wg.Wait()
}

// Size returns the fewest workers that keep all processors busy.
func Size(processors int, wait, compute time.Duration) int {
	need := time.Duration(processors) * (wait + compute)
	return int((need + compute - 1) / compute)
}
