//go:build unix && !linux

package procpool

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const programPath = "" // os.Executable

func processAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// newShared makes memory that can be shared with a child: a file without a
// name.
func newShared(size int) (*os.File, error) {
	f, err := os.CreateTemp("", "procpool")
	if err != nil {
		return nil, err
	}
	os.Remove(f.Name())
	if err := f.Truncate(int64(size)); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// readable waits until there is something to read, or for a millisecond.
func readable(fd uintptr, _ time.Duration) bool {
	n, _ := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 1)
	return n > 0
}

func resident(int) int64           { return 0 }
func processCPU(int) (int64, bool) { return 0, false }

func closeStrays(int) {}
