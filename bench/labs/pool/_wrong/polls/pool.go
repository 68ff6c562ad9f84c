// Wrong on purpose: a worker that finds no number looks again later
// Fails: TestMakespan
package pool

import (
	"context"
	"sync"
	"time"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	next := make(chan int, 1)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for {
				select {
				case i, ok := <-next:
					if !ok {
						return
					}
					_ = f(ctx, i)
				default:
					time.Sleep(time.Millisecond)
				}
			}
		})
	}
	for i := range tasks {
		next <- i
	}
	close(next)
	wg.Wait()
	return nil
}
