package cores

import (
	"time"

	"golang.org/x/sys/unix"
)

// preciseSleep sleeps in the calling thread. The timers of the runtime may be
// a millisecond late; this is late by what the kernel needs to wake a thread
// (tens of microseconds), and without the 50 µs of slack by which the kernel
// gathers timers.
func preciseSleep(d time.Duration) {
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0) // it sleeps less precisely where this is refused
	t := unix.NsecToTimespec(int64(d))
	_ = unix.ClockNanosleep(unix.CLOCK_MONOTONIC, 0, &t, nil) // a signal ends it early: the caller looks at the clock
}
