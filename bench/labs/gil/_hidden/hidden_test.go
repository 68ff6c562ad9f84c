package gil_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	gil "lab"
	"lab/clock"
	"lab/interp"
)

const ms = time.Millisecond

// oneLong is tasks of which the first waits long and the others do not.
var oneLong = interp.Work{Start: 20 * ms, Each: func(task int) (wait, compute time.Duration) {
	if task == 0 {
		return 100 * ms, 3 * ms
	}
	return 10*ms + time.Duration(task), 3 * ms
}}

// While one task waits for 100 ms, the others pass it: with two under way, five tasks take as long as the
// first of them alone.
func passes(t *testing.T, way way) {
	t.Helper()
	_, took := ran(t, way, oneLong, 2, 5)
	if right := 123 * ms; took != right {
		clock.Fail(t, "makespan", "%s, n = 2: a task that waits 100ms and four that wait 10ms took %v, and should take %v: while the long one waits, the others run.", way.name, took, right)
	}
}

func TestLoopOrder(t *testing.T) { onClock(t, func(t *testing.T) { passes(t, loop) }) }

func TestBusy(t *testing.T) {
	onClock(t, func(t *testing.T) {
		passes(t, threads)
		passes(t, processes)
	})
}

func TestEdges(t *testing.T) {
	onClock(t, func(t *testing.T) {
		for _, way := range []way{threads, processes, loop} {
			for _, c := range []struct{ n, tasks int }{{1, 0}, {4, 0}, {1, 1}, {1, 5}, {8, 3}, {3, 7}} {
				r, took := ran(t, way, alike, c.n, c.tasks)
				if r.Processes > c.n {
					clock.Fail(t, "processes", "%s, n = %d, %d tasks: %d processes were started.", way.name, c.n, c.tasks, r.Processes)
				}
				if c.tasks > 0 {
					onTime(t, way, alike, c.n, c.tasks, took)
				}
			}
		}
	})
}

func TestFastest(t *testing.T) {
	for _, c := range []struct {
		n             int
		wait, compute time.Duration
		oneLock       bool
		want          float64
	}{{8, 0, 5 * ms, true, 1}, {8, 0, 5 * ms, false, 8}, {8, 3 * ms, 1 * ms, true, 4}, {3, 3 * ms, 1 * ms, true, 3}, {8, 3 * ms, 1 * ms, false, 8}, {100, 5 * ms, 2 * ms, true, 3.5}} {
		if got := gil.Fastest(c.n, c.wait, c.compute, c.oneLock); math.Abs(got-c.want) > 1e-9 {
			text := fmt.Sprintf("Fastest(%d, %v, %v, %v)", c.n, c.wait, c.compute, c.oneLock)
			clock.Record = record
			clock.Fail(t, "value", "%s is %v, and should be %v.", text, got, c.want)
		}
	}
}
