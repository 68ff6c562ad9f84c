package pools

import "context"

// Toy starts its goroutines anew for each Run.
var Toy = Strategy{
	Name:        "toy",
	Doc:         "goroutines that are started anew for each job",
	Concurrency: Workers,
	Open: func(_ context.Context, workers int, job Job) (Pool, error) {
		if err := check("toy", workers, job.Do != nil, "Do"); err != nil {
			return nil, err
		}
		return &toy{do: job.Do, workers: workers}, nil
	},
}

type toy struct {
	gate
	do      TaskFunc
	workers int
}

func (p *toy) Run(ctx context.Context, lo, hi int) (uint64, error) {
	if err := p.enter("toy"); err != nil {
		return 0, err
	}
	defer p.mu.Unlock()
	lanes := max(0, min(p.workers, hi-lo))
	r := newRun(ctx, p.do, lo, hi, lanes)
	r.wg.Add(lanes)
	for w := range lanes {
		go turn{r, w, func(l *lane, _ int) { l.share() }}.lane()
	}
	return r.result()
}

func (p *toy) Close() error {
	p.shut()
	return nil
}
