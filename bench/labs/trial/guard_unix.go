//go:build unix

package trial

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// A guard is the user as whom tests run. The zero value is the caller.
type guard struct {
	other    bool
	uid, gid uint32
}

// newGuard finds the user: the named one, else student, else nobody. Only root
// can run a process as somebody else.
func newGuard(name string) (guard, error) {
	if os.Geteuid() != 0 {
		return guard{}, nil
	}
	names := []string{"student", "nobody"}
	if name != "" {
		names = []string{name}
	}
	for _, n := range names {
		u, err := user.Lookup(n)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil || uid == 0 {
			continue
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			continue
		}
		return guard{true, uint32(uid), uint32(gid)}, nil
	}
	return guard{}, fmt.Errorf("no user %v to run tests as, other than root: make one with useradd student", names)
}

// own gives a folder to the user.
func (g guard) own(dir string) error {
	if !g.other {
		return nil
	}
	return os.Chown(dir, int(g.uid), int(g.gid))
}

// restrict makes a command run as the user, in a process group of its own that is killed
// as a whole.
func (g guard) restrict(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if g.other {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: g.uid, Gid: g.gid}
	}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
