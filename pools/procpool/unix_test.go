//go:build unix

package procpool

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

const sigStop = syscall.SIGSTOP

func kill(pid int, sig syscall.Signal) error { return syscall.Kill(pid, sig) }

// dup copies a descriptor, if there is one.
func dup(fd int) *os.File {
	n, err := syscall.Dup(fd)
	if err != nil {
		return nil
	}
	return os.NewFile(uintptr(n), "dup")
}

// setGroup puts a process out of reach of what is sent to this one's group.
func setGroup(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func writeTo(fd int, b []byte) {
	syscall.SetNonblock(fd, true)
	syscall.Write(fd, b)
}

// limitData bounds the memory of this process.
func limitData(bytes uint64) {
	unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: rlimit(bytes), Max: rlimit(bytes)})
}

const sigUrg = syscall.SIGURG
const sigChld = syscall.SIGCHLD
