// Package load makes other work on the machine, for an experiment that measures beside it.
package load

import (
	"fmt"
	"io"
	"os"
	"os/exec"
)

// Arg is the first argument with which a program starts itself as a load.
const Arg = "-load"

// A Process is a load on the machine: the program itself, started once more. Its methods
// must not be called by two goroutines at once.
type Process struct {
	cmd      *exec.Cmd
	lifeline io.Closer
}

// Start starts this program with Arg and args. The program is a load for as long as its
// standard input is open, so a load ends with the program that started it, however that
// ends. The caller must call Stop.
func Start(args ...string) (*Process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("the load: %w", err)
	}
	cmd := exec.Command(self, append([]string{Arg}, args...)...)
	cmd.Stderr = os.Stderr
	lifeline, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("the load: %w", err)
	}
	return &Process{cmd, lifeline}, nil
}

// Stop ends the load and waits for its process. The error is nil if that has ended by
// itself with status 0.
func (p *Process) Stop() error {
	p.lifeline.Close()
	return p.cmd.Wait()
}

// Churn runs this many steps of a xorshift generator (Marsaglia 2003), which computes in
// registers and never gives 0; 100,000 steps are about 0.2 ms.
func Churn(x uint64, steps int) uint64 {
	for range steps {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}
