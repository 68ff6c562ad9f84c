package remote

import (
	"time"

	"golang.org/x/sys/unix"
)

// sharpTimer lets the calling thread wake when it asked to, and not up to 50 µs
// later.
func sharpTimer() { _ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0) }

// nanosleep sleeps in a system call.
func nanosleep(d time.Duration) {
	t := unix.NsecToTimespec(int64(d))
	_ = unix.Nanosleep(&t, nil)
}
