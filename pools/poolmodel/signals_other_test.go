//go:build !unix

package poolmodel

import (
	"os"
	"syscall"
)

const (
	sigStop = syscall.Signal(19)
	sigCont = syscall.Signal(18)
)

func kill(pid int, sig syscall.Signal) {
	if p, err := os.FindProcess(pid); err == nil && sig == syscall.SIGKILL {
		p.Kill()
	}
}
