package procpool

import (
	"context"
	"iter"
	"sync"
)

// Ordered runs f on the elements of in and yields the results in their order,
// as they come. It is lazy: nothing happens before the first iteration; in is
// pulled from by the goroutine that iterates, no further ahead of it than
// Tuning.Window chunks for each worker (4 by default), so in may be infinite.
// Tuning.Chunk is 1 unless set.
//
// A failed task is an error at its place; the iteration goes on. If in panics
// the results of what it gave before are yielded first. Breaking out of the
// loop, or the end of ctx, cancels what is under way; the cause of ctx is the
// last error. Each iteration runs everything again.
func Ordered[A, R any](ctx context.Context, ex Executor, f *Func[A, R], in iter.Seq[A]) iter.Seq2[R, error] {
	return OrderedErr(ctx, ex, f, sure(in))
}

// Unordered is [Ordered] that yields results as they are ready.
func Unordered[A, R any](ctx context.Context, ex Executor, f *Func[A, R], in iter.Seq[A]) iter.Seq2[R, error] {
	return UnorderedErr(ctx, ex, f, sure(in))
}

// OrderedErr is [Ordered] with an input that can fail. Its first error ends
// the input; it is yielded, as it is, after everything before it.
func OrderedErr[A, R any](ctx context.Context, ex Executor, f *Func[A, R], in iter.Seq2[A, error]) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) { stream(ctx, ex, f, in, true, yield) }
}

// UnorderedErr is [Unordered] with an input that can fail, as in
// [OrderedErr].
func UnorderedErr[A, R any](ctx context.Context, ex Executor, f *Func[A, R], in iter.Seq2[A, error]) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) { stream(ctx, ex, f, in, false, yield) }
}

func sure[A any](in iter.Seq[A]) iter.Seq2[A, error] {
	return func(yield func(A, error) bool) {
		in(func(a A) bool { return yield(a, nil) })
	}
}

// finished collects the chunks that are done, for one goroutine that waits.
type finished[T any] struct {
	mu   sync.Mutex
	done []T
	wake chan struct{}
}

func (q *finished[T]) put(v T) {
	q.mu.Lock()
	q.done = append(q.done, v)
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *finished[T]) take() (v T, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.done) == 0 {
		return v, false
	}
	v = q.done[0]
	var none T
	q.done[0] = none
	q.done = q.done[1:]
	return v, true
}

// stream is one iteration.
func stream[A, R any](ctx context.Context, ex Executor, f *Func[A, R], in iter.Seq2[A, error], ordered bool, yield func(R, error) bool) {
	t := ex.target()
	chunk, window := max(1, t.tune.Chunk), t.tune.Window
	if window == 0 {
		window = 4
	}
	window *= t.pool.size()
	t.tune.Chunk = chunk
	t.tune.Window = 0

	next, stop := iter.Pull2(guard(in))
	defer stop()
	var none R
	var inputErr error
	ended := false
	pull := func() *calls[A, R] {
		var args []A
		for len(args) < chunk && !ended {
			a, err, ok := next()
			switch {
			case !ok:
				ended = true
			case err != nil:
				ended, inputErr = true, err
			default:
				args = append(args, a)
			}
		}
		if len(args) == 0 {
			return nil
		}
		return newCalls[A, R](ctx, t, f, args, nil)
	}

	ready := &finished[*calls[A, R]]{wake: make(chan struct{}, 1)}
	var order []*calls[A, R] // in flight, the oldest first, if ordered
	flying := map[*calls[A, R]]struct{}{}
	defer func() { // a break, or a panic of the loop body
		for c := range flying {
			t.pool.cancel(&c.batch, ErrCancelled)
		}
	}()
	for {
		for !ended && len(flying) < window && ctx.Err() == nil {
			c := pull()
			if c == nil {
				break
			}
			flying[c] = struct{}{}
			if ordered {
				order = append(order, c)
			} else {
				c.onDone = func() { ready.put(c) }
			}
			t.pool.submit(&c.batch)
		}
		if len(flying) == 0 {
			break
		}
		var c *calls[A, R]
		if ordered {
			c = order[0]
			order[0] = nil
			order = order[1:]
			<-c.done
		} else {
			for ok := false; !ok; {
				if c, ok = ready.take(); !ok {
					<-ready.wake
				}
			}
		}
		delete(flying, c)
		if ctx.Err() != nil && c.errs != nil && c.errs[0].Err == context.Cause(ctx) {
			yield(none, context.Cause(ctx))
			return
		}
		if !c.each(yield) {
			return
		}
	}
	if inputErr != nil {
		yield(none, inputErr)
	} else if !ended {
		yield(none, context.Cause(ctx))
	}
}

// each yields the results of a chunk; false means stop.
func (c *calls[A, R]) each(yield func(R, error) bool) bool {
	errs := c.errs
	for i := range c.out {
		r := c.out[i]
		var none R
		c.out[i] = none // the iteration keeps nothing alive
		var err error
		if len(errs) > 0 && errs[0].Task == i {
			err, errs = errs[0].Err, errs[1:]
		}
		if !yield(r, err) {
			return false
		}
	}
	return true
}

// guard makes a panic of an input its error.
func guard[A any](in iter.Seq2[A, error]) iter.Seq2[A, error] {
	return func(yield func(A, error) bool) {
		var err error
		stopped := false
		func() {
			defer func() {
				if r := recover(); r != nil {
					err = aborted(r)
				}
			}()
			in(func(a A, err error) bool {
				stopped = !yield(a, err)
				return !stopped
			})
		}()
		if err != nil && !stopped {
			var none A
			yield(none, err)
		}
	}
}

// size is how many workers there may be.
func (p *Pool) size() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.most
}
