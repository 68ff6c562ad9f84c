//go:build !unix

package procpool

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
)

func command() (*exec.Cmd, error) {
	return nil, fmt.Errorf("procpool: worker processes need a Unix: %w on %s", errors.ErrUnsupported, runtime.GOOS)
}

func killGroup(p *os.Process) { p.Kill() }

func inherit(int) (*os.File, error) { return nil, errors.ErrUnsupported }

func cpuTime() int64 { return 0 }
