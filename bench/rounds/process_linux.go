package rounds

import "syscall"

// ownGroup puts a process into a group of its own, which dies with this
// process even if that is killed. The parent death signal follows the thread
// that started the process (golang.org/issue/27505): Run keeps to one.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
