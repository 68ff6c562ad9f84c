package child

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"
)

const programPath = "" // os.Executable

func processAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// plumb makes the control pipe of a child, which goes one way, and gives it
// the files: it inherits their handles, whose values it is told.
func (c *Process) plumb(attr *os.ProcAttr, files []*os.File) (names []string, theirs []*os.File, err error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	c.control = &Control{f: w}
	for _, f := range append([]*os.File{r}, files...) {
		h := syscall.Handle(f.Fd())
		syscall.SetHandleInformation(h, syscall.HANDLE_FLAG_INHERIT, syscall.HANDLE_FLAG_INHERIT)
		attr.Sys.AdditionalInheritedHandles = append(attr.Sys.AdditionalInheritedHandles, h)
		names = append(names, strconv.FormatUint(uint64(h), 10))
	}
	return names, []*os.File{r}, nil
}

// Inherit takes what plumb gave to this process.
func Inherit(names []string) (*Control, []*os.File, error) {
	var files []*os.File
	for _, name := range names {
		h, err := strconv.ParseUint(name, 10, 64)
		if err != nil {
			return nil, nil, err
		}
		syscall.SetHandleInformation(syscall.Handle(h), syscall.HANDLE_FLAG_INHERIT, 0)
		files = append(files, os.NewFile(uintptr(h), "procpool-"+name))
	}
	if len(files) == 0 {
		return nil, nil, errors.New("no handles")
	}
	return &Control{f: files[0]}, files[1:], nil
}

func sendMessage(f *os.File, b []byte, files []*os.File) error {
	if len(files) > 0 {
		return errors.ErrUnsupported
	}
	_, err := f.Write(b)
	return err
}

func receiveMessage(f *os.File, b []byte, _ bool) (int, []*os.File, error) {
	n, err := f.Read(b)
	return n, nil, err
}

var errShared = errors.New("procpool: no shared memory on Windows")

func NewShared(string, int) (*os.File, error)     { return nil, errShared }
func Map(*os.File, int) ([]byte, error)           { return nil, errShared }
func Unmap([]byte)                                {}
func SetTitle(string)                             {}
func signalGroup(p *os.Process, _ syscall.Signal) { p.Kill() }
func SignalName(sig syscall.Signal) string        { return fmt.Sprint(int(sig)) }
func Resident(int) int64                          { return 0 }
func ProcessCPU(int) (int64, bool)                { return 0, false }
func killGroup(int)                               {}
func awaitEnd(int)                                {}
func endedWell(int) bool                          { return true }
func threadID() int                               { return 0 }
func resumeForked(int)                            {}

func outcome(s *os.ProcessState) (code int, sig syscall.Signal) { return s.ExitCode(), 0 }

// CPUTime is the CPU time of this process so far, in nanoseconds.
func CPUTime() int64 {
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
