//go:build linux || darwin || freebsd

package unix

import "syscall"

const (
	AF_UNIX         = syscall.AF_UNIX
	EAGAIN          = syscall.EAGAIN
	EINTR           = syscall.EINTR
	F_DUPFD_CLOEXEC = syscall.F_DUPFD_CLOEXEC
	MAP_SHARED      = syscall.MAP_SHARED
	POLLIN          = 1
	POLLOUT         = 4
	PROT_READ       = syscall.PROT_READ
	PROT_WRITE      = syscall.PROT_WRITE
	RUSAGE_SELF     = syscall.RUSAGE_SELF
	SIGKILL         = syscall.SIGKILL
	SOCK_STREAM     = syscall.SOCK_STREAM
)

// PollFd is what Poll looks at, as the system wants it.
type PollFd struct {
	Fd      int32
	Events  int16
	Revents int16
}

type (
	Rusage   = syscall.Rusage
	Timespec = syscall.Timespec
)

var (
	Close                     = syscall.Close
	CloseOnExec               = syscall.CloseOnExec
	CmsgSpace                 = syscall.CmsgSpace
	Getrusage                 = syscall.Getrusage
	Kill                      = syscall.Kill
	Mmap                      = syscall.Mmap
	Munmap                    = syscall.Munmap
	NsecToTimespec            = syscall.NsecToTimespec
	ParseSocketControlMessage = syscall.ParseSocketControlMessage
	ParseUnixRights           = syscall.ParseUnixRights
	Read                      = syscall.Read
	Recvmsg                   = syscall.Recvmsg
	SendmsgN                  = syscall.SendmsgN
	SetNonblock               = syscall.SetNonblock
	Socketpair                = syscall.Socketpair
	UnixRights                = syscall.UnixRights
	Write                     = syscall.Write
)

// FcntlInt is fcntl(2) with a number as its argument.
func FcntlInt(fd uintptr, cmd, arg int) (int, error) {
	v, _, errno := syscall.Syscall(syscall.SYS_FCNTL, fd, uintptr(cmd), uintptr(arg))
	if errno != 0 {
		return -1, errno
	}
	return int(v), nil
}

// signalNames are those that a worker is likely to end by.
var signalNames = map[syscall.Signal]string{
	syscall.SIGABRT: "SIGABRT", syscall.SIGALRM: "SIGALRM", syscall.SIGBUS: "SIGBUS", syscall.SIGFPE: "SIGFPE", syscall.SIGHUP: "SIGHUP",
	syscall.SIGILL: "SIGILL", syscall.SIGINT: "SIGINT", syscall.SIGKILL: "SIGKILL", syscall.SIGPIPE: "SIGPIPE", syscall.SIGQUIT: "SIGQUIT",
	syscall.SIGSEGV: "SIGSEGV", syscall.SIGSYS: "SIGSYS", syscall.SIGTERM: "SIGTERM", syscall.SIGTRAP: "SIGTRAP", syscall.SIGXCPU: "SIGXCPU",
}

// SignalName is the name of a signal, or "".
func SignalName(s syscall.Signal) string { return signalNames[s] }
