//go:build darwin || freebsd

package unix

import (
	"syscall"
	"unsafe"
)

// Dup2 is dup2(2).
var Dup2 = syscall.Dup2

// Poll is poll(2): a negative timeout waits for ever.
func Poll(fds []PollFd, milliseconds int) (int, error) {
	n, _, errno := syscall.Syscall(syscall.SYS_POLL, uintptr(unsafe.Pointer(unsafe.SliceData(fds))), uintptr(len(fds)), uintptr(milliseconds))
	if errno != 0 {
		return -1, errno
	}
	return int(n), nil
}
