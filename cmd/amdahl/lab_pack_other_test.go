//go:build !linux

package main

import (
	"os/exec"
	"testing"
)

// cutOff does nothing: network namespaces are Linux's.
func cutOff(*exec.Cmd) {}

func TestPackCutOff(t *testing.T) {
	t.Skip("network namespaces are Linux's: the emulations of platforms, which run on Linux only, have no network there")
}
