package cores

import (
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// ThreadTime is the CPU time that the calling thread has used. The caller is
// locked to its thread, or the difference of two readings means nothing. On
// other systems than Linux and macOS the error is errors.ErrUnsupported.
func ThreadTime() (time.Duration, error) {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		return 0, err
	}
	return time.Duration(t.Nano()), nil
}

// preciseSleep sleeps. What it is late by is the core's credit.
func preciseSleep(d time.Duration) { time.Sleep(d) }

// timesBlocked cannot be told here: it is never the same twice, so nothing is
// taken for preemption.
func timesBlocked() int64 { return unknown.Add(1) }

var unknown atomic.Int64
