package procpool

import (
	"context"
	"fmt"
)

// An Executor is what functions run on: a [Pool], or one with another
// [Tuning], made by [Tune]. A test can bring its own: all functions of this
// package then call Do for each task.
//
//	fake := procpool.ExecutorFunc(func(ctx context.Context, function string, arg any) (any, error) {
//		return 42, nil
//	})
type Executor interface {
	// Do runs the registered function of this name on an argument and waits
	// for its result. It is called from many goroutines at once.
	Do(ctx context.Context, function string, arg any) (result any, err error)
}

// An ExecutorFunc is an [Executor] that is a function, for tests.
type ExecutorFunc func(ctx context.Context, function string, arg any) (any, error)

// Do calls f.
func (f ExecutorFunc) Do(ctx context.Context, function string, arg any) (any, error) {
	return f(ctx, function, arg)
}

type target struct {
	pool *Pool
	tune Tuning
}

// targetOf returns the pool of an executor, if it has one.
func targetOf(ex Executor) (t target, ok bool) {
	switch e := ex.(type) {
	case *Pool:
		return e.target(), true
	case target:
		return e, true
	}
	return target{}, false
}

// Do runs the registered function of this name: for callers that know it only
// then. [Call] is faster, and checks the types before it runs.
func (p *Pool) Do(ctx context.Context, function string, arg any) (any, error) {
	return p.target().Do(ctx, function, arg)
}

func (t target) Do(ctx context.Context, function string, arg any) (any, error) {
	functions.RLock()
	f := functions.byName[function]
	functions.RUnlock()
	if f == nil {
		return nil, fmt.Errorf("%w: %q is not registered here", ErrUnknownFunc, function)
	}
	return f.do(ctx, t, arg)
}

// Tune returns an executor that runs on the same workers with what is set in
// tune in place of what ex says. It costs nothing. A value that makes no sense
// is the caller's bug: it panics. An executor that is not a pool stays as it
// is.
func Tune(ex Executor, tune Tuning) Executor {
	if err := tune.check(); err != nil {
		panic(err)
	}
	t, ok := targetOf(ex)
	if !ok {
		return ex
	}
	return target{t.pool, t.tune.amended(tune)}
}

// enter checks what a call begins with, before anything is locked. local is
// not nil if the executor is the user's own. waits says that the caller will
// wait for the outcome.
func enter[A, R any](ctx context.Context, ex Executor, f *Func[A, R], waits bool) (t target, local Executor, err error) {
	needContext(ctx)
	if f == nil || f.call == nil {
		panic("procpool: the function was not made by Register")
	}
	if ex == nil {
		panic("procpool: there is no executor: give the call a *Pool")
	}
	t, ok := targetOf(ex)
	if !ok {
		return t, ex, nil
	}
	if t.pool == nil {
		panic("procpool: the pool is nil: did Start return an error?")
	}
	if err := t.pool.made(); err != nil {
		return t, nil, err
	}
	if waits {
		err = t.pool.mayWait(ctx)
	}
	return t, nil, err
}

// doHere runs one task on an executor of the user's.
func doHere[A, R any](ctx context.Context, ex Executor, f *Func[A, R], arg A) (r R, err error) {
	got, err := ex.Do(ctx, f.name, arg)
	if err != nil {
		return r, err
	}
	if got == nil {
		return r, nil
	}
	r, ok := got.(R)
	if !ok {
		return r, fmt.Errorf("procpool: the executor returned %T for function %s, which returns %s", got, f.name, f.res.name)
	}
	return r, nil
}

// failed is a batch that has failed before it began.
func failed[A, R any](ctx context.Context, f *Func[A, R], n int, err error) *calls[A, R] {
	p := &Pool{}
	p.cond.L = &p.mu
	c := newCalls(ctx, target{pool: p}, f, make([]A, n), make([]R, n))
	c.fail(0, max(1, n), err)
	c.finish()
	return c
}

// fake is a batch that an executor of the user's runs, each task in a
// goroutine of its own.
func fake[A, R any](ctx context.Context, ex Executor, f *Func[A, R], in []A) *calls[A, R] {
	p := &Pool{}
	p.cond.L = &p.mu
	c := newCalls[A, R](ctx, target{pool: p}, f, in, nil)
	if len(in) == 1 {
		c.out = c.oneOut[:]
	}
	if len(in) == 0 {
		c.finish()
		return c
	}
	p.active++
	for i := range in {
		go func() {
			err := ErrGoexit
			defer func() {
				if err != nil {
					c.fail(i, i+1, err)
				}
				p.settled(&c.batch, 1)
			}()
			r, derr := guarded(func() (R, error) { return doHere(ctx, ex, f, in[i]) })
			if err = derr; err == nil {
				c.out[i] = r
			}
		}()
	}
	return c
}
