// Package wait serves requests in three ways.
package wait

import "time"

// Serial calls handle(0), handle(1) … handle(requests-1), one after the other.
func Serial(requests int, handle func(request int)) {
	// Your code here.
}

// Each calls handle for each request in a goroutine of its own, all at once, and returns
// when all have ended.
func Each(requests int, handle func(request int)) {
	// Your code here.
}

// Pool calls handle for each request with n workers: at most n run at a time, a worker
// that is free takes the next request. It returns when all have ended.
func Pool(requests, n int, handle func(request int)) {
	// Your code here.
}

// Size returns the fewest workers that keep all processors busy, if a request waits and
// computes for so long. compute is above 0.
func Size(processors int, wait, compute time.Duration) int {
	// Your code here.
	return 0
}
