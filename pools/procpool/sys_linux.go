package procpool

import "syscall"

// executable still runs when the file was replaced or removed.
func executable() (string, error) { return "/proc/self/exe", nil }

func setDeathSignal(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGKILL }
