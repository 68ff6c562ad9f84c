//go:build unix && !linux

package procpool

import (
	"os"
	"syscall"
)

func executable() (string, error) { return os.Executable() }

// setDeathSignal does nothing: here the lifeline alone ends the children.
func setDeathSignal(*syscall.SysProcAttr) {}
