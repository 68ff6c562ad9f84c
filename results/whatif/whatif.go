// Package whatif asks what would be if a recorded run had been another: its
// tasks are replayed for any number of workers, as they were recorded and as
// they would be.
//
//  1. [Record] makes a [Recording] of operations of one series: the tasks of
//     one of them, the machine that it ran on, and the times of all.
//  2. A [Question] says what to change.
//  3. [Ask] replays both and makes an [Answer], which [Answer.Sentence] sums up.
//
// A replay knows what package replay knows: tasks, locks, cores and the cost of
// handing out. Caches, memory and the clock of a processor are as they were
// when the tasks were recorded.
//
// Work, span and burdened span bound what any number of workers can give.
// Sources: Graham, SIAM J. Appl. Math. 17(2), 1969; Brent, JACM 21(2), 1974; He,
// Leiserson & Leiserson, The Cilkview Scalability Analyzer, SPAA 2010.
package whatif

import (
	"fmt"
	"slices"
	"time"

	"amdahl/results/replay"
	"amdahl/results/words"
)

// A Question says what to change in a recorded run. The zero value changes
// nothing. The changes to the tasks are made in the order of the fields.
type Question struct {
	NoLock   bool     // what was done under the lock is done without it
	NoSerial bool     // the workers take the serial tasks too, before the others
	Compute  *float64 // compute, under the lock or not, takes so many times as long, from 0; nil is as recorded
	Wait     *float64 // waiting takes so many times as long, from 0; nil is as recorded
	Split    int      // every parallel task is cut into so many; 0 is as recorded
	Merge    int      // so many parallel tasks in a row become one; 0 is as recorded

	Chunk       int            // tasks that are handed out at once; 0 is 1, as recorded
	Dispatch    *time.Duration // cost of a hand-out, from 0; nil is as recorded
	Interpreter *bool          // all compute needs one interpreter lock, or none; nil is as recorded
	Processes   bool           // every worker has an interpreter lock of its own
	EventLoop   bool           // one task at a time computes, and workers are tasks under way
	Cores       int            // that compute runs on; 0 is as recorded
}

// A Refusal is the error for a question that makes no sense, or that would
// change nothing in what was recorded.
type Refusal struct {
	What string // that was asked, as behind "what if"
	Why  string
}

func (r *Refusal) Error() string { return "what if " + r.What + ": " + r.Why }

// Asks says whether the question changes anything.
func (q Question) Asks() bool { return q != Question{} }

// String is the question without its "what if": "the lock were gone and there
// were 4 cores". It is "" if nothing is asked.
func (q Question) String() string {
	var all []string
	for _, p := range []struct {
		asked bool
		text  string
	}{
		{q.NoLock, noLock},
		{q.NoSerial, noSerial},
		{q.Compute != nil, scaled("compute", q.Compute)},
		{q.Wait != nil, scaled("waiting", q.Wait)},
		{q.Split > 0, cut(q.Split)},
		{q.Merge > 0, merged(q.Merge)},
		{q.Chunk > 0, fmt.Sprintf("tasks were handed out %d at a time", q.Chunk)},
		{q.Dispatch != nil, handed(q.Dispatch)},
		{q.Interpreter != nil, interpreter(q.Interpreter)},
		{q.Processes, processes},
		{q.EventLoop, eventLoop},
		{q.Cores > 0, cores(q.Cores)},
	} {
		if p.asked {
			all = append(all, p.text)
		}
	}
	return words.List(all)
}

const (
	noLock    = "the lock were gone"
	noSerial  = "the serial section were parallel"
	processes = "every worker were a process of its own"
	eventLoop = "one event loop ran all tasks"
)

func scaled(what string, factor *float64) string {
	switch {
	case factor == nil:
		return ""
	case *factor == 0:
		return what + " took no time"
	case *factor == 0.5:
		return what + " took half as long"
	}
	return fmt.Sprintf("%s took %s times as long", what, words.Number(*factor))
}

func cut(k int) string    { return fmt.Sprintf("every task were cut into %d", k) }
func merged(k int) string { return fmt.Sprintf("every %d tasks in a row were one", k) }

func handed(d *time.Duration) string {
	if d == nil {
		return ""
	}
	if *d == 0 {
		return "handing out cost nothing"
	}
	return fmt.Sprintf("handing out cost %v", *d)
}

func interpreter(there *bool) string {
	if there != nil && *there {
		return "all compute needed one interpreter lock"
	}
	return "the interpreter lock were gone"
}

func cores(n int) string { return "there were " + words.Count(n, "core") }

// mostTasks is how many tasks a job may be cut into.
const mostTasks = 10_000_000

// change returns the recorded job and machine as the question changes them. The
// error is a [Refusal].
func (q Question) change(r *Recording) (replay.Job, replay.Machine, error) {
	j, err := q.tasks(r.Job)
	if err != nil {
		return j, r.Machine, err
	}
	m, err := q.machine(r.Machine)
	return j, m, err
}

// tasks returns the job as the question changes it.
func (q Question) tasks(j replay.Job) (replay.Job, error) {
	if q.NoLock {
		if !has(j, replay.Locked) {
			return j, &Refusal{noLock, "no task was recorded under one"}
		}
		j = j.WithoutLock()
	}
	if q.NoSerial {
		if len(j.Serial) == 0 {
			return j, &Refusal{noSerial, "no serial task was recorded"}
		}
		j = j.WithoutSerial()
	}
	for _, s := range []struct {
		what   string
		factor *float64
		kinds  []replay.Kind
	}{
		{"compute", q.Compute, []replay.Kind{replay.Compute, replay.Locked}},
		{"waiting", q.Wait, []replay.Kind{replay.Wait}},
	} {
		if s.factor == nil {
			continue
		}
		there := false
		for _, k := range s.kinds {
			there = there || has(j, k)
			var err error
			if j, err = j.Scale(k, *s.factor); err != nil {
				return j, &Refusal{scaled(s.what, s.factor), err.Error()}
			}
		}
		if !there {
			return j, &Refusal{scaled(s.what, s.factor), "none was recorded"}
		}
	}
	switch {
	case q.Split > 0 && q.Merge > 0:
		return j, &Refusal{cut(q.Split) + " and " + merged(q.Merge), "tasks are cut or put together: choose one"}
	case q.Split > max(1, mostTasks/max(1, len(j.Tasks))):
		return j, &Refusal{cut(q.Split), fmt.Sprintf("of %d tasks more than %d would become: cut them into fewer", len(j.Tasks), mostTasks)}
	}
	return j.Split(q.Split).Merge(q.Merge), nil
}

// machine returns m as the question changes it.
func (q Question) machine(m replay.Machine) (replay.Machine, error) {
	if q.Chunk > 0 {
		m.Chunk = q.Chunk
	}
	if q.Dispatch != nil {
		m.Dispatch = *q.Dispatch
	}
	if q.EventLoop {
		if q.Interpreter != nil || q.Processes || q.Cores > 0 {
			return m, &Refusal{q.String(), "an event loop is one core and nothing else: ask for it without --gil, --processes and --cores"}
		}
		m.Cores, m.Interpreter, m.Processes = 1, false, false
		return m, nil
	}
	if there := q.Interpreter; there != nil {
		switch {
		case *there && m.Interpreter:
			return m, &Refusal{interpreter(there), "it was recorded so"}
		case !*there && !m.Interpreter:
			return m, &Refusal{interpreter(there), "it was recorded without one; one is known from cores=gil in the name of the case"}
		}
		m.Interpreter = *there
	}
	if q.Processes {
		switch {
		case m.Interpreter && m.Processes:
			return m, &Refusal{processes, "it was recorded so"}
		case !m.Interpreter:
			return m, &Refusal{processes, "that changes something only where there is an interpreter lock: add --gil"}
		}
		m.Processes = true
	}
	if q.Cores > 0 {
		if m.Interpreter && !m.Processes {
			return m, &Refusal{cores(q.Cores), "one interpreter lock lets one worker compute, on however many: add --processes or --gil=false"}
		}
		m.Cores = q.Cores
	}
	return m, nil
}

// has says whether any task has a phase of the kind that takes time.
func has(j replay.Job, k replay.Kind) bool {
	lasts := func(p replay.Phase) bool { return p.Kind == k && p.Time > 0 }
	task := func(t replay.Task) bool { return slices.ContainsFunc(t, lasts) }
	return slices.ContainsFunc(j.Serial, task) || slices.ContainsFunc(j.Tasks, task)
}
