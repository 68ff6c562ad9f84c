// Wrong on purpose: a cancel ends Run, and not its tasks
// Fails: TestCancel
package pool

import (
	"context"
	"sync"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	parent := ctx
	ctx, cancel := context.WithCancelCause(ctx)
	next := make(chan int)
	ended := make(chan bool)
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
	go func() {
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
		close(ended)
	}()
	select {
	case <-ended:
		defer cancel(nil)
		return context.Cause(ctx)
	case <-parent.Done():
		return context.Cause(parent)
	}
}
