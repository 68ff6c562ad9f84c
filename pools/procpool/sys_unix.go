//go:build unix

package procpool

import (
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// The descriptors that a worker inherits start here.
const firstFD = 3

// streams makes a pipe whose ends block: one goroutine reads or writes it all
// the time, and the poller would only be in the way.
func streams() (r, w *os.File, err error) {
	var p [2]int
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := syscall.Pipe(p[:]); err != nil {
		return nil, nil, os.NewSyscallError("pipe", err)
	}
	syscall.CloseOnExec(p[0])
	syscall.CloseOnExec(p[1])
	return os.NewFile(uintptr(p[0]), "|0"), os.NewFile(uintptr(p[1]), "|1"), nil
}

// inherit gives the files to a process about to be started: they become
// descriptors 3, 4, …, by which the child finds them.
func inherit(attr *os.ProcAttr, files []*os.File) (names []string) {
	for i, f := range files {
		attr.Files = append(attr.Files, f)
		names = append(names, strconv.Itoa(firstFD+i))
	}
	return names
}

// inherited opens what inherit named, for this process alone.
func inherited(name string) *os.File {
	fd, err := strconv.Atoi(name)
	if err != nil || fd < firstFD {
		return nil
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil {
		return nil
	}
	unix.CloseOnExec(fd)
	return os.NewFile(uintptr(fd), "procpool-"+name)
}

func mapShared(f *os.File, size int) ([]byte, error) {
	return unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
}

func unmapShared(mem []byte) { unix.Munmap(mem) }

// signalGroup sends a signal to a worker and to whatever it started.
func signalGroup(p *os.Process, sig syscall.Signal) {
	if unix.Kill(-p.Pid, sig) != nil {
		p.Signal(sig)
	}
}

func signalName(sig syscall.Signal) string {
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

// cpuTime is the CPU time of this process so far, in nanoseconds.
func cpuTime() int64 {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
