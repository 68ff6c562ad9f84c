package procpool

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const programPath = "/proc/self/exe" // still this program when the file was replaced

// processAttr puts a worker into a group of its own, out of reach of Ctrl-C,
// and has the kernel kill it when the thread that starts it ends.
func processAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// newShared makes memory that can be shared with a child.
func newShared(size int) (*os.File, error) {
	fd, err := unix.MemfdCreate("procpool", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	f := os.NewFile(uintptr(fd), "memfd")
	if err := f.Truncate(int64(size)); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// readable waits until there is something to read, or for d.
func readable(fd uintptr, d time.Duration) bool {
	t := unix.NsecToTimespec(int64(d))
	n, _ := unix.Ppoll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, &t, nil)
	return n > 0
}

// closeStrays closes descriptors that this process inherited without having
// been meant to: those that are not closed on exec, beyond the standard three
// and the first n after them. What Go opens is closed on exec.
func closeStrays(n int) {
	names, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return
	}
	for _, e := range names {
		fd, err := strconv.Atoi(e.Name())
		if err != nil || fd < firstFD+n {
			continue
		}
		if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil && flags&unix.FD_CLOEXEC == 0 {
			unix.Close(fd)
		}
	}
}

// resident is the memory that a process occupies, in bytes; 0 if unknown.
func resident(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	f := bytes.Fields(b)
	if len(f) < 2 {
		return 0
	}
	n, _ := strconv.ParseInt(string(f[1]), 10, 64)
	return n * int64(os.Getpagesize())
}

// processCPU is the CPU time of a living process, in nanoseconds.
func processCPU(pid int) (int64, bool) {
	var t unix.Timespec
	if unix.ClockGettime(int32(^pid<<3|2), &t) != nil {
		return 0, false
	}
	return t.Nano(), true
}
