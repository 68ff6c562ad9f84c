// Wrong on purpose: the tasks never see that another one failed
// Fails: TestError
package pool

import (
	"context"
	"sync"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	failed := make(chan bool)
	var once sync.Once
	var first error
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(n, tasks) {
		wg.Go(func() {
			for i := range next {
				select {
				case <-failed:
					return
				default:
				}
				if err := f(ctx, i); err != nil {
					once.Do(func() { first = err; close(failed) })
				}
			}
		})
	}
send:
	for i := range tasks {
		select {
		case next <- i:
		case <-failed:
			break send
		}
	}
	close(next)
	wg.Wait()
	return first
}
