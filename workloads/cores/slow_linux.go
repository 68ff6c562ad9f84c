package cores

import (
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ThreadTime is the CPU time that the calling thread has used. The caller is
// locked to its thread, or the difference of two readings means nothing. On
// other systems than Linux and macOS the error is errors.ErrUnsupported.
func ThreadTime() (time.Duration, error) {
	// Not by unix.ClockGettime, which tells the runtime of every call.
	var t unix.Timespec
	if _, _, errno := unix.RawSyscall(unix.SYS_CLOCK_GETTIME, unix.CLOCK_THREAD_CPUTIME_ID, uintptr(unsafe.Pointer(&t)), 0); errno != 0 {
		return 0, errno
	}
	return time.Duration(t.Nano()), nil
}

// preciseSleep sleeps in the calling thread, which keeps its place among the
// GOMAXPROCS. The timers of the runtime may be a millisecond late; this is
// late by what the kernel needs to wake a thread (tens of microseconds), and
// without the 50 µs of slack by which the kernel gathers timers.
func preciseSleep(d time.Duration) {
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0) // it sleeps less precisely where this is refused
	t := unix.NsecToTimespec(int64(d))
	unix.RawSyscall6(unix.SYS_CLOCK_NANOSLEEP, unix.CLOCK_MONOTONIC, 0, uintptr(unsafe.Pointer(&t)), 0, 0, 0) // a signal ends it early: the caller looks at the clock
}

// timesBlocked is how often the calling thread gave up its processor to wait
// for something. Preemption does not count.
func timesBlocked() int64 {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_THREAD, &u); err != nil {
		return neverTheSame() // nothing is taken for preemption
	}
	return int64(u.Nvcsw)
}
