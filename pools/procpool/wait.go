package procpool

import (
	"context"
	"fmt"
	"iter"
)

// A Pending is any [Future].
type Pending interface {
	Done() <-chan struct{}
	Ready() bool
	Err() error
	OnDone(func())
}

// WaitAll waits until all are done and returns the first error among them, in
// the order given. If ctx ends first the error is its cause, with how many were
// not done. Futures of several types are given as WaitAll[Pending](ctx, a, b).
func WaitAll[P Pending](ctx context.Context, ps ...P) error {
	for _, err := range AsCompleted(ctx, ps...) {
		if err != nil {
			return err
		}
	}
	for _, p := range ps {
		if err := p.Err(); err != nil {
			return err
		}
	}
	return nil
}

// WaitAny waits until one is done and returns it; one that was done already
// comes first. None given is an error.
func WaitAny[P Pending](ctx context.Context, ps ...P) (P, error) {
	for p, err := range AsCompleted(ctx, ps...) {
		return p, err
	}
	var none P
	return none, fmt.Errorf("procpool: WaitAny of nothing")
}

// WaitFirstError waits until one has failed, or all are done. It returns the
// one that failed and its error; or the zero value and nil.
func WaitFirstError[P Pending](ctx context.Context, ps ...P) (P, error) {
	var none P
	for p, err := range AsCompleted(ctx, ps...) {
		if err != nil {
			return none, err
		}
		if err := p.Err(); err != nil {
			return p, err
		}
	}
	return none, nil
}

// AsCompleted yields each of the futures once, as they are done: those that
// are done already first. If ctx ends before the last, the cause is yielded
// with how many were not done, and that is the end.
func AsCompleted[P Pending](ctx context.Context, ps ...P) iter.Seq2[P, error] {
	needContext(ctx)
	return func(yield func(P, error) bool) {
		seen := map[<-chan struct{}]bool{}
		var later []P
		ready := &finished[P]{wake: make(chan struct{}, 1)}
		total := 0
		for _, p := range ps {
			if seen[p.Done()] {
				continue
			}
			seen[p.Done()] = true
			total++
			if p.Ready() {
				if !yield(p, nil) {
					return
				}
				continue
			}
			later = append(later, p)
		}
		left := len(later)
		if left > 0 {
			if w, ok := any(later[0]).(interface{ mayWait(context.Context) error }); ok {
				if err := w.mayWait(ctx); err != nil {
					var none P
					yield(none, err)
					return
				}
			}
		}
		for _, p := range later {
			p.OnDone(func() { ready.put(p) })
		}
		later = nil
		for left > 0 {
			p, ok := ready.take()
			if ok {
				left--
				if !yield(p, nil) {
					return
				}
				continue
			}
			select {
			case <-ready.wake:
			case <-ctx.Done():
				var none P
				yield(none, fmt.Errorf("procpool: %d of %d futures not done: %w", left, total, foreignCause(ctx)))
				return
			}
		}
	}
}
