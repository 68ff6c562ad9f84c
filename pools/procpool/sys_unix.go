//go:build unix

package procpool

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// command is this program again, in a process group of its own: Ctrl-C at
// the terminal goes to the parent, which then ends its children.
func command() (*exec.Cmd, error) {
	path, err := executable()
	if err != nil {
		return nil, fmt.Errorf("procpool: finding this program: %w", err)
	}
	cmd := exec.Command(path)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	setDeathSignal(cmd.SysProcAttr)
	return cmd, nil
}

// killGroup ends the process, if need be, and everything in its group.
func killGroup(p *os.Process) {
	syscall.Kill(-p.Pid, syscall.SIGKILL)
}

// inherit takes the pipe with descriptor fd that the parent passed on.
func inherit(fd int) (*os.File, error) {
	var st syscall.Stat_t
	if err := syscall.Fstat(fd, &st); err != nil {
		return nil, err
	}
	if st.Mode&syscall.S_IFMT != syscall.S_IFIFO {
		return nil, errors.New("it is no pipe")
	}
	syscall.CloseOnExec(fd)
	// Blocking reads wake up sooner than those that go through the poller.
	if err := syscall.SetNonblock(fd, false); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "pipe"), nil
}

// cpuTime is the CPU time in ns that this process has used.
func cpuTime() int64 {
	var ru syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &ru); err != nil {
		return 0
	}
	return int64(time.Duration(ru.Utime.Nano() + ru.Stime.Nano()))
}
