package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"testing"

	"amdahl/bench/contract"
	"amdahl/bench/timeline"
	"amdahl/pools"
	"amdahl/pools/remote"
	"amdahl/workloads"
)

// A Runner measures cases in this process. It opens each workload once and
// keeps it, with the sums that its tasks should give, until Close.
type Runner struct {
	// Child starts helper processes (the HTTP server).
	Child func(ctx context.Context, role, arg string) (string, func() error, error)

	// Seed is that of strategies that leave something to chance; 0 is 1.
	Seed uint64

	// Perf counts instructions and cycles; nil counts none.
	Perf Meter

	// Why adds to each case where its p·T(p) went, in metrics named after
	// [contract.Causes], as in useful-ns/op.
	Why bool
	// Timeline is a file for the last operation of each case, in the format of
	// [timeline.Writer]; "" is none. Every task is then recorded, as with Why.
	Timeline string

	// Remote is how remote workers are reached; the zero value starts them on
	// this machine. Config gets the configuration lines about them; nil gets none.
	Remote remote.Options
	Config io.Writer

	hubs map[remote.Link]*remote.Hub // with their nodes, by their emulated link

	mu    sync.Mutex
	works map[string]*work               // by their spec on real cores
	jobs  map[string]workloads.OpenedJob // by their spec
	alone map[string][]timeline.Compute  // what each task computes by itself, by spec
	trace *trace
}

// A work is what the cases of one workload share, whatever they run on.
type work struct {
	prepared  workloads.Options // with what all processes share
	release   func() error
	reference workloads.OpenedJob // on real cores
	sums      []uint64            // by task, as a plain loop over reference gave them
}

// Run measures one case as a benchmark: an operation is the whole job, the
// serial tasks one by one and then the rest by the strategy. Opening the
// workload, starting the workers and a first task for each of them are not
// timed.
func (r *Runner) Run(ctx context.Context, b *testing.B, c Case) {
	if err := c.Check(); err != nil {
		b.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(c.gomaxprocs()))
	spec, job, want, err := r.open(ctx, c)
	if err != nil {
		b.Fatal(err)
	}
	var a *recordedCase
	if r.Why || r.Timeline != "" {
		if a, err = r.openRecorded(ctx, c, spec); err != nil {
			b.Fatal(err)
		}
		defer func() {
			if err := a.Close(); err != nil {
				b.Error(err)
			}
		}()
		spec, job = a.spec, a.job
	}
	pool, err := r.start(ctx, c, pools.Job{Spec: spec, Do: job.Do, Seed: r.Seed})
	if errors.Is(err, remote.ErrLink) { // the other cases of the round are as good as ever
		b.Skip(err)
	}
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
	var u pools.Usage
	if a != nil {
		u, err = a.measure(ctx, b, pool, want)
	} else {
		u, err = measure(ctx, b, c, job, pool, want)
	}
	if err != nil {
		b.Fatal(err)
	}
	// Counters come first: a node names its own, and none takes the place of a metric of ours.
	for unit, n := range u.Counters {
		b.ReportMetric(float64(n)/float64(b.N), unit+"/op")
	}
	r.reportRemote(b, pool)
	b.ReportMetric(float64(c.Tasks), contract.UnitTasks)
	b.ReportMetric(float64(u.CPU)/float64(b.N), contract.UnitCPU)
	if a != nil {
		if err := r.report(b, a); err != nil {
			b.Fatal(err)
		}
	}
}

// measure runs operations, checks their sums and returns what they used.
func measure(ctx context.Context, b *testing.B, c Case, job workloads.OpenedJob, pool pools.Pool, want uint64) (pools.Usage, error) {
	before, err := used(ctx, pool, job)
	if err != nil {
		return pools.Usage{}, err
	}
	for b.Loop() {
		got, err := operation(ctx, c, job, pool, c.SerialTasks())
		if err != nil {
			return pools.Usage{}, err
		}
		if got != want {
			return pools.Usage{}, wrongSum(got, want)
		}
	}
	after, err := used(ctx, pool, job)
	return since(before, after), err
}

func wrongSum(got, want uint64) error {
	return fmt.Errorf("sum %#x, the plain loop gives %#x: a task was lost, repeated or changed", got, want)
}

// since is what was used from one reading to the next.
func since(before, after pools.Usage) pools.Usage {
	u := pools.Usage{CPU: after.CPU - before.CPU, Counters: map[string]int64{}}
	for unit, n := range after.Counters {
		u.Counters[unit] = n - before.Counters[unit]
	}
	return u
}

// operation runs the serial tasks one by one, then the rest by the pool: it is
// what is timed.
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

// open opens the case's workload on the case's cores, or finds it open, and
// returns the sum that its tasks should give.
func (r *Runner) open(ctx context.Context, c Case) (spec string, job workloads.OpenedJob, want uint64, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w, err := r.work(ctx, c)
	if err != nil {
		return "", nil, 0, err
	}
	if want, err = w.want(ctx, c); err != nil {
		return "", nil, 0, err
	}
	o, own := w.prepared, c.options()
	o.CoresName, o.Procs = own.CoresName, own.Procs
	spec = workloads.Spec(c.Workload, o)
	if r.jobs[spec] == nil {
		job, err := workloads.Open(spec)
		if err != nil {
			return "", nil, 0, err
		}
		if r.jobs == nil {
			r.jobs = map[string]workloads.OpenedJob{}
		}
		r.jobs[spec] = job
	}
	return spec, r.jobs[spec], want, nil
}

// work prepares what the cases of one workload share, or finds it.
func (r *Runner) work(ctx context.Context, c Case) (*work, error) {
	o := c.options()
	o.Child, o.CoresName, o.Procs = r.Child, "", 0
	key := workloads.Spec(c.Workload, o)
	if w := r.works[key]; w != nil {
		return w, nil
	}
	release, err := c.Workload.Prepare(ctx, &o)
	if err != nil {
		return nil, err
	}
	w := &work{release: release, prepared: o}
	if w.reference, err = workloads.Open(workloads.Spec(c.Workload, o)); err != nil {
		return nil, errors.Join(err, w.release())
	}
	if r.works == nil {
		r.works = map[string]*work{}
	}
	r.works[key] = w
	return w, nil
}

// Close closes every workload that Run opened.
func (r *Runner) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for _, j := range r.jobs {
		errs = append(errs, j.Close())
	}
	for _, w := range r.works {
		errs = append(errs, w.reference.Close(), w.release())
	}
	for _, h := range r.hubs {
		errs = append(errs, h.Close())
	}
	errs = append(errs, r.trace.Close())
	r.jobs, r.works, r.trace, r.hubs = nil, nil, nil, nil
	return errors.Join(errs...)
}

// want returns the sum of the case's tasks, computed by a loop that uses no pool.
// The tasks of work that waits are looped over by several goroutines, each
// with its own stretch, or this would take longer than the measuring.
func (w *work) want(ctx context.Context, c Case) (uint64, error) {
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
					w.sums[i], errs[lane] = w.reference.Do(ctx, i)
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
