package procpool

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// A Pool is a number of workers and a queue. Its methods may be called from
// many goroutines at once. Whoever starts it ends it, with Close or Terminate;
// the workers of a program that ends without are killed by the kernel (Linux)
// or end because their lifeline does.
type Pool struct {
	opt       Options
	env       []string
	directMax int // bytes; 0 is no direct calls
	launch    launcher
	waiting   atomic.Int64 // frames that wait in queue; changed under mu

	mu       sync.Mutex
	cond     sync.Cond // active or workers went down
	queue    []*batch  // with something to claim
	active   int       // batches not settled
	workers  []*worker // that are not dead
	idle     []*worker // the last to work is first to work again
	most     int       // how many workers there may be
	failures int       // starts that failed in a row, weighted
	closing  bool
	err      error // why nothing runs any more
	past     past  // what dead workers did
	timer    *time.Timer
	wakeAt   time.Time // when timer fires; zero if it does not
	gone     chan struct{}
}

// Start starts a pool, and its workers unless Options.Lazy is set, and
// returns when they are ready. ctx bounds the start only. If a worker cannot
// be started or its initializer fails, those already started are ended and
// the error is returned.
//
// A worker process costs the memory of a Go program, three descriptors and a
// thread, and about a millisecond to start.
func Start(ctx context.Context, o Options) (*Pool, error) {
	o, err := o.normal()
	if err != nil {
		return nil, err
	}
	p := &Pool{opt: o, most: o.Workers, gone: make(chan struct{})}
	p.cond.L = &p.mu
	p.timer = time.AfterFunc(time.Hour, p.tick)
	p.timer.Stop()
	if o.Transport != Goroutines {
		if err := p.prepare(); err != nil {
			return nil, err
		}
	}
	if o.Lazy {
		return p, nil
	}
	p.mu.Lock()
	for range p.most {
		p.addWorker()
	}
	first := append([]*worker(nil), p.workers...)
	p.mu.Unlock()
	for _, w := range first {
		select {
		case <-w.started:
			err = w.startErr
		case <-ctx.Done():
			err = fmt.Errorf("procpool: start: %w", context.Cause(ctx))
		}
		if err != nil {
			p.Terminate()
			return nil, err
		}
	}
	return p, nil
}

func (p *Pool) target() target { return target{p, p.opt.Tuning} }

// addWorker starts one worker in the background. The caller holds p.mu.
func (p *Pool) addWorker() {
	w := &worker{
		p: p, state: starting,
		wake: make(chan struct{}, 1), rwake: make(chan struct{}, 1),
		gone: make(chan struct{}), started: make(chan struct{}), written: make(chan struct{}),
	}
	w.window.Store(1)
	p.workers = append(p.workers, w)
	p.past.Started++
	if p.opt.Transport == Goroutines {
		w.goroutine = true
		go w.here()
		return
	}
	go w.live()
}

// lazily is how many workers could still be started.
func (p *Pool) lazily() int { return max(0, p.most-len(p.workers)) }

// grow starts up to n workers if there are fewer than there may be.
func (p *Pool) grow(n int) (grown int) {
	if p.err != nil {
		return 0
	}
	starting := 0
	for _, w := range p.workers {
		if w.starting() {
			starting++
		}
	}
	for n -= starting; grown < n && p.lazily() > 0; grown++ {
		p.addWorker()
	}
	return grown + starting
}

// replace starts a worker for one that has gone, if one is wanted.
func (p *Pool) replace() {
	switch {
	case p.err != nil:
	case p.opt.Lazy || p.opt.IdleTimeout > 0 || p.closing:
		p.grow(int(p.waiting.Load()))
	default:
		for p.lazily() > 0 {
			p.addWorker()
		}
	}
}

// Resize changes how many workers there may be, at least 1. Workers beyond
// that end when they have finished what they are running; Resize does not
// wait for it.
func (p *Pool) Resize(n int) error {
	if n < 1 || n > maxWorkers {
		return fmt.Errorf("procpool: Resize(%d): want 1 to %d", n, maxWorkers)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil || p.closing {
		return p.usable()
	}
	p.most = n
	staying := 0
	for _, w := range p.workers {
		if w.retiring || w.state == dead {
			continue
		}
		if staying++; staying > n {
			w.retire()
		}
	}
	p.replace()
	return nil
}

func (p *Pool) usable() error {
	if p.err != nil {
		return p.err
	}
	if p.closing {
		return ErrClosed
	}
	return nil
}

// Close takes no more work, waits until everything submitted has finished,
// ends the workers and waits until they are gone. A worker that does not end
// within Options.Grace is killed. It returns the reason if the pool broke
// before; a second call waits and returns the same.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closing = true
	for p.active > 0 || p.occupied() {
		p.cond.Wait()
	}
	for _, w := range p.workers {
		w.retire()
	}
	p.mu.Unlock()
	return p.join()
}

// Shutdown is Close that turns into Terminate when ctx ends.
func (p *Pool) Shutdown(ctx context.Context) error {
	stop := context.AfterFunc(ctx, p.Terminate)
	defer stop()
	return p.Close()
}

// Terminate ends the pool now: everything not finished fails with
// [ErrTerminated], workers get SIGTERM and, after Options.Grace, SIGKILL, and
// it waits until they are gone. It may be called again, and after Close.
func (p *Pool) Terminate() { p.end(ErrTerminated); p.join() }

// Done is closed when the pool has ended and its workers are gone.
func (p *Pool) Done() <-chan struct{} { return p.gone }

// end fails everything and starts ending the workers.
func (p *Pool) end(why error) {
	p.mu.Lock()
	if p.err != nil {
		p.mu.Unlock()
		return
	}
	p.err, p.closing = why, true
	var dropped []flight
	for _, b := range append([]*batch(nil), p.queue...) {
		b.err = why
		dropped = append(dropped, p.unqueue(b)...)
	}
	for _, w := range p.workers {
		for _, b := range w.pinned {
			b.err = why
			dropped = append(dropped, flight{b, span{lo: 0, hi: b.n}})
		}
		w.pinned = nil
		w.terminate(why)
	}
	p.mu.Unlock()
	p.drop(dropped)
}

// occupied reports whether a worker is in the hands of a caller.
func (p *Pool) occupied() bool {
	for _, w := range p.workers {
		if w.state == lent {
			return true
		}
	}
	return false
}

// join waits until all workers are gone.
func (p *Pool) join() error {
	p.mu.Lock()
	for len(p.workers) > 0 || p.active > 0 {
		p.cond.Wait()
	}
	p.timer.Stop()
	select {
	case <-p.gone:
	default:
		close(p.gone)
		p.launch.stop()
	}
	err := p.err
	p.mu.Unlock()
	if err == ErrTerminated {
		return nil
	}
	return err
}

// standing returns the workers that are there.
func (p *Pool) standing() []*worker {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []*worker
	for _, w := range p.workers {
		if !w.retiring && w.state != dead {
			out = append(out, w)
		}
	}
	return out
}
