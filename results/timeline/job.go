package timeline

import (
	"time"

	"amdahl/results/replay"
)

// Job is what the operation did, without what its own workers did to one
// another: for [replay.Run] on any machine.
//
// Compute takes as long as it does when nothing is in its way: the CPU time
// where it is known and cores are real, else the time of the stay. Waiting for
// something outside is kept as it was. Waiting for a core, for the interpreter
// lock or for the lock is left out: replaying brings it back, if it must be.
// So are gaps between states, which are the cost of recording.
//
// Under the lock is the first share Locked of the compute of every task.
// Waiting inside of it is not under the lock in the replay.
//
// The tasks are in the order of their index, in which they are handed out.
func (o *Operation) Job() replay.Job {
	var job replay.Job
	for _, t := range o.Tasks {
		task := t.phases(o.Slowdown == 0, o.Locked)
		if t.Serial {
			job.Serial = append(job.Serial, task)
		} else {
			job.Tasks = append(job.Tasks, task)
		}
	}
	return job
}

// phases are those of one task; real says that CPU time is the better time.
func (t Task) phases(real bool, locked float64) replay.Task {
	took := func(s Stay) time.Duration {
		if real && s.CPU >= 0 {
			return min(s.CPU, s.To-s.From)
		}
		return s.To - s.From
	}
	var compute time.Duration
	for _, s := range t.Stays {
		if s.State == Compute {
			compute += took(s)
		}
	}
	under := time.Duration(locked * float64(compute))
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
		case Compute:
			d := took(s)
			first := min(d, under)
			add(replay.Locked, first)
			add(replay.Compute, d-first)
			under -= first
		case Wait:
			add(replay.Wait, s.To-s.From)
		}
	}
	return task
}
