// Package gil runs tasks in an interpreter that has one lock, in three ways.
package gil

import (
	"time"

	"lab/interp"
)

// Threads runs the tasks 0 to tasks-1 with n threads of one process: each thread, a
// goroutine, calls p.Run for one task after the other. A thread that is free takes the next task. It
// returns when all tasks have ended.
func Threads(p *interp.Process, n, tasks int) {
	// Your code here.
}

// Processes runs the tasks with n processes, each of which runs one task at a time. Each
// worker, a goroutine, starts a process of its own with m.Process; so all start at the same
// time. A process that is free takes the next task.
func Processes(m *interp.Machine, n, tasks int) {
	// Your code here.
}

// Loop runs the tasks in one thread: an event loop. At most n tasks are under way at a time.
// p.Begin begins a task and does not wait for it; when it has waited, its number comes through
// the channel, and p.Compute does the rest. Tasks begin in the order of their numbers.
func Loop(p *interp.Process, n, tasks int) {
	// Your code here.
}

// Fastest returns how many times faster than one worker n workers can be at most, with any
// number of tasks that each wait and compute for so long. With oneLock only one of them
// computes at a time. compute is above 0.
func Fastest(n int, wait, compute time.Duration, oneLock bool) float64 {
	// Your code here.
	return 0
}
