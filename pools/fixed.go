package pools

import (
	"context"
	"sync"
)

// Fixed has long-lived goroutines that wait at a starting gun. A Run wakes as
// many as it has tasks for; they take the tasks in chunks that fit the length
// of a task, so that a short one costs a few nanoseconds and long ones are
// handed out singly.
var Fixed = Strategy{
	Name:        "fixed",
	Doc:         "a fixed pool of goroutines, started beforehand",
	Concurrency: Workers,
	Open: func(_ context.Context, workers int, job Job) (Pool, error) {
		if err := check("fixed", workers, job.Do != nil, "Do"); err != nil {
			return nil, err
		}
		p := &fixed{do: job.Do, workers: workers, gun: make(chan *run)}
		p.ready.Add(workers)
		p.alive.Add(workers)
		for range workers {
			go func() {
				p.ready.Done()
				p.work()
			}()
		}
		p.ready.Wait()
		return p, nil
	},
}

type fixed struct {
	gate
	do           TaskFunc
	workers      int
	gun          chan *run
	ready, alive sync.WaitGroup
}

// work is one worker. A task that calls runtime.Goexit ends the goroutine,
// and another takes its place.
func (p *fixed) work() {
	ended := false
	defer func() {
		if ended {
			p.alive.Done()
		} else {
			go p.work()
		}
	}()
	for r := range p.gun {
		r.share()
	}
	ended = true
}

func (p *fixed) Run(ctx context.Context, lo, hi int) (uint64, error) {
	if err := p.enter("fixed"); err != nil {
		return 0, err
	}
	defer p.mu.Unlock()
	lanes := max(0, min(p.workers, hi-lo))
	r := newRun(ctx, p.do, lo, hi, lanes)
	r.wg.Add(lanes)
	for range lanes {
		p.gun <- r
	}
	return r.result()
}

func (p *fixed) Close() error {
	if p.shut() {
		close(p.gun)
		p.alive.Wait()
	}
	return nil
}
