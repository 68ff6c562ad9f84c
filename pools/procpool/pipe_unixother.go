//go:build unix && !linux

package procpool

import (
	"time"

	"golang.org/x/sys/unix"
)

// readable waits for a millisecond, the least that there is.
func readable(fd int, _ time.Duration) bool {
	n, _ := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 1)
	return n > 0
}
