package bench

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"amdahl/pools"
	"amdahl/workloads"
)

// A Runner measures cases in this process. It opens each workload once and
// keeps it, with the sums that its tasks should give, until Close.
type Runner struct {
	// Child starts helper processes (the HTTP server).
	Child func(ctx context.Context, role, arg string) (string, func() error, error)

	mu   sync.Mutex
	open map[string]*opened
}

// opened is a workload made ready in this process.
type opened struct {
	job     workloads.OpenedJob
	spec    string
	release func() error
	sums    []uint64 // by task, as the plain loop gave them
}

// Run measures one case as a benchmark: an operation is the whole job, the
// serial tasks one by one and then the rest by the strategy. Opening the
// workload, starting the workers and a first task for each of them are not
// timed.
func (r *Runner) Run(ctx context.Context, b *testing.B, c Case) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(c.Procs))
	w, err := r.workload(ctx, c)
	if err != nil {
		b.Fatal(err)
	}
	want, err := w.want(ctx, c)
	if err != nil {
		b.Fatal(err)
	}
	pool, err := c.Strategy.Open(ctx, c.Workers, pools.Job{Spec: w.spec, Do: w.job.Do})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := pool.Close(); err != nil {
			b.Error(err)
		}
	}()
	serial := c.SerialTasks()
	if _, err := pool.Run(ctx, serial, min(serial+c.Workers, c.Tasks)); err != nil {
		b.Fatal(err)
	}
	before, err := used(ctx, pool, w.job)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		got, err := operation(ctx, c, w.job, pool, serial)
		if err != nil {
			b.Fatal(err)
		}
		if got != want {
			b.Fatalf("sum %#x, the plain loop gives %#x: a task was lost, repeated or changed", got, want)
		}
	}
	after, err := used(ctx, pool, w.job)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(c.Tasks), "tasks/op")
	b.ReportMetric(float64(after.CPU-before.CPU)/float64(b.N), "cpu-ns/op")
	for unit, n := range after.Counters {
		b.ReportMetric(float64(n-before.Counters[unit])/float64(b.N), unit+"/op")
	}
}

// operation is what is timed.
func operation(ctx context.Context, c Case, job workloads.OpenedJob, pool pools.Pool, serial int) (uint64, error) {
	var sum uint64
	for i := range serial {
		s, err := job.Do(ctx, i)
		if err != nil {
			return 0, fmt.Errorf("bench: serial task %d: %w", i, err)
		}
		sum += s
	}
	s, err := pool.Run(ctx, serial, c.Tasks)
	return sum + s, err
}

// used is what this process and the pool's workers have used so far.
func used(ctx context.Context, pool pools.Pool, job workloads.OpenedJob) (pools.Usage, error) {
	total := pools.Usage{CPU: cpuTime(), Counters: map[string]int64{}}
	if m, ok := pool.(pools.Metered); ok {
		u, err := m.Usage(ctx)
		if err != nil {
			return total, err
		}
		total.CPU += u.CPU
		for unit, n := range u.Counters {
			total.Counters[unit] += n
		}
	}
	for unit, n := range job.Counters() {
		total.Counters[unit] += n
	}
	return total, nil
}

// workload opens the case's workload, or finds it open.
func (r *Runner) workload(ctx context.Context, c Case) (*opened, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := workloads.Options{Size: c.Size, Seed: c.Seed, Child: r.Child}
	key := workloads.Spec(c.Workload, o)
	if w := r.open[key]; w != nil {
		return w, nil
	}
	w := &opened{release: func() error { return nil }}
	if c.Workload.Prepare != nil {
		release, err := c.Workload.Prepare(ctx, &o)
		if err != nil {
			return nil, err
		}
		w.release = release
	}
	w.spec = workloads.Spec(c.Workload, o)
	job, err := workloads.Open(w.spec)
	if err != nil {
		return nil, errors.Join(err, w.release())
	}
	w.job = job
	if r.open == nil {
		r.open = map[string]*opened{}
	}
	r.open[key] = w
	return w, nil
}

// Close closes every workload that Run opened.
func (r *Runner) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for _, w := range r.open {
		errs = append(errs, w.job.Close(), w.release())
	}
	r.open = nil
	return errors.Join(errs...)
}

// want is the sum of the case's tasks, found by a loop that knows no pool.
// The tasks of work that waits are looped over by several goroutines, each
// with its own stretch, or the truth would take longer than the measuring.
func (w *opened) want(ctx context.Context, c Case) (uint64, error) {
	lanes := 1
	if c.Workload.Bound == workloads.IO {
		lanes = mostWorkers
	}
	first := len(w.sums)
	if c.Tasks > first {
		w.sums = append(w.sums, make([]uint64, c.Tasks-first)...)
		errs := make([]error, lanes)
		var wg sync.WaitGroup
		for lane := range lanes {
			wg.Go(func() {
				for i := first + lane; i < c.Tasks && errs[lane] == nil; i += lanes {
					w.sums[i], errs[lane] = w.job.Do(ctx, i)
				}
			})
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			w.sums = w.sums[:first]
			return 0, err
		}
	}
	var sum uint64
	for _, s := range w.sums[:c.Tasks] {
		sum += s
	}
	return sum, nil
}
