//go:build unix

package poolmodel

import "syscall"

const (
	sigStop = syscall.SIGSTOP
	sigCont = syscall.SIGCONT
)

func kill(pid int, sig syscall.Signal) { syscall.Kill(pid, sig) }
