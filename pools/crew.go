package pools

import (
	"context"
	"math/rand/v2"
	"sync"
)

// A schedule prepares one Run of a crew: it says how the lanes get their
// tasks. It returns what each lane does. A lane has a number w from 0 to
// r.lanes−1, and all lanes run at once.
type schedule func(r *run) (lane func(l *lane, w int))

// openCrew opens a pool of long-lived goroutines that wait at a starting gun.
// A Run wakes as many as it has tasks for; the schedule says which tasks each
// of them takes.
func openCrew(name string, plan schedule) func(context.Context, int, Job) (Pool, error) {
	return func(_ context.Context, workers int, job Job) (Pool, error) {
		if err := check(name, workers, job.Do != nil, "Do"); err != nil {
			return nil, err
		}
		p := &crew{name: name, do: job.Do, workers: workers, seed: max(job.Seed, 1), plan: plan, gun: make(chan turn)}
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
	}
}

type crew struct {
	gate
	name         string
	do           TaskFunc
	workers      int
	seed, runs   uint64 // runs counts the Runs so far
	plan         schedule
	gun          chan turn
	ready, alive sync.WaitGroup
}

// A turn is one lane of one Run.
type turn struct {
	*run
	w    int
	body func(l *lane, w int)
}

// work is one worker. A task that calls runtime.Goexit ends the goroutine,
// and another takes its place.
func (p *crew) work() {
	ended := false
	defer func() {
		if ended {
			p.alive.Done()
		} else {
			go p.work()
		}
	}()
	for t := range p.gun {
		t.lane()
	}
	ended = true
}

// lane runs the tasks of one lane.
func (t turn) lane() {
	l := lane{run: t.run}
	defer l.end()
	t.body(&l, t.w)
	l.done = true
}

func (p *crew) Run(ctx context.Context, lo, hi int) (uint64, error) {
	if err := p.enter(p.name); err != nil {
		return 0, err
	}
	defer p.mu.Unlock()
	lanes := max(0, min(p.workers, hi-lo))
	r := newRun(ctx, p.do, lo, hi, lanes)
	r.draw = func() *rand.Rand { return rand.New(rand.NewPCG(p.seed, p.runs)) }
	body := p.plan(r)
	p.runs++
	r.wg.Add(lanes)
	for w := range lanes {
		p.gun <- turn{r, w, body}
	}
	return r.result()
}

func (p *crew) Close() error {
	if p.shut() {
		close(p.gun)
		p.alive.Wait()
	}
	return nil
}
