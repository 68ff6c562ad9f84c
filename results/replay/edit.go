package replay

import (
	"fmt"
	"math"
	"time"
)

// WithoutLock is the job with every locked phase as plain compute: what if
// the lock were gone?
func (j Job) WithoutLock() Job {
	return j.each(func(p Phase) Phase {
		if p.Kind == Locked {
			p.Kind = Compute
		}
		return p
	})
}

// WithoutSerial is the job with its serial tasks taken by the workers, before
// the others: what if the serial section were parallel?
func (j Job) WithoutSerial() Job {
	return Job{Tasks: append(append([]Task(nil), j.Serial...), j.Tasks...)}
}

// Scale is the job with every phase of a kind, of serial tasks too, factor
// times as long, rounded to nanoseconds: what if waiting took half as long
// (0.5), or nothing (0)? The error says that the kind is none of a phase, that
// the factor is not a number from 0, or that a time does not fit.
func (j Job) Scale(kind Kind, factor float64) (Job, error) {
	if kind != Compute && kind != Wait && kind != Locked {
		return Job{}, fmt.Errorf("replay: scale: kind %q: it must be %q, %q or %q", kind, Compute, Wait, Locked)
	}
	if !(factor >= 0) || math.IsInf(factor, 1) {
		return Job{}, fmt.Errorf("replay: scale: %s by %v: a number from 0 is needed", kind, factor)
	}
	var err error
	out := j.each(func(p Phase) Phase {
		if p.Kind != kind {
			return p
		}
		scaled := math.Round(float64(p.Time) * factor)
		if scaled >= math.MaxInt64 {
			err = fmt.Errorf("replay: scale: %s of %v by %v: more than 292 years", kind, p.Time, factor)
			return p
		}
		p.Time = time.Duration(scaled)
		return p
	})
	if err != nil {
		return Job{}, err
	}
	return out, nil
}

// Split is the job with each parallel task cut into k tasks, every phase into
// k shares that add up to it: what if the tasks were half as long and twice
// as many? k below 1 is 1.
func (j Job) Split(k int) Job {
	if k <= 1 {
		return j
	}
	out := Job{Serial: j.Serial, Tasks: make([]Task, 0, len(j.Tasks)*k)}
	for _, t := range j.Tasks {
		phases := make([]Phase, 0, len(t)*k)
		for i := range k {
			for _, p := range t {
				part := p.Time / time.Duration(k)
				if time.Duration(i) < p.Time%time.Duration(k) {
					part++
				}
				phases = append(phases, Phase{p.Kind, part})
			}
			out.Tasks = append(out.Tasks, phases[i*len(t):(i+1)*len(t):(i+1)*len(t)])
		}
	}
	return out
}

// Merge is the job with each k parallel tasks in a row made one, the last
// perhaps of fewer. The phases follow each other as they were. k below 1 is 1.
func (j Job) Merge(k int) Job {
	if k <= 1 {
		return j
	}
	out := Job{Serial: j.Serial}
	for lo := 0; lo < len(j.Tasks); {
		hi := lo + min(k, len(j.Tasks)-lo)
		var t Task
		for _, part := range j.Tasks[lo:hi] {
			t = append(t, part...)
		}
		out.Tasks = append(out.Tasks, t)
		lo = hi
	}
	return out
}

// each is the job with f applied to every phase.
func (j Job) each(f func(Phase) Phase) Job {
	list := func(tasks []Task) []Task {
		out := make([]Task, len(tasks))
		for i, t := range tasks {
			out[i] = make(Task, len(t))
			for k, p := range t {
				out[i][k] = f(p)
			}
		}
		return out
	}
	return Job{Serial: list(j.Serial), Tasks: list(j.Tasks)}
}
