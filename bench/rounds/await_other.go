//go:build !linux

package rounds

import (
	"os/exec"
	"time"
)

// await waits for a process, and returns when it ended. This system does not count
// what a process gets of the processors.
func await(cmd *exec.Cmd, watched bool) (at time.Time, w *delayWatch, err error) {
	err = cmd.Wait()
	return time.Now(), nil, err
}
