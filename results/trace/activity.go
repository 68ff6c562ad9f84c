package trace

import (
	"strings"

	"amdahl/bench/contract"
)

// An Activity is what a processor or a goroutine does at a moment.
type Activity uint8

// The activities, in the order in which a legend lists them.
const (
	Running    Activity = iota // the program's code runs
	Collecting                 // it collects garbage, or waits until that is done
	Syscall                    // the operating system works for it
	Runnable                   // it could run, and no processor has taken it
	Blocked                    // it waits for a lock
	Signal                     // it waits for another goroutine: at a channel, a WaitGroup, a Cond
	Outside                    // it waits for the network or for a timer
	Waiting                    // it waits for something else
)

// activityOf is the activity of a goroutine's state, as package gotrace names
// it: "running", "waiting: sync". Go's runtime has the reasons for waiting in
// runtime/traceruntime.go.
func activityOf(state string) Activity {
	switch state {
	case contract.GoRunning:
		return Running
	case contract.GoRunnable:
		return Runnable
	case contract.GoSyscall:
		return Syscall
	}
	reason := strings.TrimPrefix(state, contract.GoWaiting+contract.GoReason)
	switch {
	case strings.HasPrefix(reason, "GC background"), strings.HasPrefix(reason, "GC worker"):
		return Waiting // a goroutine of the runtime that has nothing to do
	case collects(reason) || reason == "wait until GC ends":
		return Collecting
	case strings.HasPrefix(reason, "sync.(*WaitGroup)"), strings.HasPrefix(reason, "sync.(*Cond)"), strings.HasPrefix(reason, "chan "), reason == "select":
		return Signal
	case strings.HasPrefix(reason, "sync"): // a lock; a bare "sync" can be a WaitGroup too
		return Blocked
	case reason == "network" || reason == "sleep":
		return Outside
	}
	return Waiting
}

// collects reports whether a range of the runtime is work on garbage: "GC mark
// assist", "GC incremental sweep", "stop-the-world (…)".
func collects(name string) bool {
	return strings.HasPrefix(name, "GC ") || strings.HasPrefix(name, "stop-the-world")
}

// collector reports whether a goroutine, "g4 runtime.gcBgMarkWorker", is one of
// the runtime that collects garbage.
func collector(goroutine string) bool {
	_, entry, _ := strings.Cut(goroutine, " ")
	switch entry {
	case "runtime.gcBgMarkWorker", "runtime.bgsweep", "runtime.bgscavenge":
		return true
	}
	return false
}
