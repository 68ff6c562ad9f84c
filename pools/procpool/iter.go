package procpool

import (
	"context"
	"iter"
	"sync"
)

// Ordered runs f on the elements of in and yields the results in their order,
// each as soon as it and those before it are there, even while in keeps the
// next element waiting. It is lazy: nothing happens before the first
// iteration. in runs in a goroutine of its own, no further ahead of the loop
// than Tuning.Window chunks for each worker (4 by default), so in may be
// infinite, and may wait for what the loop body does. Tuning.Chunk is 1 unless
// set; a chunk that is not full is sent when nothing else is under way.
//
// A failed task is an error at its place; the iteration goes on. If in panics
// the results of what it gave before are yielded first. Breaking out of the
// loop, or the end of ctx, cancels what is under way; the cause of ctx is the
// last error. An in that does not return then is left behind until it does.
// Each iteration runs everything again.
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
