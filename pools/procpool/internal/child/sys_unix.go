//go:build unix

package child

import (
	"fmt"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// plumb makes the control socket of a child, its standard input, and sends it
// the files.
func (c *Process) plumb(attr *os.ProcAttr, files []*os.File) (names []string, theirs []*os.File, err error) {
	a, b, err := socketPair()
	if err != nil {
		return nil, nil, os.NewSyscallError("socketpair", err)
	}
	unix.SetNonblock(a, true) // for deadlines
	c.control = &Control{f: os.NewFile(uintptr(a), "control")}
	t := os.NewFile(uintptr(b), "control")
	attr.Files[0] = t
	err = c.control.Send(Message{Kind: kindFiles, Files: files}, 0)
	return []string{strconv.Itoa(len(files))}, []*os.File{t}, err
}

func socketPair() (a, b int, err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	p, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return 0, 0, err
	}
	unix.CloseOnExec(p[0])
	unix.CloseOnExec(p[1])
	return p[0], p[1], nil
}

// Inherit takes what plumb gave to this process.
func Inherit(names []string) (*Control, []*os.File, error) {
	if len(names) != 1 {
		return nil, nil, fmt.Errorf("want the number of files, have %q", names)
	}
	fd, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, nil, err
	}
	c := &Control{f: os.NewFile(uintptr(fd), "control"), waits: true}
	m, err := c.Recv()
	if n, aerr := strconv.Atoi(names[0]); err != nil || aerr != nil || m.Kind != kindFiles || n != len(m.Files) {
		return nil, nil, fmt.Errorf("standard input is not the connection to a parent")
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, nil, err
	}
	defer null.Close()
	if err := dup2(int(null.Fd()), 0); err != nil {
		return nil, nil, err
	}
	closeStrays()
	return c, m.Files, nil
}

func sendMessage(f *os.File, b []byte, files []*os.File) error {
	var oob []byte
	if len(files) > 0 {
		fds := make([]int, len(files))
		for i, f := range files {
			fds[i] = int(f.Fd())
		}
		oob = unix.UnixRights(fds...)
	}
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var serr error
	err = raw.Write(func(fd uintptr) bool {
		for len(b) > 0 {
			var n int
			n, serr = unix.SendmsgN(int(fd), b, oob, nil, noSignal)
			switch serr {
			case nil:
				b, oob = b[n:], nil
			case unix.EINTR:
			case unix.EAGAIN:
				return false
			default:
				return true
			}
		}
		return true
	})
	if err == nil {
		err = serr
	}
	return err
}

func receiveMessage(f *os.File, b []byte, waits bool) (n int, files []*os.File, err error) {
	raw, err := f.SyscallConn()
	if err != nil {
		return 0, nil, err
	}
	oob := make([]byte, unix.CmsgSpace(4*maxFiles))
	var oobn int
	var rerr error
	err = raw.Read(func(fd uintptr) bool {
		for {
			n, oobn, _, _, rerr = unix.Recvmsg(int(fd), b, oob, closeOnReceive)
			if rerr == unix.EAGAIN && waits { // code of the user's has made it non-blocking
				unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
				continue
			}
			if rerr != unix.EINTR {
				return rerr != unix.EAGAIN
			}
		}
	})
	if err == nil {
		err = rerr
	}
	if err != nil || oobn == 0 {
		return n, nil, err
	}
	msgs, err := unix.ParseSocketControlMessage(oob[:oobn])
	if err != nil {
		return n, nil, err
	}
	for i := range msgs {
		fds, err := unix.ParseUnixRights(&msgs[i])
		if err != nil {
			continue
		}
		for _, fd := range fds {
			unix.CloseOnExec(fd)
			files = append(files, os.NewFile(uintptr(fd), "procpool"))
		}
	}
	return n, files, nil
}

// Map maps shared memory, Unmap ends that.
func Map(f *os.File, size int) ([]byte, error) {
	return unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
}

// Unmap ends what Map began.
func Unmap(mem []byte) { unix.Munmap(mem) }

// signalGroup sends a signal to a child and to whatever it started.
func signalGroup(p *os.Process, sig syscall.Signal) {
	if unix.Kill(-p.Pid, sig) != nil {
		p.Signal(sig)
	}
}

// killGroup kills what a child has started. The child itself has ended and was
// not reaped, so its number is not another's.
func killGroup(pid int) { unix.Kill(-pid, unix.SIGKILL) }

// SignalName is the name of a signal, as SIGKILL.
func SignalName(sig syscall.Signal) string {
	if s := unix.SignalName(sig); s != "" {
		return s
	}
	return strconv.Itoa(int(sig))
}

// outcome tells how a process ended.
func outcome(s *os.ProcessState) (code int, sig syscall.Signal) {
	if ws, ok := s.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return -1, ws.Signal()
	}
	return s.ExitCode(), 0
}

// CPUTime is the CPU time of this process so far, in nanoseconds.
func CPUTime() int64 {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
