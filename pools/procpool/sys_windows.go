package procpool

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
)

const programPath = "" // os.Executable

func streams() (r, w *os.File, err error) { return os.Pipe() }

func processAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// inherit gives the files to a process about to be started: it inherits their
// handles, whose values it is told.
func inherit(attr *os.ProcAttr, files []*os.File) (names []string) {
	for _, f := range files {
		h := syscall.Handle(f.Fd())
		syscall.SetHandleInformation(h, syscall.HANDLE_FLAG_INHERIT, syscall.HANDLE_FLAG_INHERIT)
		attr.Sys.AdditionalInheritedHandles = append(attr.Sys.AdditionalInheritedHandles, h)
		names = append(names, strconv.FormatUint(uint64(h), 10))
	}
	return names
}

func inherited(name string) *os.File {
	h, err := strconv.ParseUint(name, 10, 64)
	if err != nil {
		return nil
	}
	syscall.SetHandleInformation(syscall.Handle(h), syscall.HANDLE_FLAG_INHERIT, 0)
	return os.NewFile(uintptr(h), "procpool-"+name)
}

var errShared = errors.New("procpool: no shared memory on Windows")

func newShared(int) (*os.File, error)             { return nil, errShared }
func mapShared(*os.File, int) ([]byte, error)     { return nil, errShared }
func unmapShared([]byte)                          {}
func signalGroup(p *os.Process, _ syscall.Signal) { p.Kill() }
func signalName(sig syscall.Signal) string        { return fmt.Sprint(int(sig)) }
func resident(int) int64                          { return 0 }
func processCPU(int) (int64, bool)                { return 0, false }

func outcome(s *os.ProcessState) (code int, sig syscall.Signal) { return s.ExitCode(), 0 }

func cpuTime() int64 {
	h, err := syscall.GetCurrentProcess()
	if err != nil {
		return 0
	}
	var created, exited, kernel, user syscall.Filetime
	if syscall.GetProcessTimes(h, &created, &exited, &kernel, &user) != nil {
		return 0
	}
	ticks := func(f syscall.Filetime) int64 { return int64(f.HighDateTime)<<32 | int64(f.LowDateTime) }
	return 100 * (ticks(kernel) + ticks(user))
}

func closeStrays(int) {}

// readable leaves waiting to the reader.
func readable(uintptr, time.Duration) bool { return false }
