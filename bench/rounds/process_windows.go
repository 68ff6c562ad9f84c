package rounds

import (
	"os"
	"syscall"
)

// Shell returns the command that gives a line to the shell.
func Shell(line string) []string { return []string{"cmd", "/C", line} }

func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// A process of another console group cannot be asked, and a group cannot be
// killed: only the process itself is.
func askGroup(p *os.Process)  { p.Kill() }
func killGroup(p *os.Process) { p.Kill() }

func groupLives(*os.Process) bool { return false }

// Windows counts no context switches of a process.
func switchesOf(*os.ProcessState) *switches { return nil }
