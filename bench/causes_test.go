package bench

import (
	"cmp"
	"context"
	"flag"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"amdahl/bench/contract"
	"amdahl/bench/timeline"
	"amdahl/pools"
	"amdahl/workloads"
	"amdahl/workloads/cores"
)

var causes = flag.Bool("causes", false, "plant causes of lost time one by one, measure what is found of each, and what recording costs; with -test.run 'Causes|Cost' -test.v")

// A cause is one reason why a job does not scale, planted alone.
type cause struct {
	name string // of the part that has to show it
	c    Case

	// job makes the planted job of the spin job, pool the pool; nil leaves
	// them as they are.
	job  func(workloads.OpenedJob) workloads.OpenedJob
	pool func(*planter) pools.Strategy

	// loss is the planted loss in ns, of tasks that last tau ns each, in an
	// operation for which paid ns of worker time were paid.
	loss func(p *planter, tau, paid float64) float64
}

// causeTime is for how long each cause is measured.
const causeTime = 2 * time.Second

// A planter counts what a planted job or pool really did, in ns: sleeping
// ends when it ends.
type planter struct{ did atomic.Int64 }

func (p *planter) loss() float64 { return float64(p.did.Swap(0)) }

func (p *planter) sleep(d time.Duration) {
	begin := time.Now()
	time.Sleep(d)
	p.did.Add(int64(time.Since(begin)))
}

// plantings need 8 workers, so most are on slow cores.
func plantings() []cause {
	const p = 8
	slow := cores.SlowBy(cores.Slowdown(2*p, runtime.NumCPU()))
	on := func(m cores.Model, tasks int, serial, locked float64) Case {
		return Case{
			Scaling: Strong, Workload: workloads.Spin, Size: 200, Strategy: pools.Fixed, Serial: serial, Locked: locked,
			Cores: m, Workers: p, Procs: p, Tasks: tasks, OneTasks: tasks,
		}
	}
	few := func(c Case, procs int) Case { c.Procs = procs; return c }
	return []cause{
		{name: "serial", c: on(slow, 160, 0.25, 0), loss: func(_ *planter, tau, _ float64) float64 { return (p - 1) * 40 * tau }},
		// The last of 8 waves has one task of 17 times the length.
		{name: "imbalance", c: on(slow, 64, 0, 0), job: lastIs(17), loss: func(_ *planter, tau, _ float64) float64 { return (p - 1) * 16 * tau }},
		// 240 times the lock, and the last task has 3 parts beside it: T is
		// 243 parts. At the end the workers run out of tasks one by one.
		{name: "lock", c: on(slow, 240, 0, 0.25), loss: func(_ *planter, tau, _ float64) float64 { return (p*243 - 960 - 28) * tau / 4 }},
		{name: "io", c: on(slow, 64, 0, 0), job: waits(10 * time.Millisecond), loss: func(pl *planter, _, _ float64) float64 { return pl.loss() }},
		{name: "dispatch", c: on(slow, 160, 0, 0), pool: late(2 * time.Millisecond), loss: func(pl *planter, _, _ float64) float64 { return pl.loss() }},
		{name: "interpreter", c: few(on(cores.GIL, 400, 0, 0), runtime.NumCPU()), loss: func(_ *planter, tau, _ float64) float64 { return (p - 1) * 400 * tau }},
		{name: "queued", c: few(on(slow, 160, 0, 0), 2), loss: func(_ *planter, tau, _ float64) float64 { return (p - 2) * 80 * tau }},
		// What other programs take of the processors shows in the same part.
		{name: "runnable", c: few(on(cores.Real, 1600, 0, 0), runtime.NumCPU()), loss: func(_ *planter, _, paid float64) float64 {
			return (p - float64(runtime.NumCPU())) / p * paid
		}},
		{name: "inflation", c: on(slow, 160, 0, 0), job: grows, loss: func(_ *planter, tau, _ float64) float64 { return 160 * tau }},
	}
}

// Of each planted cause at least 90 % is found in its own part, and of no
// planted cause more than 5 % in another.
func TestCauses(t *testing.T) {
	if !*causes {
		t.Skip("measures for a minute; -causes")
	}
	t.Logf("%-12s %10s %7s   %s", "cause", "planted/ms", "found", "most in another part")
	for _, k := range plantings() {
		m := measureCause(t, k)
		own, other, most := 0.0, "", 0.0
		for _, c := range contract.Causes {
			switch share := float64(m.parts[c]) / m.planted; {
			case string(c) == k.name:
				own = share
			case c != contract.Useful && share >= most:
				other, most = string(c), share
			}
		}
		t.Logf("%-12s %10.1f %6.1f%%   %.1f%% %s", k.name, m.planted/1e6, 100*own, 100*most, other)
		if own < 0.9 || own > 1.25 || most > 0.05 {
			t.Errorf("%s: found %.3f of the planted loss, and %.3f in %s: want 0.9 to 1.25, and 0.05", k.name, own, most, other)
		}
	}
}

// A plantedRun is one operation with a planted cause.
type plantedRun struct {
	planted float64 // ns
	parts   contract.Parts
}

// measureCause is the quickest of several operations: that which the rest of the
// machine disturbed least.
func measureCause(t *testing.T, k cause) plantedRun {
	ctx := t.Context()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(k.c.gomaxprocs()))
	o := k.c.options()
	spec := workloads.Spec(k.c.Workload, o)
	job, err := workloads.OpenWatched(spec)
	if err != nil {
		t.Fatal(err)
	}
	pl := &planter{}
	if k.job != nil {
		job = k.job(job)
	}
	if w, ok := job.(*waiting); ok {
		w.planter = pl
	}
	a := newRecordedCase(k.c, spec, job)
	defer a.Close()
	each, err := alone(ctx, job, k.c.Tasks)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range each {
		a.alone.Add(one)
	}
	if g, ok := job.(*growing); ok {
		g.grown.Store(true)
	}
	tau := float64(a.alone.CPU) / float64(k.c.Tasks)
	if k.c.Cores.Slowdown > 0 {
		typical := median(each)
		tau = float64(typical.Wall)
	}
	strategy := k.c.Strategy
	if k.pool != nil {
		strategy = k.pool(pl)
	}
	pool, err := strategy.Open(ctx, k.c.Workers, pools.Job{Do: a.job.Do})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	var best plantedRun
	for start := time.Now(); time.Since(start) < causeTime; {
		if _, err := a.beginOperation(ctx, pool); err != nil {
			t.Fatal(err)
		}
		pl.did.Store(0)
		begin := timeline.Now()
		if _, err := operation(ctx, k.c, a.job, pool, k.c.SerialTasks()); err != nil {
			t.Fatal(err)
		}
		if err := a.endOperation(begin, timeline.Now(), networkWaits{}); err != nil {
			t.Fatal(err)
		}
		if paid := a.parts.Sum(); best.parts == nil || paid < best.parts.Sum() {
			best = plantedRun{k.loss(pl, tau, float64(paid)), a.parts}
		}
	}
	return best
}

// lastIs makes the last task, of 64, n times as long.
func lastIs(n int) func(workloads.OpenedJob) workloads.OpenedJob {
	return func(j workloads.OpenedJob) workloads.OpenedJob { return &unequal{j, n} }
}

type unequal struct {
	workloads.OpenedJob
	n int
}

func (j *unequal) Do(ctx context.Context, i int) (sum uint64, err error) {
	n := 1
	if i == 63 {
		n = j.n
	}
	for k := range n {
		var s uint64
		if s, err = j.OpenedJob.Do(ctx, i+k); err != nil {
			return 0, err
		}
		sum += s
	}
	return sum, nil
}

// waits makes each task wait after it has computed.
func waits(d time.Duration) func(workloads.OpenedJob) workloads.OpenedJob {
	return func(j workloads.OpenedJob) workloads.OpenedJob { return &waiting{OpenedJob: j, d: d} }
}

type waiting struct {
	workloads.OpenedJob
	*planter
	d time.Duration
}

func (j *waiting) Do(ctx context.Context, i int) (uint64, error) {
	sum, err := j.OpenedJob.Do(ctx, i)
	j.sleep(j.d)
	return sum, err
}

// grows makes each task twice as long once it runs in parallel.
func grows(j workloads.OpenedJob) workloads.OpenedJob { return &growing{OpenedJob: j} }

type growing struct {
	workloads.OpenedJob
	grown atomic.Bool
}

func (j *growing) Do(ctx context.Context, i int) (uint64, error) {
	sum, err := j.OpenedJob.Do(ctx, i)
	if err == nil && j.grown.Load() {
		_, err = j.OpenedJob.Do(ctx, i)
	}
	return sum, err
}

// late is a pool that takes its time to hand out each task.
func late(d time.Duration) func(*planter) pools.Strategy {
	return func(pl *planter) pools.Strategy {
		return pools.Strategy{Name: "late", Open: func(_ context.Context, workers int, job pools.Job) (pools.Pool, error) {
			return &latePool{pl, workers, job.Do, d}, nil
		}}
	}
}

type latePool struct {
	*planter
	workers int
	do      pools.TaskFunc
	d       time.Duration
}

func (p *latePool) Run(ctx context.Context, lo, hi int) (uint64, error) {
	var next, sum atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, p.workers)
	for w := range p.workers {
		wg.Go(func() {
			for i := lo + int(next.Add(1)) - 1; i < hi && errs[w] == nil; i = lo + int(next.Add(1)) - 1 {
				p.sleep(p.d)
				var s uint64
				s, errs[w] = p.do(ctx, i)
				sum.Add(int64(s))
			}
		})
	}
	wg.Wait()
	return uint64(sum.Load()), cmp.Or(errs...)
}

func (p *latePool) Close() error { return nil }
