//go:build unix

package rounds

import (
	"os"
	"syscall"
)

// Shell is the command that gives a line to the shell.
func Shell(line string) []string { return []string{"sh", "-c", line} }

// askGroup asks a process and whatever it started to end.
func askGroup(p *os.Process) { syscall.Kill(-p.Pid, syscall.SIGINT) }

// killGroup kills what is left of them. As long as anybody is in a group its
// number is not given anew.
func killGroup(p *os.Process) { syscall.Kill(-p.Pid, syscall.SIGKILL) }

// groupLives says whether anything is left of them.
func groupLives(p *os.Process) bool { return syscall.Kill(-p.Pid, 0) == nil }

// switchesOf is nil if the system gives no account of a process.
func switchesOf(p *os.ProcessState) *switches {
	u, ok := p.SysUsage().(*syscall.Rusage)
	if !ok || u == nil {
		return nil
	}
	return &switches{int64(u.Nvcsw), int64(u.Nivcsw)}
}
