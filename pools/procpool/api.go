package procpool

import (
	"context"
	"errors"
	"iter"
	"slices"
)

// Call runs f(arg) on a worker and waits for the result. If ctx ends first it
// returns its cause, once the task has stopped or, after Options.Grace, its
// worker was killed; a task that has not begun never will.
//
// Errors of f come back as [*RemoteError], panics as [*PanicError]; see
// [*CodecError] and [*WorkerError] for what else may happen to a task.
func Call[A, R any](ctx context.Context, ex Executor, f *Func[A, R], arg A) (R, error) {
	t, local, err := enter(ctx, ex, f, true)
	if err == nil && local == nil {
		err = causeIfDone(ctx)
	}
	if err != nil {
		var none R
		return none, err
	}
	if local != nil {
		return doHere(ctx, local, f, arg)
	}
	if f.arg.form != coded && f.res.form != coded && wellBehaved(ctx) {
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
// task is cancelled. What arg points to must not be changed until the future
// is done.
func Submit[A, R any](ctx context.Context, ex Executor, f *Func[A, R], arg A) *Future[R] {
	t, local, err := enter(ctx, ex, f, false)
	var c *calls[A, R]
	switch {
	case err != nil:
		c = failed(ctx, f, 1, err)
	case local != nil:
		c = fake(ctx, local, f, []A{arg})
	default:
		c = newCall(ctx, t, f, arg)
	}
	fut := newFuture(&c.batch, c.single, c)
	if err == nil && local == nil {
		t.pool.submit(&c.batch)
	}
	return fut
}

// Map runs f on every element of in and returns the results in order. All
// tasks run even if some fail (unless Tuning.FirstError is set); the error is
// then [Errors], and the results of failed tasks are zero. If ctx ends, tasks
// that have not begun never will, and the cause is among the errors.
//
// in must not be changed until Map returns.
func Map[A, R any](ctx context.Context, ex Executor, f *Func[A, R], in []A) ([]R, error) {
	c := startMap(ctx, ex, f, in, true)
	<-c.done
	c.progress.last()
	return c.all()
}

// MapAsync is Map that returns at once. in must not be changed until the
// future is done.
func MapAsync[A, R any](ctx context.Context, ex Executor, f *Func[A, R], in []A) *Future[[]R] {
	c := startMap(ctx, ex, f, in, false)
	return newFuture(&c.batch, c.all, c)
}

// MapSeq is [Map] of a sequence, which is read to its end first. See [Ordered]
// for one that should not be.
func MapSeq[A, R any](ctx context.Context, ex Executor, f *Func[A, R], in iter.Seq[A]) ([]R, error) {
	return Map(ctx, ex, f, slices.Collect(in))
}

func startMap[A, R any](ctx context.Context, ex Executor, f *Func[A, R], in []A, waits bool) *calls[A, R] {
	t, local, err := enter(ctx, ex, f, waits)
	switch {
	case err != nil:
		return failed(ctx, f, len(in), err)
	case local != nil:
		return fake(ctx, local, f, in)
	}
	c := newCalls[A, R](ctx, t, f, in, nil)
	if c.tune.Progress != nil {
		c.batch.progress = newProgress(&c.batch, c.tune.Progress)
	}
	t.pool.submit(&c.batch)
	return c
}

// Broadcast runs f(arg) once on every worker that is there now, and waits. The
// results are in no order. If there is no worker the error is [ErrNobody]:
// those that start later will not have heard it.
func Broadcast[A, R any](ctx context.Context, ex Executor, f *Func[A, R], arg A) ([]R, error) {
	t, local, err := enter(ctx, ex, f, true)
	if err != nil {
		return nil, err
	}
	if local != nil {
		r, err := doHere(ctx, local, f, arg)
		return []R{r}, err
	}
	p := t.pool
	p.mu.Lock()
	err = p.usable()
	p.mu.Unlock()
	workers := p.standing()
	if err == nil && len(workers) == 0 {
		err = ErrNobody
	}
	if err != nil {
		return nil, err
	}
	var cs []*calls[A, R]
	for _, w := range workers {
		c := newCall(ctx, t, f, arg)
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
	var none R
	switch {
	case c.cancelled:
		return none, ErrCancelled
	case c.errs != nil:
		return none, c.errs[0].Err
	}
	return c.oneOut[0], nil
}

// all is the outcome of a Map.
func (c *calls[A, R]) all() ([]R, error) {
	switch {
	case c.cancelled && !errors.Is(c.errs, ErrCancelled):
		return c.out, ErrCancelled // all had finished before they could be stopped
	case c.errs != nil:
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
