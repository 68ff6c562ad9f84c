package gil_test

import (
	"fmt"
	"testing"
	"time"

	gil "lab"
	"lab/clock"
	"lab/cores"
	"lab/interp"
)

// record notes why a test failed, for a grader. It is nil in go test.
var record func(cause, text string)

// onClock runs a test on a virtual clock.
func onClock(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	clock.Record = record
	clock.Run(t, "tasks.go", test)
}

// interpreterLock is the lock of a new process: cores.GIL.
func interpreterLock() interp.Lock {
	lock, err := cores.GIL.Open(0)
	if err != nil {
		panic(err)
	}
	return lock
}

// The tasks of the tests. A round number would make tasks meet at the same instant.
var alike = interp.Work{Start: 20*time.Millisecond + 7, Wait: 50*time.Millisecond + 3, Compute: 3*time.Millisecond + 1}

// A way runs tasks, and takes so long for them where all are alike.
type way struct {
	name    string
	run     func(m *interp.Machine, n, tasks int)
	oneLock bool
}

var (
	threads   = way{"Threads", func(m *interp.Machine, n, tasks int) { gil.Threads(m.Process(), n, tasks) }, true}
	processes = way{"Processes", gil.Processes, false}
	loop      = way{"Loop", func(m *interp.Machine, n, tasks int) { gil.Loop(m.Process(), n, tasks) }, true}
)

// want is what tasks that are all alike take: each worker takes the next task, waits, and computes
// as soon as the lock is free.
func want(w interp.Work, n, tasks int, oneLock bool) time.Duration {
	free := make([]time.Duration, n) // when the workers are
	var lock, end time.Duration
	for range tasks {
		first := 0
		for i := range free {
			if free[i] < free[first] {
				first = i
			}
		}
		begin := free[first] + w.Wait
		if oneLock {
			begin = max(begin, lock)
		}
		free[first] = begin + w.Compute
		lock = max(lock, free[first])
		end = max(end, free[first])
	}
	return w.Start + end
}

// ran runs tasks, and checks that each ended once and that at most n were under way.
func ran(t *testing.T, way way, w interp.Work, n, tasks int) (r interp.Report, took time.Duration) {
	t.Helper()
	m := interp.New(w, interpreterLock)
	begin := time.Now()
	way.run(m, n, tasks)
	took = time.Since(begin)
	r = m.Report(tasks)
	what := fmt.Sprintf("%s, n = %d, %d tasks", way.name, n, tasks)
	switch {
	case r.Under > 0:
		clock.Fail(t, "left", "%s: it returned while %d tasks were under way.", what, r.Under)
	case r.Wrong > 0:
		clock.Fail(t, "wrong", "%s: some task ran twice, or does not exist, or computed before it had waited.", what)
	case r.Ended < tasks:
		clock.Fail(t, "lost", "%s: %d tasks ended.", what, r.Ended)
	case r.Peak > n:
		clock.Fail(t, "limit", "%s: %d tasks were under way at the same time.", what, r.Peak)
	}
	return r, took
}

// onTime fails if tasks that are all alike took another time than they should.
func onTime(t *testing.T, way way, w interp.Work, n, tasks int, took time.Duration) {
	t.Helper()
	right := want(w, n, tasks, way.oneLock)
	if took == right {
		return
	}
	why := ""
	for _, other := range []struct {
		took time.Duration
		why  string
	}{
		{w.Serial(tasks), " It took exactly as long as one task after the other."},
		{right + time.Duration(n-1)*w.Start, " It took exactly as long as if the processes were started one after the other."},
	} {
		if took == other.took && n > 1 {
			why = other.why
		}
	}
	clock.Fail(t, "makespan", "%s, n = %d, %d tasks: it took %v, and should take %v.%s", way.name, n, tasks, took, right, why)
}

func TestThreads(t *testing.T) {
	onClock(t, func(t *testing.T) {
		r, took := ran(t, threads, alike, 4, 12)
		if r.Threads > 4 {
			clock.Fail(t, "limit", "Threads, n = 4, 12 tasks: tasks computed in %d goroutines. Start n threads, whatever the number of tasks.", r.Threads)
		}
		onTime(t, threads, alike, 4, 12, took)
	})
}

func TestProcesses(t *testing.T) {
	onClock(t, func(t *testing.T) {
		r, took := ran(t, processes, alike, 4, 12)
		switch {
		case r.Processes != 4:
			clock.Fail(t, "processes", "Processes, n = 4, 12 tasks: %d processes were started.", r.Processes)
		case r.PeakIn > 1:
			clock.Fail(t, "processes", "Processes, n = 4, 12 tasks: %d tasks were under way in one process at the same time.", r.PeakIn)
		}
		onTime(t, processes, alike, 4, 12, took)
	})
}

func TestLoop(t *testing.T) {
	onClock(t, func(t *testing.T) {
		r, took := ran(t, loop, alike, 4, 12)
		if r.Threads > 1 {
			clock.Fail(t, "threads", "Loop, n = 4, 12 tasks: tasks computed in %d goroutines. An event loop is one thread: receive a number, compute, receive the next.", r.Threads)
		}
		onTime(t, loop, alike, 4, 12, took)
	})
}
