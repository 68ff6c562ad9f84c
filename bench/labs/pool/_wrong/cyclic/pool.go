// Wrong on purpose: each worker has every nth task
// Fails: TestOrder
package pool

import (
	"context"
	"sync"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	var wg sync.WaitGroup
	for w := range n {
		wg.Go(func() {
			for i := w; i < tasks; i += n {
				_ = f(ctx, i)
			}
		})
	}
	wg.Wait()
	return nil
}
