package rounds

import (
	"os"
	"os/exec"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// ownGroup puts a process into a group of its own. The process dies with this
// one, even if this one is killed. The signal for that is sent when the thread
// that started the process ends (golang.org/issue/27505), so Run stays on one
// thread.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// await waits for a process, and returns when it ended. If watched it polls what
// the process gets of the processors, to the very end: an ended process keeps its
// counters until it is waited for.
func await(cmd *exec.Cmd, watched bool) (at time.Time, w *delayWatch, err error) {
	if !watched {
		err = cmd.Wait()
		return time.Now(), nil, err
	}
	w = newDelayWatch(os.DirFS("/proc"), cmd.Process.Pid)
	ended := make(chan time.Time, 1)
	go func() {
		for {
			err := unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
			if err != unix.EINTR {
				break
			}
		}
		ended <- time.Now()
	}()
	begin := time.Now()
	for running := true; running; {
		select {
		case at = <-ended:
			running = false
		case <-time.After(nextPoll(time.Since(begin))):
		}
		w.poll()
	}
	err = cmd.Wait()
	return at, w, err
}
