package wait_test

import (
	"fmt"
	"testing"
	"time"

	wait "lab"
	"lab/clock"
)

func TestPoolEdges(t *testing.T) {
	onClock(t, func(t *testing.T) {
		for _, c := range []struct{ requests, n int }{{0, 3}, {1, 1}, {5, 1}, {3, 8}} {
			l := served(t, c.requests, second, func(h func(int)) { wait.Pool(c.requests, c.n, h) })
			if l.peak > c.n {
				clock.Fail(t, "limit", "Pool with %d workers: %d requests ran at the same time.", c.n, l.peak)
			}
		}
	})
}

func TestPoolBusy(t *testing.T) {
	onClock(t, func(t *testing.T) {
		// One long request and twelve short ones for two workers: 12.5 seconds.
		length := func(i int) time.Duration {
			if i == 0 {
				return 12*time.Second + 500*time.Millisecond
			}
			return time.Second
		}
		l := served(t, 13, length, func(h func(int)) { wait.Pool(13, 2, h) })
		if want := 12*time.Second + 500*time.Millisecond; l.took != want {
			clock.Fail(t, "makespan", "Pool with 2 workers, a request of 12.5s and twelve of 1s took %v, and should take %v: while one worker has the long request, the other one does the short ones.", l.took, want)
		}
	})
}

func TestSize(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		processors    int
		wait, compute time.Duration
		want          int
	}{{2, 0, 5 * ms, 2}, {2, 5 * ms, 5 * ms, 4}, {2, 5 * ms, 1 * ms, 12}, {4, 1 * ms, 3 * ms, 6}, {1, 10 * ms, 3 * ms, 5}, {8, 1 * ms, 100 * ms, 9}} {
		if got := wait.Size(c.processors, c.wait, c.compute); got != c.want {
			text := fmt.Sprintf("Size(%d, %v, %v)", c.processors, c.wait, c.compute)
			clock.Record = record
			clock.Fail(t, "value", "%s is %d, and should be %d.", text, got, c.want)
		}
	}
}
