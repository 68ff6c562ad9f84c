// Wrong on purpose: the first error is read and written without a lock
// Fails: races
package pool

import (
	"context"
	"sync"
)

func result(ctx context.Context, first error) error {
	if first != nil && context.Cause(ctx) == first {
		return first
	}
	return context.Cause(ctx)
}

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	var first error
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(n, tasks) {
		wg.Go(func() {
			for i := range next {
				if ctx.Err() != nil {
					return
				}
				if err := f(ctx, i); err != nil {
					if first == nil {
						first = err
					}
					cancel(err)
				}
			}
		})
	}
send:
	for i := range tasks {
		select {
		case next <- i:
		case <-ctx.Done():
			break send
		}
	}
	close(next)
	wg.Wait()
	return result(ctx, first)
}
