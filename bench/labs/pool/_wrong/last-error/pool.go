// Wrong on purpose: the last error wins
// Fails: TestError
package pool

import (
	"context"
	"sync"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	var mu sync.Mutex
	var last error
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
					mu.Lock()
					last = err
					mu.Unlock()
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
	return last
}
