package cores

import (
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
