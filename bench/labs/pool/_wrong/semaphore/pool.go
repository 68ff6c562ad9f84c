// Wrong on purpose: a goroutine for each task, which waits for a semaphore
// Fails: TestLimit
package pool

import (
	"context"
	"sync"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	places := make(chan bool, n)
	var wg sync.WaitGroup
	for i := range tasks {
		places <- true
		wg.Go(func() {
			_ = f(ctx, i)
			<-places
		})
	}
	wg.Wait()
	return nil
}
