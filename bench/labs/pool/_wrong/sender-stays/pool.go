// Wrong on purpose: after an error the sender of numbers waits for ever
// Fails: TestError
package pool

import (
	"context"
	"sync"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan int)
	go func() {
		for i := range tasks {
			next <- i
		}
		close(next)
	}()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for ctx.Err() == nil {
				i, ok := <-next
				if !ok || ctx.Err() != nil {
					return
				}
				if err := f(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}
