// Wrong on purpose: a goroutine for each request
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
	Each(requests, handle)
	_ = n
}

// Size returns the fewest workers that keep all processors busy.
func Size(processors int, wait, compute time.Duration) int {
	need := time.Duration(processors) * (wait + compute)
	return int((need + compute - 1) / compute)
}
