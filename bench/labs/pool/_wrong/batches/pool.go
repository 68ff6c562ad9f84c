// Wrong on purpose: it waits for a batch before it begins the next
// Fails: TestLimit
package pool

import (
	"context"
	"sync"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	for low := 0; low < tasks; low += n {
		var wg sync.WaitGroup
		for i := low; i < min(low+n, tasks); i++ {
			wg.Go(func() { _ = f(ctx, i) })
		}
		wg.Wait()
	}
	return nil
}
