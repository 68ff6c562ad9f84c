package replay

import (
	"fmt"
	"math"
	"time"
)

// A Kind is what a worker does at a moment.
type Kind string

// A task consists of these.
const (
	Compute Kind = "compute" // needs a core
	Wait    Kind = "wait"    // I/O: needs nothing, all waits overlap
	Locked  Kind = "locked"  // compute under the one lock that all tasks share; needs a core too
)

// A worker also spends time on these.
const (
	Dispatch        Kind = "dispatch"         // is handed tasks, or waits for its turn to be
	LockWait        Kind = "lock wait"        // waits for the lock
	InterpreterWait Kind = "interpreter wait" // waits for the interpreter lock
	CoreWait        Kind = "core wait"        // could run, but no core is free
)

// A Phase is a stretch of a task. One of no time is as if it were not there.
type Phase struct {
	Kind Kind          // Compute, Wait or Locked
	Time time.Duration // what it takes when nothing is in its way, from 0
}

// A Task is phases, one after another. The lock, the interpreter and the core
// are given up at the end of each phase.
type Task []Phase

// Time is what the task takes alone: the sum of its phases.
func (t Task) Time() time.Duration {
	var sum time.Duration
	for _, p := range t {
		sum += p.Time
	}
	return sum
}

// A Job is one operation of a benchmark. Tasks may share their phases: a job
// is never changed, the edits return a new one.
type Job struct {
	Serial []Task // run one by one before the workers start
	Tasks  []Task // taken by the workers in this order
}

// Equal is a job of equal tasks with the given phases: serial of them run one
// by one, then the workers take the others. A number below 0 is 0. Its serial
// fraction is serial/(serial + tasks), as long as nothing waits for the lock.
func Equal(serial, tasks int, phases ...Phase) Job {
	list := func(n int) []Task {
		out := make([]Task, max(0, n))
		for i := range out {
			out[i] = phases
		}
		return out
	}
	return Job{Serial: list(serial), Tasks: list(tasks)}
}

// longest is the longest time that is counted: 292 years.
const longest = time.Duration(math.MaxInt64)

// check returns the sum of all phases of the job, or why it cannot be run.
func (j Job) check() (time.Duration, error) {
	if len(j.Serial)+len(j.Tasks) == 0 {
		return 0, fmt.Errorf("replay: job: no tasks: give it at least one, serial or not")
	}
	var sum time.Duration
	for n, tasks := range [][]Task{j.Serial, j.Tasks} {
		name := [...]string{"serial task", "task"}[n]
		for i, t := range tasks {
			for k, p := range t {
				switch {
				case p.Kind != Compute && p.Kind != Wait && p.Kind != Locked:
					return 0, fmt.Errorf("replay: %s %d: phase %d: kind %q: it must be %q, %q or %q", name, i, k, p.Kind, Compute, Wait, Locked)
				case p.Time < 0:
					return 0, fmt.Errorf("replay: %s %d: phase %d: %s of %v: a time is 0 or more", name, i, k, p.Kind, p.Time)
				case p.Time > longest-sum:
					return 0, fmt.Errorf("replay: %s %d: phase %d: %s of %v: the times of the job add up to more than 292 years", name, i, k, p.Kind, p.Time)
				}
				sum += p.Time
			}
		}
	}
	return sum, nil
}
