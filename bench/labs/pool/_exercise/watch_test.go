package pool_test

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	pool "lab"
	"lab/clock"
)

// studentFile is the file whose goroutines are yours.
const studentFile = "pool.go"

// record notes why a test failed, for a grader. It is nil in go test.
var record func(cause, text string)

// onClock runs a test on a virtual clock.
func onClock(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	clock.Record = record
	clock.Run(t, studentFile, test)
}

// fail ends the test. The cause is one word for the grader.
func fail(t *testing.T, cause, format string, args ...any) {
	t.Helper()
	clock.Fail(t, cause, format, args...)
}

// left fails if goroutines of your file are still there. when begins the sentence.
func left(t *testing.T, when string) {
	t.Helper()
	clock.Left(t, studentFile, when)
}

// A start is a task that began.
type start struct {
	task int
	at   time.Duration // since the beginning
}

// A watch sees what Run does with its tasks.
type watch struct {
	mu      sync.Mutex
	begin   time.Time
	starts  []start
	running int
	peak    int             // most tasks at a time
	crowd   int             // most goroutines at a time, without the test's
	workers map[string]bool // the goroutines in which tasks ran
}

func newWatch() *watch { return &watch{begin: time.Now(), workers: map[string]bool{}} }

// task returns the f of tasks that sleep. A task with an error returns it at its
// end; one that heeds the context ends with it.
func (w *watch) task(list []time.Duration, errs map[int]error, heeds bool) func(context.Context, int) error {
	return func(ctx context.Context, i int) error {
		w.enter(i)
		defer w.leave()
		if i < 0 || i >= len(list) {
			return nil // TestEveryTask says so
		}
		done := ctx.Done()
		if !heeds {
			done = nil
		}
		select {
		case <-time.After(list[i]):
			return errs[i]
		case <-done:
			return ctx.Err()
		}
	}
}

func (w *watch) enter(i int) {
	clock.Beat()
	buf := make([]byte, 64)
	id, _, _ := strings.Cut(string(buf[:runtime.Stack(buf, false)]), " [")
	crowd := -1 // the test itself
	for _, s := range clock.Stacks(studentFile) {
		if s.Here {
			crowd++
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.starts = append(w.starts, start{i, time.Since(w.begin)})
	w.running++
	w.peak = max(w.peak, w.running)
	w.crowd = max(w.crowd, crowd)
	w.workers[id] = true
}

func (w *watch) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.running--
}

// run calls Run with tasks of these lengths, and checks that each ran once.
func run(t *testing.T, n int, list []time.Duration) (*watch, time.Duration) {
	t.Helper()
	w := newWatch()
	err := pool.Run(t.Context(), n, len(list), w.task(list, nil, false))
	took := time.Since(w.begin)
	once(t, w, n, len(list))
	if err != nil {
		fail(t, "error", "no task failed, and Run returned the error %q", err)
	}
	return w, took
}

// once checks that tasks 0 to tasks-1 started once each.
func once(t *testing.T, w *watch, n, tasks int) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	times := make(map[int]int)
	for _, s := range w.starts {
		times[s.task]++
	}
	for i := range tasks {
		switch times[i] {
		case 1:
		case 0:
			fail(t, "lost", "n = %d, %d tasks: task %d never ran.", n, tasks, i)
		default:
			fail(t, "twice", "n = %d, %d tasks: task %d ran %d times.", n, tasks, i, times[i])
		}
		delete(times, i)
	}
	for i := range times {
		fail(t, "lost", "n = %d, %d tasks: a task %d ran, and there is none.", n, tasks, i)
	}
	if w.running > 0 {
		fail(t, "left", "n = %d, %d tasks: Run returned while %d tasks were still running.", n, tasks, w.running)
	}
}
