package procpool

import (
	"time"

	"golang.org/x/sys/unix"
)

func readable(fd int, d time.Duration) bool {
	t := unix.NsecToTimespec(int64(d))
	n, _ := unix.Ppoll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, &t, nil)
	return n > 0
}
