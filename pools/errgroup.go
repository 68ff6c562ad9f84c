package pools

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// ErrGroup is what many Go programs do: an errgroup with a limit. It starts a
// goroutine for each task, and while as many run as the limit allows, the one
// that starts them waits. So tasks are handed out as by [Fixed], and each
// costs a goroutine as under [Spawn].
//
// Source: golang.org/x/sync/errgroup, Group.SetLimit.
var ErrGroup = Strategy{
	Name:        "errgroup",
	Doc:         "a goroutine per task, workers of them at a time: errgroup with SetLimit",
	Concurrency: Workers,
	Sweeps:      []string{"schedules"},
	Open: func(_ context.Context, workers int, job Job) (Pool, error) {
		if err := check("errgroup", workers, job.Do != nil, "Do"); err != nil {
			return nil, err
		}
		return &errGroup{do: job.Do, workers: workers}, nil
	},
}

type errGroup struct {
	gate
	do      TaskFunc
	workers int
}

func (p *errGroup) Run(ctx context.Context, lo, hi int) (uint64, error) {
	if err := p.enter("errgroup"); err != nil {
		return 0, err
	}
	defer p.mu.Unlock()
	r := newRun(ctx, p.do, lo, hi, 0)
	var g errgroup.Group
	g.SetLimit(p.workers)
	for i := lo; i < hi && r.ctx.Err() == nil; i++ {
		r.wg.Add(1)
		g.Go(func() error {
			r.only(i, i+1)
			return context.Cause(r.ctx)
		})
	}
	_ = g.Wait() // the run has the first error; a group would lose one of a panic
	return r.result()
}

func (p *errGroup) Close() error {
	p.shut()
	return nil
}
