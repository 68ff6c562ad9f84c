//go:build !unix && !windows

package child

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Here no process can start another: pools of goroutines are all there is.

const programPath = ""

func processAttr() *syscall.SysProcAttr { return nil }

func (c *Process) plumb(*os.ProcAttr, []*os.File) ([]string, []*os.File, error) {
	return nil, nil, errors.ErrUnsupported
}
func Inherit([]string) (*Control, []*os.File, error) { return nil, nil, errors.ErrUnsupported }

func sendMessage(*os.File, []byte, []*os.File) error { return errors.ErrUnsupported }
func receiveMessage(*os.File, []byte, bool) (int, []*os.File, error) {
	return 0, nil, errors.ErrUnsupported
}

func NewShared(string, int) (*os.File, error)          { return nil, errors.ErrUnsupported }
func Map(*os.File, int) ([]byte, error)                { return nil, errors.ErrUnsupported }
func Unmap([]byte)                                     {}
func SetTitle(string)                                  {}
func signalGroup(p *os.Process, _ syscall.Signal)      { p.Kill() }
func SignalName(sig syscall.Signal) string             { return fmt.Sprint(int(sig)) }
func Resident(int) int64                               { return 0 }
func ProcessCPU(int) (int64, bool)                     { return 0, false }
func killGroup(int)                                    {}
func awaitEnd(int)                                     {}
func endedWell(int) bool                               { return true }
func threadID() int                                    { return 0 }
func resumeForked(int)                                 {}
func outcome(s *os.ProcessState) (int, syscall.Signal) { return s.ExitCode(), 0 }
func CPUTime() int64                                   { return 0 }
