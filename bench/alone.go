package bench

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"amdahl/bench/timeline"
	"amdahl/workloads"
)

// How long, and how often, tasks run one by one to see what each computes
// by itself.
const (
	aloneTime   = time.Second
	alonePasses = 5
)

// aloneOf is what all tasks of a case compute when they run one by one in this
// process, on the same model of cores: the useful compute, measured before the
// case. It is kept for the other cases of the same job.
//
// Tasks run in a shuffled order, in up to five passes over all of them, for a
// second. The median of a task's compute counts, and the median over the tasks for
// those whose turn did not come.
func (r *Runner) aloneOf(ctx context.Context, a *recordedCase) (timeline.Compute, error) {
	c := a.c
	w, o, err := workloads.ParseSpec(a.spec)
	if err != nil {
		return timeline.Compute{}, err
	}
	o.Procs = 0 // one task at a time: how many cores there are does not matter
	key := workloads.Spec(w, o)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.alone[key]) < c.Tasks {
		each, err := alone(ctx, a.job.OpenedJob, c.Tasks)
		if err != nil {
			return timeline.Compute{}, err
		}
		if r.alone == nil {
			r.alone = map[string][]timeline.Compute{}
		}
		r.alone[key] = each
	}
	var total timeline.Compute
	for _, one := range r.alone[key][:c.Tasks] {
		total.Add(one)
	}
	return total, nil
}

// alone is what each of the tasks computes when it runs by itself. The job is
// on watched cores.
func alone(ctx context.Context, job workloads.Job, tasks int) ([]timeline.Compute, error) {
	seen := make([][]timeline.Compute, tasks)
	rec := timeline.NewRecorder(1, alonePasses*tasks)
	order := rand.New(rand.NewPCG(1, 1)).Perm(tasks)
	begin := time.Now()
	for pass := 0; pass < alonePasses && (pass == 0 || time.Since(begin) < aloneTime); pass++ {
		for n, i := range order {
			if n > 0 && time.Since(begin) >= aloneTime {
				break
			}
			if _, err := rec.Do(ctx, i, job.Do); err != nil {
				return nil, fmt.Errorf("bench: task %d by itself: %w", i, err)
			}
		}
		for _, t := range rec.Take().Tasks {
			seen[t.Index] = append(seen[t.Index], t.Compute())
		}
	}
	each := make([]timeline.Compute, tasks)
	var all []timeline.Compute
	for i, s := range seen {
		if len(s) > 0 {
			each[i] = median(s)
			all = append(all, each[i])
		}
	}
	typical := median(all)
	for i, s := range seen {
		if len(s) == 0 {
			each[i] = typical
		}
	}
	return each, nil
}

// median is the median by wall time and that by CPU time, of one or more; the lower
// of two.
func median(of []timeline.Compute) timeline.Compute {
	middle := func(what func(timeline.Compute) time.Duration) time.Duration {
		s := slices.Clone(of)
		slices.SortFunc(s, func(a, b timeline.Compute) int { return cmp.Compare(what(a), what(b)) })
		return what(s[(len(s)-1)/2])
	}
	return timeline.Compute{
		Wall: middle(func(c timeline.Compute) time.Duration { return c.Wall }),
		CPU:  middle(func(c timeline.Compute) time.Duration { return c.CPU }),
	}
}
