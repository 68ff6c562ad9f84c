package trace

import (
	"math"
	"time"

	"amdahl/bench/contract"
	"amdahl/results/replay"
)

// Job makes a job of the tasks of an operation, for [replay.Run] on any machine. It
// leaves out what the operation's own workers did to one another.
//
// Compute takes as long as it would with nothing in its way: the CPU time where
// that is known and cores are real, else the time of the stay. Waiting for
// something outside is kept as recorded. Waiting for a core, for the interpreter
// lock or for the lock is left out, because the replay adds it where its own machine
// makes tasks wait. Gaps between states, which are the cost of recording, are left
// out too.
//
// The first share Locked of every task's sections of compute runs under the lock,
// as a benchmark plants it; if that is not a whole number of sections, this share of
// their time does. Waiting between two locked sections becomes compute under the
// lock, because a replay gives the lock up where a phase ends.
//
// The tasks are in the order of their index, in which they are handed out.
func Job(o *contract.Operation) replay.Job {
	var job replay.Job
	for _, t := range o.Tasks {
		task := phases(t, o.Slowdown == 0, o.Locked)
		if t.Serial {
			job.Serial = append(job.Serial, task)
		} else {
			job.Tasks = append(job.Tasks, task)
		}
	}
	return job
}

// phases returns the phases of one task. real reports that cores are real, so that
// the CPU time of compute is used where it is known.
func phases(t contract.Task, real bool, locked float64) replay.Task {
	took := func(s contract.Stay) time.Duration {
		if real && s.CPU >= 0 {
			return min(s.CPU, s.To-s.From)
		}
		return s.To - s.From
	}
	under := underLock(t, locked, took)
	var task replay.Task
	add := func(k replay.Kind, d time.Duration) {
		if n := len(task); n > 0 && task[n-1].Kind == k {
			task[n-1].Time += d
		} else if d > 0 {
			task = append(task, replay.Phase{Kind: k, Time: d})
		}
	}
	for _, s := range t.Stays {
		switch s.State {
		case contract.StateCompute:
			d := took(s)
			first := min(d, under)
			add(replay.Locked, first)
			add(replay.Compute, d-first)
			under -= first
		case contract.StateWait:
			kind := replay.Wait
			if under > 0 && len(task) > 0 && task[len(task)-1].Kind == replay.Locked {
				kind = replay.Locked
			}
			add(kind, s.To-s.From)
		}
	}
	return task
}

// underLock returns how much of a task's compute is under the lock.
func underLock(t contract.Task, locked float64, took func(contract.Stay) time.Duration) time.Duration {
	var sections []time.Duration
	var sum time.Duration
	for _, s := range t.Stays {
		if s.State == contract.StateCompute {
			sections = append(sections, took(s))
			sum += took(s)
		}
	}
	held := locked * float64(len(sections))
	if math.Abs(held-math.Round(held)) > 1e-9 {
		return time.Duration(locked * float64(sum))
	}
	sum = 0
	for _, d := range sections[:int(math.Round(held))] {
		sum += d
	}
	return sum
}
