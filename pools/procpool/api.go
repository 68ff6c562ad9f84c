package procpool

import (
	"context"
)

// An Executor is what functions run on: a [Pool], or one with another
// [Tuning], made by [Tune].
type Executor interface{ target() target }

type target struct {
	pool *Pool
	tune Tuning
}

func (t target) target() target { return t }

// Tune returns an executor that runs on the same workers with another
// tuning. It costs nothing. A negative or excessive value is the caller's
// bug: it panics.
func Tune(ex Executor, tune Tuning) Executor {
	if err := tune.check(); err != nil {
		panic(err)
	}
	return target{ex.target().pool, tune}
}

// Call runs f(arg) on a worker and waits for the result. If ctx ends first it
// returns its cause, once the task has stopped or, after Options.Grace, its
// worker was killed; a task that has not begun never will.
//
// Errors of f come back as [*RemoteError], panics as [*PanicError]; see
// [*CodecError] and [*WorkerError] for what else may happen to a task.
func Call[A, R any](ctx context.Context, ex Executor, f *Func[A, R], arg A) (R, error) {
	t := ex.target()
	if f.arg.form != coded && f.res.form != coded {
		if r, c, done, err := direct(ctx, t, f, arg); done {
			return r, err
		} else if c != nil {
			<-c.done
			return c.single()
		}
	}
	c := newCall(ctx, t, f, arg)
	t.pool.submit(&c.batch)
	<-c.done
	return c.single()
}

// Submit gives f(arg) to the workers and returns at once. When ctx ends the
// task is cancelled.
func Submit[A, R any](ctx context.Context, ex Executor, f *Func[A, R], arg A) *Future[R] {
	t := ex.target()
	c := newCall(ctx, t, f, arg)
	fut := newFuture(&c.batch, c.single, func(f func()) bool { return c.whenDone(f) })
	t.pool.submit(&c.batch)
	return fut
}

// Map runs f on every element of in and returns the results in order. All
// tasks run even if some fail (unless Tuning.FirstError is set); the error is
// then [Errors], and the results of failed tasks are zero. If ctx ends, tasks
// that have not begun never will, and the cause is among the errors.
//
// in must not be changed until Map returns.
func Map[A, R any](ctx context.Context, ex Executor, f *Func[A, R], in []A) ([]R, error) {
	c := newCalls[A, R](ctx, ex.target(), f, in, nil)
	c.pool.submit(&c.batch)
	<-c.done
	return c.all()
}

// MapAsync is Map that returns at once. in must not be changed until the
// future is done.
func MapAsync[A, R any](ctx context.Context, ex Executor, f *Func[A, R], in []A) *Future[[]R] {
	c := newCalls[A, R](ctx, ex.target(), f, in, nil)
	fut := newFuture(&c.batch, c.all, func(f func()) bool { return c.whenDone(f) })
	c.pool.submit(&c.batch)
	return fut
}

// Broadcast runs f(arg) once on every worker that is there now, and waits. The
// results are in no order.
func Broadcast[A, R any](ctx context.Context, p *Pool, f *Func[A, R], arg A) ([]R, error) {
	var cs []*calls[A, R]
	for _, w := range p.standing() {
		c := newCall(ctx, target{p, p.opt.Tuning}, f, arg)
		c.pinned = w
		p.submit(&c.batch)
		cs = append(cs, c)
	}
	var out []R
	var errs Errors
	for i, c := range cs {
		<-c.done
		r, err := c.single()
		if err != nil {
			errs = append(errs, &TaskError{Task: i, Err: err})
			continue
		}
		out = append(out, r)
	}
	if errs != nil {
		return out, errs
	}
	return out, nil
}

// single is the outcome of a batch of one.
func (c *calls[A, R]) single() (R, error) {
	if c.errs != nil {
		var none R
		return none, c.errs[0].Err
	}
	return c.oneOut[0], nil
}

// all is the outcome of a Map.
func (c *calls[A, R]) all() ([]R, error) {
	if c.errs != nil {
		return c.out, c.errs
	}
	return c.out, nil
}

// whenDone has f called when the batch is done; false if it is already.
func (c *calls[A, R]) whenDone(f func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.done:
		return false
	default:
	}
	if old := c.onDone; old != nil {
		c.onDone = func() { old(); f() }
	} else {
		c.onDone = f
	}
	return true
}
