package pools

import "context"

// Spawn starts a goroutine for every task, all at once. It costs a task a
// goroutine, in time and in memory: fine for a thousand waiting tasks,
// a lesson for a million small ones.
var Spawn = Strategy{
	Name:        "spawn",
	Doc:         "a goroutine per task, all at once, whatever workers says",
	Concurrency: Tasks,
	Sweeps:      []string{"quick", "full"},
	Open:        openSpawn("spawn"),
}

// EventLoop runs tasks as asyncio does: every task is under way at once, all
// waits overlap, and one task at a time computes, from one wait to the next.
// A goroutine stands for each coroutine. Who makes the tasks keeps their
// compute apart (see Strategy.Computes); without that it is [Spawn].
var EventLoop = Strategy{
	Name:        "eventloop",
	Doc:         "every task at once, of which one computes, as in asyncio",
	Concurrency: Tasks,
	Sweeps:      []string{"quick", "full"},
	Computes:    1,
	Open:        openSpawn("eventloop"),
}

func openSpawn(name string) func(context.Context, int, Job) (Pool, error) {
	return func(_ context.Context, workers int, job Job) (Pool, error) {
		if err := check(name, workers, job.Do != nil, "Do"); err != nil {
			return nil, err
		}
		return &spawn{name: name, do: job.Do}, nil
	}
}

type spawn struct {
	gate
	name string
	do   TaskFunc
}

func (p *spawn) Run(ctx context.Context, lo, hi int) (uint64, error) {
	if err := p.enter(p.name); err != nil {
		return 0, err
	}
	defer p.mu.Unlock()
	r := newRun(ctx, p.do, lo, hi, 0)
	for i := lo; i < hi && r.ctx.Err() == nil; i++ {
		r.wg.Add(1)
		go r.only(i, i+1)
	}
	return r.result()
}

func (p *spawn) Close() error {
	p.shut()
	return nil
}
