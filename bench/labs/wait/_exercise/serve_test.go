package wait_test

import (
	"sync"
	"testing"
	"time"

	wait "lab"
	"lab/clock"
)

// record notes why a test failed, for a grader. It is nil in go test.
var record func(cause, text string)

// onClock runs a test on a virtual clock.
func onClock(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	clock.Record = record
	clock.Run(t, "serve.go", test)
}

// A log is what happened to requests that sleep.
type log struct {
	mu      sync.Mutex
	order   []int
	times   map[int]int
	running int
	peak    int
	took    time.Duration
}

// served serves requests that sleep for so long, and checks that each was handled once.
func served(t *testing.T, requests int, length func(i int) time.Duration, serve func(handle func(int))) *log {
	t.Helper()
	l := &log{times: map[int]int{}}
	begin := time.Now()
	serve(func(i int) {
		clock.Beat()
		l.mu.Lock()
		l.order = append(l.order, i)
		l.times[i]++
		l.running++
		l.peak = max(l.peak, l.running)
		l.mu.Unlock()
		time.Sleep(length(i))
		l.mu.Lock()
		l.running--
		l.mu.Unlock()
	})
	l.took = time.Since(begin)
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range requests {
		switch l.times[i] {
		case 1:
		case 0:
			clock.Fail(t, "lost", "%d requests: request %d was never handled.", requests, i)
		default:
			clock.Fail(t, "twice", "%d requests: request %d was handled %d times.", requests, i, l.times[i])
		}
	}
	if len(l.times) > requests {
		clock.Fail(t, "lost", "%d requests: %d different ones were handled.", requests, len(l.times))
	}
	if l.running > 0 {
		clock.Fail(t, "left", "%d requests: it returned while %d were still running.", requests, l.running)
	}
	return l
}

func second(int) time.Duration { return time.Second }

func TestSerial(t *testing.T) {
	onClock(t, func(t *testing.T) {
		l := served(t, 5, second, func(h func(int)) { wait.Serial(5, h) })
		for i, request := range l.order {
			if request != i {
				clock.Fail(t, "order", "Serial handled the requests in the order %v.", l.order)
			}
		}
		if l.peak > 1 {
			clock.Fail(t, "limit", "Serial had %d requests at the same time.", l.peak)
		}
	})
}

func TestEach(t *testing.T) {
	onClock(t, func(t *testing.T) {
		l := served(t, 50, second, func(h func(int)) { wait.Each(50, h) })
		if l.peak < 50 || l.took != time.Second {
			clock.Fail(t, "limit", "Each, with 50 requests of a second: %d ran at the same time, and all took %v. They should all run at once.", l.peak, l.took)
		}
	})
}

func TestPool(t *testing.T) {
	onClock(t, func(t *testing.T) {
		l := served(t, 12, second, func(h func(int)) { wait.Pool(12, 4, h) })
		if l.peak != 4 {
			clock.Fail(t, "limit", "Pool with 4 workers: %d requests ran at the same time.", l.peak)
		}
		if l.took != 3*time.Second {
			clock.Fail(t, "makespan", "Pool with 4 workers and 12 requests of a second took %v, and should take 3s.", l.took)
		}
	})
}
