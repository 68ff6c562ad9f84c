// Wrong on purpose: it panics in a goroutine
// Fails: TestEveryTask
package pool

import (
	"context"
	"sync"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	var wg sync.WaitGroup
	wg.Go(func() { panic("PASS") })
	wg.Wait()
	return nil
}
