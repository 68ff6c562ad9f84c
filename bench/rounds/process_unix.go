//go:build unix

package rounds

import (
	"os"
	"syscall"
)

// Shell returns the command that gives a line to the shell.
func Shell(line string) []string { return []string{"sh", "-c", line} }

// askGroup asks a process and the processes that it started to end.
func askGroup(p *os.Process) { syscall.Kill(-p.Pid, syscall.SIGINT) }

// killGroup kills every process of the group. The system does not reuse the
// number of a group as long as a process is in it.
func killGroup(p *os.Process) { syscall.Kill(-p.Pid, syscall.SIGKILL) }

// groupLives reports whether a process of the group is left.
func groupLives(p *os.Process) bool { return syscall.Kill(-p.Pid, 0) == nil }

// switchesOf returns the context switches of a process, nil if the system does
// not count them.
func switchesOf(p *os.ProcessState) *switches {
	u, ok := p.SysUsage().(*syscall.Rusage)
	if !ok || u == nil {
		return nil
	}
	return &switches{int64(u.Nvcsw), int64(u.Nivcsw)}
}
