// Package pool is a fixed worker pool.
package pool

import (
	"context"
	"sync"
)

// Run calls f(ctx, i) once for each i from 0 to tasks-1, with n workers.
func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(n, tasks) {
		wg.Go(func() {
			for i := range next {
				if ctx.Err() != nil {
					return
				}
				if err := f(ctx, i); err != nil {
					cancel(err) // the first cause stays
				}
			}
		})
	}
send:
	for i := range tasks {
		select {
		case next <- i:
		case <-ctx.Done():
			break send
		}
	}
	close(next)
	wg.Wait()
	return context.Cause(ctx)
}
