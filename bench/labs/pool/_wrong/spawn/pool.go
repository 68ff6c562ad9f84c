// Wrong on purpose: a goroutine for each task, all at once
// Fails: TestLimit
package pool

import (
	"context"
	"sync"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	var wg sync.WaitGroup
	for i := range tasks {
		wg.Go(func() { _ = f(ctx, i) })
	}
	wg.Wait()
	return nil
}
