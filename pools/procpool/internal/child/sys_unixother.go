//go:build unix && !linux

package child

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	programPath    = "" // os.Executable
	closeOnReceive = 0
	noSignal       = 0
)

func processAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func dup2(from, to int) error { return unix.Dup2(from, to) }

// NewShared makes memory that can be shared with a child: a file without a
// name.
func NewShared(_ string, size int) (*os.File, error) {
	f, err := os.CreateTemp("", "procpool")
	if err != nil {
		return nil, err
	}
	os.Remove(f.Name())
	if err := f.Truncate(int64(size)); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// SetTitle names this process where that can be done.
func SetTitle(string) {}

func closeStrays()                 {}
func awaitEnd(int)                 {}
func endedWell(int) bool           { return true }
func threadID() int                { return 0 }
func resumeForked(int)             {}
func Resident(int) int64           { return 0 }
func ProcessCPU(int) (int64, bool) { return 0, false }
