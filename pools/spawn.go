package pools

import "context"

// Spawn starts a goroutine for every task, all at once. It costs a task a
// goroutine, in time and in memory: fine for a thousand waiting tasks,
// a lesson for a million small ones.
var Spawn = Strategy{
	Name:        "spawn",
	Doc:         "a goroutine per task, all at once, whatever workers says",
	Concurrency: Tasks,
	Open: func(_ context.Context, workers int, job Job) (Pool, error) {
		if err := check("spawn", workers, job.Do != nil, "Do"); err != nil {
			return nil, err
		}
		return &spawn{do: job.Do}, nil
	},
}

type spawn struct {
	gate
	do TaskFunc
}

func (p *spawn) Run(ctx context.Context, lo, hi int) (uint64, error) {
	if err := p.enter("spawn"); err != nil {
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
