package procpool

import (
	"context"
	"iter"
)

// Call is [Call].
func (f *Func[A, R]) Call(ctx context.Context, ex Executor, arg A) (R, error) {
	return Call(ctx, ex, f, arg)
}

// Submit is [Submit].
func (f *Func[A, R]) Submit(ctx context.Context, ex Executor, arg A) *Future[R] {
	return Submit(ctx, ex, f, arg)
}

// Map is [Map].
func (f *Func[A, R]) Map(ctx context.Context, ex Executor, in []A) ([]R, error) {
	return Map(ctx, ex, f, in)
}

// MapAsync is [MapAsync].
func (f *Func[A, R]) MapAsync(ctx context.Context, ex Executor, in []A) *Future[[]R] {
	return MapAsync(ctx, ex, f, in)
}

// Ordered is [Ordered].
func (f *Func[A, R]) Ordered(ctx context.Context, ex Executor, in iter.Seq[A]) iter.Seq2[R, error] {
	return Ordered(ctx, ex, f, in)
}

// Unordered is [Unordered].
func (f *Func[A, R]) Unordered(ctx context.Context, ex Executor, in iter.Seq[A]) iter.Seq2[R, error] {
	return Unordered(ctx, ex, f, in)
}

// Broadcast is [Broadcast].
func (f *Func[A, R]) Broadcast(ctx context.Context, ex Executor, arg A) ([]R, error) {
	return Broadcast(ctx, ex, f, arg)
}
