package procpool

import (
	"strings"

	"amdahl/pools/procpool/internal/child"
)

// ErrNoHook is the error of Start in a program that could not serve as its own
// worker.
var ErrNoHook = child.ErrNoHook

// ServeIfWorker makes this program able to start itself as a worker. Call it
// first thing in main and in TestMain. In a normal process it returns at once.
// In a child that this package started it serves the parent and never returns.
func ServeIfWorker() {
	how, isChild := child.Hook()
	child.ProgramID()
	fingerprint()
	if !isChild {
		return
	}
	if rest, helper := strings.CutPrefix(how, "helper "); helper {
		child.Help(rest)
	}
	serve(how)
}
