package workloads

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"

	"amdahl/workloads/cores"
)

// mostParts bounds how many tasks of a workload make one of a job with a
// planted lock.
const mostParts = 1000

// LockParts says how a planted lock divides a task: into m equal parts, the
// fewest of which a whole number, held, is the share locked of all. A share
// that no m up to 1000 gives is an error.
func LockParts(locked float64) (m, held int, err error) {
	if !(locked >= 0 && locked <= 1) {
		return 0, 0, fmt.Errorf("locked=%v: a fraction from 0 to 1 is needed", locked)
	}
	for m := 1; m <= mostParts; m++ {
		h := math.Round(locked * float64(m))
		if math.Abs(locked*float64(m)-h) < 1e-9 {
			return m, int(h), nil
		}
	}
	return 0, 0, fmt.Errorf("locked=%v: write a fraction with a denominator up to %d, such as 0.1 or 0.025", locked, mostParts)
}

// A lockedJob makes one task of m tasks of a job. The first of them run under
// a lock that all tasks share and that is handed over in the order of
// arrival, the others beside it. Where cores are slow, the debt of a part is
// paid inside the lock, because it is paid inside its compute.
type lockedJob struct {
	Job
	m, held int
	lock    chan struct{} // holds one element while it is held
}

func lockJob(j Job, locked float64) (Job, error) {
	m, held, err := LockParts(locked)
	if err != nil || held == 0 {
		return j, err
	}
	return &lockedJob{Job: j, m: m, held: held, lock: make(chan struct{}, 1)}, nil
}

func (j *lockedJob) Do(ctx context.Context, i int) (uint64, error) {
	if i > math.MaxInt/j.m {
		return 0, errors.New("workloads: the number of the task is too large for a planted lock")
	}
	first := i * j.m
	probe := cores.ProbeOf(ctx)
	probe.Enter(cores.Locked)
	select {
	case j.lock <- struct{}{}:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	probe.Enter(cores.Waiting)
	under, err := j.some(ctx, first, first+j.held)
	<-j.lock
	probe.Enter(cores.Queued)
	runtime.Gosched() // to the one that got the lock, which would else wait for another thread to wake up
	probe.Enter(cores.Waiting)
	if err != nil {
		return 0, err
	}
	beside, err := j.some(ctx, first+j.held, first+j.m)
	return under + beside, err
}

// some runs the tasks [lo, hi) of the job one after another.
func (j *lockedJob) some(ctx context.Context, lo, hi int) (sum uint64, err error) {
	for i := lo; i < hi && err == nil; i++ {
		var n uint64
		n, err = j.Job.Do(ctx, i)
		sum += n
	}
	return sum, err
}

func (j *lockedJob) Counters() map[string]int64 { return counters(j.Job) }
