package procpool

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// A Future is the outcome of work given to a pool by [Submit] or [MapAsync].
// Its methods may be called from many goroutines at once.
type Future[T any] struct {
	b    *batch
	get  func() (T, error) // once b is done
	work interface {
		whenDone(func()) bool
		cancelNow() bool
	}

	mu       sync.Mutex
	callback error
}

func newFuture[T any](b *batch, get func() (T, error), work interface {
	whenDone(func()) bool
	cancelNow() bool
}) *Future[T] {
	return &Future[T]{b: b, get: get, work: work}
}

// Done is closed when the outcome is there.
func (f *Future[T]) Done() <-chan struct{} { return f.b.done }

// Ready reports whether the outcome is there.
func (f *Future[T]) Ready() bool {
	select {
	case <-f.b.done:
		return true
	default:
		return false
	}
}

// Get waits for the outcome. If ctx ends first it returns the cause of that;
// the work goes on, and Get may be called again.
func (f *Future[T]) Get(ctx context.Context) (T, error) {
	needContext(ctx)
	if !f.Ready() {
		var none T
		if err := f.mayWait(ctx); err != nil {
			return none, err
		}
		select {
		case <-f.b.done:
		case <-ctx.Done():
			return none, foreignCause(ctx)
		}
	}
	return f.get()
}

// mayWait refuses to wait in a task of the pool that is waited for.
func (f *Future[T]) mayWait(ctx context.Context) error {
	if f.b.pool.gone == nil {
		return nil
	}
	return f.b.pool.mayWait(ctx)
}

// Poll returns the outcome if it is there; ok is false while it is not.
func (f *Future[T]) Poll() (v T, ok bool, err error) {
	if !f.Ready() {
		return v, false, nil
	}
	v, err = f.get()
	return v, true, err
}

// Err returns the error of the outcome; nil while it is not there, which
// [Future.Ready] and [Future.Poll] tell apart.
func (f *Future[T]) Err() error {
	if !f.Ready() {
		return nil
	}
	_, err := f.get()
	return err
}

// Cancel makes the future fail with [ErrCancelled], whatever its task still
// does, unless its outcome is there already; then it returns false. A task that has not begun never will.
// A running one has its context cancelled, and after Options.Grace its worker
// killed; the future is done when it has stopped.
func (f *Future[T]) Cancel() bool {
	if !f.work.cancelNow() {
		return false
	}
	f.b.pool.cancel(f.b, ErrCancelled)
	return true
}

// Running reports whether a task was given to a worker and the outcome is
// not there. The worker may not have begun it, and it may still be taken back,
// as [Pool.CloseCancel] does.
func (f *Future[T]) Running() bool {
	f.b.pool.mu.Lock()
	defer f.b.pool.mu.Unlock()
	return f.b.running && !f.Ready()
}

// OnDone has call called, in a goroutine of its own, when the outcome is
// there; at once if it is. A panic of call is kept for CallbackErr.
func (f *Future[T]) OnDone(call func()) {
	run := func() {
		go func() {
			defer func() {
				if r := recover(); r != nil {
					f.mu.Lock()
					f.callback = errors.Join(f.callback, aborted(r))
					f.mu.Unlock()
				}
			}()
			call()
		}()
	}
	if !f.work.whenDone(run) {
		run()
	}
}

// CallbackErr returns the panics of functions given to OnDone so far.
func (f *Future[T]) CallbackErr() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.callback
}

// String gives the function and the state: pending, running, cancelled,
// failed or done.
func (f *Future[T]) String() string {
	state := "pending"
	switch {
	case errors.Is(f.Err(), ErrCancelled):
		state = "cancelled"
	case f.Err() != nil:
		state = "failed"
	case f.Ready():
		state = "done"
	case f.Running():
		state = "running"
	}
	return fmt.Sprintf("Future(%s: %s)", f.b.fn.name, state)
}
