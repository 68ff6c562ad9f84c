package pools

import (
	"context"
	"errors"
	"fmt"
	"time"

	"amdahl/pools/procpool"
	"amdahl/pools/procpool/host"
)

// Process has worker processes, which make their own tasks from Job.Spec in
// the role [TaskRole]. See [procpool] for what a task costs; nothing is
// shared, so no lock and no garbage collector is.
var Process = Strategy{
	Name:        "process",
	Doc:         "worker processes: this program, started again",
	Concurrency: Workers,
	Processes:   true,
	Sweeps:      []string{"first", "quick", "full"},
	Open: func(ctx context.Context, workers int, job Job) (Pool, error) {
		if err := check("process", workers, job.Spec != "", "Spec, from which a process makes its tasks"); err != nil {
			return nil, err
		}
		p, err := procpool.Start(ctx, procpool.Options{
			Workers: workers,
			// A busy machine may keep a worker from a processor for seconds, and one that is
			// replaced takes its counters with it.
			Grace:  10 * time.Second,
			Init:   procpool.Init(openTask, job.Spec),
			Tuning: procpool.Tuning{Chunk: 1, FirstError: true},
		})
		if err != nil {
			return nil, err
		}
		return &processes{p}, nil
	},
}

// A Task is the work of one worker process, opened in that process. Do is
// called by one goroutine at a time, Counters after a Do, Close last.
type Task interface {
	Do(ctx context.Context, i int) (sum uint64, err error)
	Counters() map[string]int64 // running totals by unit; may be nil
	Close() error
}

// A Role is a thing that a child process of this program can be. It has
// exactly one of Tasks and Helper.
type Role struct {
	Name   string
	Tasks  func(ctx context.Context, spec string) (Task, error)                 // makes what a worker runs; called once in each
	Helper func(ctx context.Context, arg string, ready func(line string)) error // anything else: see host.Role
}

// TaskRole is the name of the role that the workers of [Process] have.
const TaskRole = "tasks"

// ServeIfWorker is [host.ServeIfWorker]: call it first thing in main and in
// TestMain.
func ServeIfWorker(roles ...Role) {
	var helpers []host.Role
	for _, r := range roles {
		switch {
		case r.Name == TaskRole && r.Tasks != nil && r.Helper == nil:
			worker.make = r.Tasks
		case r.Tasks == nil && r.Helper != nil:
			helpers = append(helpers, host.Role{Name: r.Name, Helper: r.Helper})
		default:
			panic(fmt.Sprintf("pools: role %q: need exactly one of Tasks (with the name %q) and Helper", r.Name, TaskRole))
		}
	}
	host.ServeIfWorker(helpers...)
}

// StartHelper is [host.StartHelper].
func StartHelper(ctx context.Context, role, arg string) (ready string, stop func() error, err error) {
	return host.StartHelper(ctx, role, arg)
}

// Usage is what the workers of a [Metered] pool have used, summed over the
// workers.
type Usage struct {
	CPU      int64            // CPU time (user and system) in ns
	Counters map[string]int64 // totals of the tasks' counters, by unit
}

type PanicError = procpool.PanicError // a task that panicked, here or in another process

// ErrClosed is wrapped by the error of a Run after Close.
var ErrClosed = procpool.ErrClosed

// ErrGoexit is wrapped by the error of a task that called runtime.Goexit.
var ErrGoexit = procpool.ErrGoexit

// worker is what this process is as a worker.
var worker struct {
	make func(ctx context.Context, spec string) (Task, error)
	task Task
}

var (
	openTask = procpool.Register("pools.open/v1", func(ctx context.Context, spec string) (struct{}, error) {
		if worker.make == nil {
			return struct{}{}, fmt.Errorf("pools: no role %q: give it to ServeIfWorker", TaskRole)
		}
		var err error
		worker.task, err = worker.make(context.WithoutCancel(ctx), spec)
		if err == nil {
			procpool.AtExit(func() { worker.task.Close() })
		}
		return struct{}{}, err
	})
	runTask = procpool.Register("pools.run/v1", func(ctx context.Context, i int) (uint64, error) {
		return worker.task.Do(ctx, i)
	})
	countTasks = procpool.Register("pools.count/v1", func(context.Context, struct{}) (map[string]int64, error) {
		return worker.task.Counters(), nil
	})
)

type processes struct{ pool *procpool.Pool }

func (p *processes) Run(ctx context.Context, lo, hi int) (sum uint64, err error) {
	in := make([]int, max(0, hi-lo))
	for i := range in {
		in[i] = lo + i
	}
	out, err := procpool.Map(ctx, p.pool, runTask, in)
	if err != nil && ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	if err != nil {
		return 0, first(err, lo)
	}
	for _, s := range out {
		sum += s
	}
	return sum, nil
}

// first is the error that a Run returns for those of a Map that began at lo.
func first(err error, lo int) error {
	var errs procpool.Errors
	if !errors.As(err, &errs) {
		return err
	}
	e := errs[0]
	if p, ok := e.Err.(*PanicError); ok {
		p.Task = lo + e.Task
		return p
	}
	if errors.Is(e.Err, ErrClosed) {
		return e.Err
	}
	return fmt.Errorf("task %d: %w", lo+e.Task, e.Err)
}

func (p *processes) Usage(ctx context.Context) (Usage, error) {
	cpu, err := p.pool.CPUTime(ctx)
	if err != nil {
		return Usage{}, err
	}
	each, err := procpool.Broadcast(ctx, p.pool, countTasks, struct{}{})
	u := Usage{CPU: int64(cpu)}
	for _, counters := range each {
		for unit, n := range counters {
			if u.Counters == nil {
				u.Counters = map[string]int64{}
			}
			u.Counters[unit] += n
		}
	}
	return u, err
}

func (p *processes) Close() error { return p.pool.Close() }
