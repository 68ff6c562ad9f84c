package rounds

import "syscall"

// ownGroup puts a process into a group of its own. The process dies with this
// one, even if this one is killed. The signal for that is sent when the thread
// that started the process ends (golang.org/issue/27505), so Run stays on one
// thread.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
