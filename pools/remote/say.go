package remote

import (
	"fmt"
	"sync/atomic"

	"golang.org/x/time/rate"
)

// mostLines is how many lines about nodes are said at once; after them it is one a second.
const mostLines = 100

// sparing is say with a limit, so that a node that joins and leaves without end does not
// fill a disk with lines. Before the next line it says how many were left out.
func sparing(limit *rate.Limiter, say func(line string)) func(line string) {
	var left atomic.Int64
	return func(line string) {
		if !limit.Allow() {
			left.Add(1)
			return
		}
		if n := left.Swap(0); n > 0 {
			say(fmt.Sprintf("%d lines about nodes are left out", n))
		}
		say(line)
	}
}
