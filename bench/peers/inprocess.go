package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alitto/pond/v2"
	"github.com/gammazero/workerpool"
	"github.com/panjf2000/ants/v2"
	"github.com/sourcegraph/conc/pool"

	"amdahl/pools"
)

const (
	emptyTasks = 100_000
	emptySum   = emptyTasks * (emptyTasks - 1) / 2
)

// inProcess is our strategies and other people's pools of goroutines on empty
// tasks: task i adds i to a sum. Each is used as its own documentation does.
// errgroup is one of our strategies.
func inProcess() []peer {
	var out []peer
	for _, s := range pools.All {
		out = append(out, levels("empty", s.Name, emptyTasks, func(ctx context.Context, p peer) (func(int) (time.Duration, error), func(), error) {
			pl, err := s.Open(ctx, p.workers, pools.Job{Spec: "empty", Do: emptyTask{}.Do})
			if err != nil {
				return nil, nil, err
			}
			op := func(int) error {
				sum, err := pl.Run(ctx, 0, emptyTasks)
				return check(int(sum), emptySum, err)
			}
			return func(n int) (time.Duration, error) { return timed(n, op) }, func() { pl.Close() }, nil
		})...)
	}
	for _, c := range []struct {
		name string
		run  func(workers int, task func(i int)) error
	}{
		{"ants", runAnts}, {"pond", runPond}, {"conc", runConc},
		{"workerpool", runWorkerpool}, {"channel", runChannel}, {"go-statement", runGo},
	} {
		out = append(out, levels("empty", c.name, emptyTasks, func(_ context.Context, p peer) (func(int) (time.Duration, error), func(), error) {
			op := func(int) error {
				var sum atomic.Int64
				err := c.run(p.workers, func(i int) { sum.Add(int64(i)) })
				return check(int(sum.Load()), emptySum, err)
			}
			return func(n int) (time.Duration, error) { return timed(n, op) }, func() {}, nil
		})...)
	}
	return out
}

// levels is a case at one worker and at two, so that it has a speedup.
func levels(op, strategy string, tasks int, open func(context.Context, peer) (func(int) (time.Duration, error), func(), error)) []peer {
	return []peer{{op, strategy, 1, tasks, 0, open}, {op, strategy, 2, tasks, 0, open}}
}

// emptyTask is the work of our own strategies, here and in another process.
type emptyTask struct{}

func (emptyTask) Do(_ context.Context, i int) (uint64, error) { return uint64(i), nil }
func (emptyTask) Counters() map[string]int64                  { return nil }
func (emptyTask) Close() error                                { return nil }

// emptyRole makes it in a worker of the process strategy.
var emptyRole = pools.Role{Name: pools.TaskRole, Tasks: func(context.Context, string) (pools.Task, error) { return emptyTask{}, nil }}

func runAnts(workers int, task func(int)) error {
	p, err := ants.NewPool(workers)
	if err != nil {
		return err
	}
	defer p.Release()
	var wg sync.WaitGroup
	for i := range emptyTasks {
		wg.Add(1)
		if err := p.Submit(func() { task(i); wg.Done() }); err != nil {
			return err
		}
	}
	wg.Wait()
	return nil
}

func runPond(workers int, task func(int)) error {
	p := pond.NewPool(workers)
	for i := range emptyTasks {
		p.Submit(func() { task(i) })
	}
	p.StopAndWait()
	return nil
}

func runConc(workers int, task func(int)) error {
	p := pool.New().WithMaxGoroutines(workers)
	for i := range emptyTasks {
		p.Go(func() { task(i) })
	}
	p.Wait()
	return nil
}

func runWorkerpool(workers int, task func(int)) error {
	p := workerpool.New(workers)
	for i := range emptyTasks {
		p.Submit(func() { task(i) })
	}
	p.StopWait()
	return nil
}

func runChannel(workers int, task func(int)) error {
	ch := make(chan int, 128)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := range ch {
				task(i)
			}
		})
	}
	for i := range emptyTasks {
		ch <- i
	}
	close(ch)
	wg.Wait()
	return nil
}

func runGo(_ int, task func(int)) error {
	var wg sync.WaitGroup
	for i := range emptyTasks {
		wg.Go(func() { task(i) })
	}
	wg.Wait()
	return nil
}
