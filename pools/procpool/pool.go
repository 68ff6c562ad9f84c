// Package procpool runs tasks in worker processes: copies of this program,
// started by it, that do nothing else.
//
// A program that wants workers calls [ServeIfWorker] first thing in main (and
// in TestMain) with the roles that a child may have. [Start] then gives a
// pool of workers, [StartHelper] one helper process.
//
// Each worker has three pipes: requests, replies, and a lifeline that carries
// cancellations and whose end, when the parent dies, ends the worker. A task
// costs one round trip: a worker is sent the next task when it has answered
// the last, so uneven tasks balance and no pipe fills up. Standard output and
// input are no part of this: what a child prints is kept (the last 4 KiB) and
// shown if it dies.
package procpool

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Options say what a pool runs. Workers is needed, the rest has defaults.
type Options struct {
	Workers int           // number of processes, at least 1
	Role    string        // a role with Tasks; "" is "tasks"
	Spec    string        // what the role makes its tasks from; at most 1 MiB
	Grace   time.Duration // how long a worker may take to obey a cancel or to exit before it is killed; 0 is 5 s
}

// Usage is what the workers of a pool have used, summed over the workers.
type Usage struct {
	CPU      int64            // CPU time (user and system) in ns
	Counters map[string]int64 // totals of the tasks' counters, by unit
}

func (u *Usage) add(v Usage) {
	u.CPU += v.CPU
	for unit, n := range v.Counters {
		if u.Counters == nil {
			u.Counters = map[string]int64{}
		}
		u.Counters[unit] += n
	}
}

// A Pool is a number of worker processes. Its methods may be called from many
// goroutines; they wait for each other.
type Pool struct {
	opts   Options
	thread thread

	mu      sync.Mutex
	closed  bool
	runs    uint64
	workers []*worker // an entry is nil if its process could not be replaced

	accounts sync.Mutex
	retired  Usage // of the workers that died
}

// A worker is one process of a pool. One goroutine at a time talks to it.
type worker struct {
	*process
	frame    []byte
	counters map[string]int64 // as last told
}

// Start starts the workers and returns when all are ready; the caller closes
// the pool. ctx bounds the start only. Each worker is a process of its own,
// with the memory of a Go program and of the opened task.
func Start(ctx context.Context, o Options) (*Pool, error) {
	if o.Workers < 1 {
		return nil, fmt.Errorf("procpool: workers is %d: need at least 1", o.Workers)
	}
	if o.Role == "" {
		o.Role = Tasks
	}
	if o.Grace == 0 {
		o.Grace = defaultGrace
	}
	if err := mayStart(o.Role, false); err != nil {
		return nil, err
	}
	p := &Pool{opts: o, thread: newThread(), workers: make([]*worker, o.Workers)}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for k := range p.workers {
		wg.Go(func() {
			if _, err := p.worker(ctx, k); err != nil {
				cancel(err) // the first error ends the other starts
			}
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// worker returns worker k, started anew if it is dead.
func (p *Pool) worker(ctx context.Context, k int) (*worker, error) {
	if w := p.workers[k]; w != nil && !w.dead() {
		return w, nil
	}
	p.retire(k)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	proc, err := fork(p.thread, p.opts.Role)
	if err != nil {
		return nil, err
	}
	if _, err := proc.open(ctx, p.opts.Spec); err != nil {
		return nil, err
	}
	p.workers[k] = &worker{process: proc}
	return p.workers[k], nil
}

// retire frees a dead worker and keeps its account. Its counters are those
// of the last Usage: a dead worker tells nothing more.
func (p *Pool) retire(k int) {
	w := p.workers[k]
	if w == nil {
		return
	}
	w.release()
	state := w.cmd.ProcessState
	p.accounts.Lock()
	p.retired.add(Usage{CPU: int64(state.UserTime() + state.SystemTime()), Counters: w.counters})
	p.accounts.Unlock()
	p.workers[k] = nil
}

// Run runs every task of [lo, hi) once, in any order, and returns the sum
// (mod 2^64) of their numbers. The first error ends the Run: no further task
// is sent, the context of the running ones is cancelled, and they are waited
// for. A worker that takes longer than Options.Grace for that is killed.
//
// The error is the text of the task's error with task and process; a
// [*PanicError]; a [*WorkerError] if the worker died, in which case the next
// Run starts another; or the cause of ctx.
func (p *Pool) Run(ctx context.Context, lo, hi int) (sum uint64, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return 0, fmt.Errorf("procpool: Run: %w", ErrClosed)
	}
	p.runs++
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var total atomic.Uint64
	var next atomic.Int64
	next.Store(int64(lo))
	var wg sync.WaitGroup
	for k := range min(p.opts.Workers, hi-lo) {
		wg.Go(func() {
			sum, err := p.runOn(ctx, k, &next, hi)
			if err != nil {
				cancel(err) // the first cause stays
			}
			total.Add(sum)
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return 0, err
	}
	return total.Load(), nil
}

// runOn feeds worker k until there are no tasks or ctx ends.
func (p *Pool) runOn(ctx context.Context, k int, next *atomic.Int64, hi int) (sum uint64, err error) {
	w, err := p.worker(ctx, k)
	if err != nil {
		return 0, err
	}
	run := p.runs
	over, obeyed := make(chan struct{}), make(chan struct{})
	unwatch := context.AfterFunc(ctx, func() {
		defer close(obeyed)
		w.lifeline.Write(appendPair(nil, kindCancel, run, 0)) // fails if it is dead
		select {
		case <-over:
		case <-time.After(p.opts.Grace):
			w.kill()
		}
	})
	defer func() {
		close(over)
		if !unwatch() {
			<-obeyed
		}
	}()
	for ctx.Err() == nil {
		i := next.Add(1) - 1
		if i >= int64(hi) {
			break
		}
		n, err := w.do(run, int(i))
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// do runs one task in the worker.
func (w *worker) do(run uint64, i int) (uint64, error) {
	w.frame = appendPair(w.frame[:0], kindTask, run, uint64(i))
	k, body, err := w.exchange(i, w.frame)
	if err != nil {
		return 0, err
	}
	sum, err := parseReply(w.pid(), i, k, body)
	if errors.Is(err, errCorrupt) {
		return 0, w.failure(i, err.Error())
	}
	return sum, err
}

// Usage asks every worker for its totals since it was started. If ctx ends
// first, the workers that have not answered are killed.
func (p *Pool) Usage(ctx context.Context) (Usage, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return Usage{}, fmt.Errorf("procpool: Usage: %w", ErrClosed)
	}
	var total Usage
	for k, w := range p.workers {
		if w == nil {
			continue
		}
		if w.dead() {
			p.retire(k)
			continue
		}
		u, err := w.usage(ctx)
		if err != nil {
			return Usage{}, err
		}
		total.add(u)
	}
	total.add(p.retired)
	return total, nil
}

func (w *worker) usage(ctx context.Context) (Usage, error) {
	defer context.AfterFunc(ctx, w.kill)()
	k, body, err := w.exchange(-1, appendFrame(nil, kindAsk))
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return Usage{}, err
	}
	u, err := parseUsage(k, body)
	if err != nil {
		return Usage{}, w.failure(-1, err.Error())
	}
	w.counters = u.Counters
	return u, nil
}

// Close asks the workers to close their tasks and exit, kills those that take
// longer than Options.Grace, and returns when all are gone. Its error says
// which did not end well; what a Run has already reported is no part of it.
// A second call does nothing. Close waits for a Run that is under way.
func (p *Pool) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	p.closed = true
	defer close(p.thread)
	errs := make([]error, len(p.workers))
	var wg sync.WaitGroup
	for k, w := range p.workers {
		switch {
		case w == nil:
		case w.dead():
			w.release()
		default:
			wg.Go(func() { errs[k] = w.stop(p.opts.Grace) })
		}
	}
	wg.Wait()
	return errors.Join(errs...)
}
