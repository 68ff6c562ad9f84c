// Wrong on purpose: a mutex is held while a task runs
// Fails: TestEveryTask
package pool

import (
	"context"
	"sync"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	var mu sync.Mutex
	var wg sync.WaitGroup
	next := 0
	for range n {
		wg.Go(func() {
			for {
				mu.Lock()
				if next == tasks {
					mu.Unlock()
					return
				}
				_ = f(ctx, next)
				next++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return nil
}
