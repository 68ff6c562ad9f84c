package unix

import (
	"runtime"
	"syscall"
	"unsafe"
)

const (
	FD_CLOEXEC       = syscall.FD_CLOEXEC
	F_GETFD          = syscall.F_GETFD
	MFD_CLOEXEC      = 1
	MSG_CMSG_CLOEXEC = syscall.MSG_CMSG_CLOEXEC
	MSG_NOSIGNAL     = syscall.MSG_NOSIGNAL
	P_PID            = 1
	SIGCONT          = syscall.SIGCONT
	SYS_FUTEX        = syscall.SYS_FUTEX
	SYS_SCHED_YIELD  = syscall.SYS_SCHED_YIELD
	SYS_WAITID       = syscall.SYS_WAITID
	WEXITED          = syscall.WEXITED
	WNOHANG          = syscall.WNOHANG
	WNOWAIT          = syscall.WNOWAIT
)

var (
	Dup3   = syscall.Dup3
	Gettid = syscall.Gettid
)

// RawSyscall and the next two are system calls. They are functions, not variables: their pointers
// must stay alive.

//go:uintptrescapes
func RawSyscall(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno) {
	return syscall.RawSyscall(trap, a1, a2, a3)
}

//go:uintptrescapes
func RawSyscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err syscall.Errno) {
	return syscall.RawSyscall6(trap, a1, a2, a3, a4, a5, a6)
}

//go:uintptrescapes
func Syscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err syscall.Errno) {
	return syscall.Syscall6(trap, a1, a2, a3, a4, a5, a6)
}

// Ppoll is ppoll(2) without a mask of signals.
func Ppoll(fds []PollFd, timeout *Timespec, _ *struct{}) (int, error) {
	n, _, errno := syscall.Syscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(unsafe.SliceData(fds))), uintptr(len(fds)), uintptr(unsafe.Pointer(timeout)), 0, 0, 0)
	if errno != 0 {
		return -1, errno
	}
	return int(n), nil
}

// Poll is poll(2): a negative timeout waits for ever.
func Poll(fds []PollFd, milliseconds int) (int, error) {
	if milliseconds < 0 {
		return Ppoll(fds, nil, nil)
	}
	t := syscall.NsecToTimespec(int64(milliseconds) * 1e6)
	return Ppoll(fds, &t, nil)
}

// Waitid is waitid(2) without its results.
func Waitid(idType, id int, _ *struct{}, options int, _ *Rusage) error {
	_, _, errno := syscall.Syscall6(syscall.SYS_WAITID, uintptr(idType), uintptr(id), 0, uintptr(options), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// ClockGettime is clock_gettime(2).
func ClockGettime(clock int32, t *Timespec) error {
	_, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, uintptr(clock), uintptr(unsafe.Pointer(t)), 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// memfdCreate is the number of the system call, which package syscall lacks; 0 where it is not
// known.
var memfdCreate = map[string]uintptr{"amd64": 319, "386": 356, "arm": 385, "arm64": 279, "loong64": 279, "riscv64": 279, "ppc64le": 360, "s390x": 350}[runtime.GOARCH]

// MemfdCreate is memfd_create(2).
func MemfdCreate(name string, flags int) (int, error) {
	if memfdCreate == 0 {
		return -1, syscall.ENOSYS
	}
	text, err := syscall.BytePtrFromString(name)
	if err != nil {
		return -1, err
	}
	fd, _, errno := syscall.Syscall(memfdCreate, uintptr(unsafe.Pointer(text)), uintptr(flags), 0)
	if errno != 0 {
		return -1, errno
	}
	return int(fd), nil
}
