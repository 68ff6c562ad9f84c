//go:build !unix

package procpool

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

const (
	sigStop = syscall.Signal(19)
	sigUrg  = syscall.Signal(23)
	sigChld = syscall.Signal(17)
)

func kill(pid int, sig syscall.Signal) error {
	p, err := os.FindProcess(pid)
	if err != nil || sig != syscall.SIGKILL {
		return errors.Join(err, errors.ErrUnsupported)
	}
	return p.Kill()
}

func dup(int) *os.File    { return nil }
func setGroup(*exec.Cmd)  {}
func writeTo(int, []byte) {}
func limitData(uint64)    {}
