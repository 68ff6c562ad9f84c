package pools

import "context"

// Serial is the base case: the others are compared with its plain loop. The
// loop runs in a goroutine of its own, one a Run (about a microsecond), so
// that a task that calls runtime.Goexit does not end the caller's.
var Serial = Strategy{
	Name:        "serial",
	Doc:         "one task after another in one goroutine, whatever workers says",
	Concurrency: One,
	Sweeps:      []string{"quick", "full"},
	Open: func(_ context.Context, workers int, job Job) (Pool, error) {
		if err := check("serial", workers, job.Do != nil, "Do"); err != nil {
			return nil, err
		}
		return &serial{do: job.Do}, nil
	},
}

type serial struct {
	gate
	do TaskFunc
}

func (p *serial) Run(ctx context.Context, lo, hi int) (uint64, error) {
	if err := p.enter("serial"); err != nil {
		return 0, err
	}
	defer p.mu.Unlock()
	r := newRun(ctx, p.do, lo, hi, 0)
	r.wg.Add(1)
	go r.only(lo, hi)
	return r.result()
}

func (p *serial) Close() error {
	p.shut()
	return nil
}
