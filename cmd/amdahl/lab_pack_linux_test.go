package main

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// cutOff makes a command run in a network namespace of its own, in which there is no
// network, not even the loopback. Only root can make one; else the command runs with the
// network, and TestPackCutOff says so.
func cutOff(cmd *exec.Cmd) {
	if os.Geteuid() == 0 && canCutOff() {
		cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	}
}

// canCutOff reports whether a namespace can be made: a container may forbid it.
func canCutOff() bool {
	cmd := exec.Command("true")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	return cmd.Run() == nil
}

// The emulations of the platforms have no network.
func TestPackCutOff(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("not root: the emulations of platforms run with the network, because only root can cut it off")
	}
	if !canCutOff() {
		t.Skip("this container allows no network namespaces: the emulations of platforms run with the network")
	}
	out, err := script(t, t.TempDir(), bare(), "cat", "/proc/net/dev")
	if err != nil {
		t.Fatal(err, out)
	}
	for line := range strings.Lines(out) {
		if name, _, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) != "lo" {
			t.Errorf("a script sees the network device %s", name)
		}
	}
}
