//go:build linux || darwin

package timeline

import (
	"time"

	"golang.org/x/sys/unix"
)

func monotonic() int64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		return time.Now().UnixNano() // every process of this machine fails alike
	}
	return t.Nano()
}
