// Wrong on purpose: n workers, but they wait for each other after each task
// Fails: TestMakespan
package pool

import (
	"context"
	"sync"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	channels := make([]chan int, n)
	var batch, wg sync.WaitGroup
	for w := range channels {
		channels[w] = make(chan int)
		wg.Go(func() {
			for i := range channels[w] {
				_ = f(ctx, i)
				batch.Done()
			}
		})
	}
	for low := 0; low < tasks; low += n {
		for i := low; i < min(low+n, tasks); i++ {
			batch.Add(1)
			channels[i-low] <- i
		}
		batch.Wait()
	}
	for _, c := range channels {
		close(c)
	}
	wg.Wait()
	return nil
}
