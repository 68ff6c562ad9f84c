package cores

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// GIL runs the compute of a process under one lock, as CPython runs its
// threads: the lock is free while a task waits, and a section that computes
// for longer hands it over at the next Yield or at its end once another has
// wanted it for [SwitchInterval]. Until then it may take the lock again and
// again, past those who wait. Every process has a lock of its own.
//
// Threads under it do not speed compute up, and they do overlap waiting. A
// section that nobody contends costs two uses of a mutex.
//
// Source: CPython, Python/ceval_gil.c and sys.setswitchinterval (default 5 ms).
var GIL = Model{
	Name: "gil",
	Doc:  "one interpreter lock for all compute of a process, as in CPython",
	One:  true,
	Open: func(n int) (Cores, error) {
		if n > 1 {
			n = 0 // the lock is the tighter bound
		}
		return bound(n, &gil{interval: SwitchInterval}), nil
	},
}

// SwitchInterval is how long one that waits for the lock of [GIL] lets the
// holder go on.
const SwitchInterval = 5 * time.Millisecond

type gil struct {
	interval time.Duration
	drop     atomic.Bool // the holder must hand over at the next opportunity

	mu       sync.Mutex
	held     bool
	switches int // times that a waiter got the lock
	waiting  []*waiter
}

type waiter struct {
	wake    chan struct{} // look again; holds one element
	granted bool          // the lock was handed over; guarded by mu
}

func (g *gil) Compute(ctx context.Context, f func()) error {
	if err := g.lock(ctx); err != nil {
		return err
	}
	defer g.unlock()
	f()
	return nil
}

func (g *gil) Yield(context.Context) {
	if !g.drop.Load() {
		return
	}
	g.unlock()
	// The section has begun and cannot be given up, so it waits however long
	// it takes: all ahead of it end or yield.
	_ = g.lock(context.Background())
}

func (g *gil) Close() error { return nil }

func (g *gil) lock(ctx context.Context) error {
	g.mu.Lock()
	if !g.held {
		g.held = true
		g.mu.Unlock()
		return nil
	}
	w := &waiter{wake: make(chan struct{}, 1)}
	g.waiting = append(g.waiting, w)
	timer := time.NewTimer(g.interval)
	defer timer.Stop()
	for {
		seen := g.switches
		g.mu.Unlock()
		select {
		case <-w.wake:
			g.mu.Lock()
		case <-timer.C:
			g.mu.Lock()
			if g.held && g.switches == seen {
				g.drop.Store(true)
			}
			timer.Reset(g.interval)
		case <-ctx.Done():
			g.mu.Lock()
			if !w.granted {
				g.waiting = slices.DeleteFunc(g.waiting, func(o *waiter) bool { return o == w })
				if !g.held {
					g.next() // the wake-up may have been for this one
				}
				g.mu.Unlock()
				return ctx.Err()
			}
		}
		if !w.granted && !g.held {
			g.held, w.granted = true, true
			g.waiting = slices.DeleteFunc(g.waiting, func(o *waiter) bool { return o == w })
			g.switches++
		}
		if w.granted {
			g.mu.Unlock()
			return nil
		}
	}
}

// unlock frees the lock. After a request it hands it over, so that whoever
// unlocks cannot take it again first.
func (g *gil) unlock() {
	g.mu.Lock()
	if g.drop.Load() {
		g.drop.Store(false)
		if len(g.waiting) > 0 {
			w := g.waiting[0]
			g.waiting = g.waiting[1:]
			w.granted = true
			g.switches++
			w.rouse()
			g.mu.Unlock()
			return
		}
	}
	g.held = false
	g.next()
	g.mu.Unlock()
}

// next wakes the first waiter. The caller holds mu.
func (g *gil) next() {
	if len(g.waiting) > 0 {
		g.waiting[0].rouse()
	}
}

// rouse never waits: one that has been told to look will look.
func (w *waiter) rouse() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}
