package procpool

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"amdahl/pools/procpool/internal/child"
)

// A Pool is a number of workers and a queue. Its methods may be called from
// many goroutines at once. Whoever starts it ends it, with Close or Terminate;
// the workers of a program that ends without are killed by the kernel (Linux)
// or end because their connection does. A Pool that Start did not make fails
// everything with ErrClosed.
type Pool struct {
	opt      Options
	env      []string
	mayPipe  bool // workers may have pipes where there is no memory for a ring
	initData []byte
	launch   child.Launcher
	waiting  atomic.Int64 // frames that wait in queue; changed under mu
	orphans  atomic.Int64 // goroutines that were abandoned and still run
	events   *eventQueue  // or nil
	allReady chan struct{}
	ended    chan struct{} // closed when err is set
	gone     chan struct{} // nil in a pool that was not started

	mu       sync.Mutex
	cond     sync.Cond     // active or workers went down
	queue    batchList     // with something to claim
	active   int           // batches not settled
	workers  []*worker     // that are not dead
	idle     []*worker     // the last to work is first to work again
	most     int           // how many workers there may be
	killTime time.Duration // see the variable
	readied  int           // workers that became ready
	running  bool          // Start has returned
	closing  bool
	err      error // why nothing runs any more
	endedAt  time.Time
	strays   map[*batch]struct{} // with tasks left to encoders and decoders that do not return
	past     past                // what dead workers did
	timer    *time.Timer
	wakeAt   time.Time     // when timer fires; zero if it does not
	armed    time.Duration // what it was set to

	// Of starts that fail.
	startErr     error // why Start failed
	failures     int   // in a row, for other reasons than a shortage
	retries      int
	failingSince time.Time
	retryAt      time.Time // no worker is started before
}

// Start starts a pool, and its workers unless Options.Lazy is set, and
// returns when they are ready. ctx bounds the start only. If a worker cannot
// be started or its initializer fails, those already started are ended and
// the error is returned; a shortage of descriptors, processes or memory is
// waited out for Options.StartTime.
//
// A worker process costs the memory of a Go program, three descriptors and a
// thread, and about a millisecond to start.
func Start(ctx context.Context, o Options) (*Pool, error) {
	needContext(ctx)
	o, err := o.normal()
	if err != nil {
		return nil, err
	}
	p := &Pool{opt: o, most: o.Workers, killTime: killTime, gone: make(chan struct{}), ended: make(chan struct{}), allReady: make(chan struct{})}
	p.cond.L = &p.mu
	p.timer = time.AfterFunc(time.Hour, p.tick)
	p.timer.Stop()
	if o.OnEvent != nil {
		p.events = newEventQueue(o.OnEvent)
	}
	cancelled := ctx.Done()
	if o.Transport != Goroutines {
		if err := p.prepare(); err != nil {
			return nil, err
		}
		if err := p.encodeInit(cancelled); err != nil {
			return nil, err
		}
	}
	if o.Lazy {
		p.running = true
		return p, nil
	}
	p.mu.Lock()
	for range p.most {
		p.addWorker()
	}
	p.mu.Unlock()
	select {
	case <-p.allReady:
		return p, nil
	case <-p.ended:
		p.mu.Lock()
		err = p.startErr
		p.mu.Unlock()
	case <-cancelled:
		err = fmt.Errorf("procpool: start: %w", foreignCause(ctx))
	}
	p.Terminate()
	return nil, err
}

// ready notes that a worker has started.
func (p *Pool) ready(w *worker) {
	close(w.started)
	p.failures, p.retries, p.failingSince = 0, 0, time.Time{}
	if p.readied++; p.readied == p.opt.Workers && !p.running {
		p.running = true
		close(p.allReady)
	}
}

func (p *Pool) target() target { return target{p, p.opt.Tuning} }

// addWorker starts one worker in the background. The caller holds p.mu.
func (p *Pool) addWorker() {
	p.past.Started++
	w := &worker{
		p: p, state: starting, number: p.past.Started, name: fmt.Sprintf("%s-%d", p.opt.Name, p.past.Started),
		wake: make(chan struct{}, 1), rwake: make(chan struct{}, 1),
		gone: make(chan struct{}), started: make(chan struct{}), written: make(chan struct{}),
	}
	w.window.Store(1)
	p.workers = append(p.workers, w)
	if p.opt.Transport == Goroutines {
		w.goroutine = true
		w.snd = &sender{w: w}
		go labelled(w, "run", w.here)
		return
	}
	go labelled(w, "receive", w.live)
}

// lazily is how many workers could still be started.
func (p *Pool) lazily() int {
	if !p.retryAt.IsZero() {
		return 0
	}
	return max(0, p.most-len(p.workers))
}

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
	case p.opt.Lazy || p.opt.IdleTimeout > 0 && p.running || p.closing:
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
	if err := p.made(); err != nil {
		return err
	}
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
	for _, w := range append([]*worker(nil), p.workers...) {
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

// made reports whether Start made the pool.
func (p *Pool) made() error {
	if p.gone == nil {
		return fmt.Errorf("%w: it was not made by Start", ErrClosed)
	}
	return nil
}

func (p *Pool) usable() error {
	if p.gone == nil {
		return p.made()
	}
	if p.err != nil {
		return p.err
	}
	if p.closing {
		return ErrClosed
	}
	return nil
}
