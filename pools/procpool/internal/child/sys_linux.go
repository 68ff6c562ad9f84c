package child

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	programPath    = "/proc/self/exe" // still this program when the file was replaced
	closeOnReceive = unix.MSG_CMSG_CLOEXEC
	noSignal       = unix.MSG_NOSIGNAL
)

// processAttr puts a child into a group of its own, out of reach of Ctrl-C,
// and has the kernel kill it when the thread that starts it ends.
func processAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

func dup2(from, to int) error { return unix.Dup3(from, to, 0) }

// NewShared makes memory that can be shared with a child.
func NewShared(name string, size int) (*os.File, error) {
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC)
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

// closeStrays closes descriptors that this process inherited without having
// been meant to: those beyond the standard three that are not closed on exec.
// What Go opens is closed on exec.
func closeStrays() {
	names, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return
	}
	for _, e := range names {
		fd, err := strconv.Atoi(e.Name())
		if err != nil || fd < 3 {
			continue
		}
		if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil && flags&unix.FD_CLOEXEC == 0 {
			unix.Close(fd)
		}
	}
}

// SetTitle names this process in lists of processes (ps -o comm, top): the
// system takes 15 bytes.
func SetTitle(name string) { os.WriteFile("/proc/self/comm", []byte(name), 0) }

// awaitEnd waits until a child has ended, and leaves it unreaped.
func awaitEnd(pid int) {
	for {
		err := unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err != unix.EINTR {
			return
		}
	}
}

// endedWell reports whether a child that has ended did so with exit code 0. If
// that cannot be told, it did.
func endedWell(pid int) bool {
	var info [128]byte
	_, _, e := unix.Syscall6(unix.SYS_WAITID, unix.P_PID, uintptr(pid), uintptr(ptr(&info)), unix.WEXITED|unix.WNOWAIT|unix.WNOHANG, 0, 0)
	if e != 0 {
		return true
	}
	const exited = 1 // CLD_EXITED
	code, status := infoOf(&info)
	return code == exited && status == 0
}

// Resident is the memory that a process occupies for itself, in bytes: resident
// pages without those that it may share, such as arrays and its program; 0 if
// unknown.
func Resident(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	f := bytes.Fields(b)
	if len(f) < 3 {
		return 0
	}
	resident, _ := strconv.ParseInt(string(f[1]), 10, 64)
	shared, _ := strconv.ParseInt(string(f[2]), 10, 64)
	return max(0, resident-shared) * int64(os.Getpagesize())
}

// ProcessCPU is the CPU time of a living process, in nanoseconds.
func ProcessCPU(pid int) (int64, bool) {
	var t unix.Timespec
	if unix.ClockGettime(int32(^pid<<3|2), &t) != nil {
		return 0, false
	}
	return t.Nano(), true
}

func threadID() int { return unix.Gettid() }

// resumeForked lets a child of a thread go on that was stopped between fork
// and exec. It still has the memory, and so the command line, of this process.
func resumeForked(thread int) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/children", thread))
	if err != nil {
		return
	}
	mine, err := os.ReadFile("/proc/self/cmdline")
	if err != nil {
		return
	}
	for _, s := range strings.Fields(string(b)) {
		dir := filepath.Join("/proc", s)
		stat, _ := os.ReadFile(filepath.Join(dir, "stat"))
		_, state, _ := strings.Cut(string(stat), ") ")
		line, _ := os.ReadFile(filepath.Join(dir, "cmdline"))
		if pid, err := strconv.Atoi(s); err == nil && strings.HasPrefix(state, "T") && bytes.Equal(line, mine) {
			unix.Kill(pid, unix.SIGCONT)
		}
	}
}
