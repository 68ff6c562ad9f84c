// Wrong on purpose: the counter of tasks is read and written without a lock
// Fails: TestEveryTask
package pool

import (
	"context"
	"sync"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	next := 0
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for {
				i := next
				next++
				if i >= tasks {
					return
				}
				_ = f(ctx, i)
			}
		})
	}
	wg.Wait()
	return nil
}
