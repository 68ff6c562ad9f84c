// Wrong on purpose: the first task runs twice
// Fails: TestEveryTask
package pool

import (
	"context"
	"sync"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	_ = f(ctx, 0)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(n, tasks) {
		wg.Go(func() {
			for i := range next {
				_ = f(ctx, i)
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
	return nil
}
