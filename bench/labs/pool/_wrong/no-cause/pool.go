// Wrong on purpose: it returns ctx.Err() in place of the cause
// Fails: TestCancel
package pool

import (
	"context"
	"sync"
)

func firstOf(parent, ctx context.Context) error {
	if parent.Err() != nil {
		return parent.Err()
	}
	return context.Cause(ctx)
}

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	parent := ctx
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
	return firstOf(parent, ctx)
}
