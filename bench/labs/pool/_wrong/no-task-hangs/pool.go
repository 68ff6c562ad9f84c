// Wrong on purpose: without a task it waits for ever
// Fails: TestSizes
package pool

import (
	"context"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	next, ended := make(chan int), make(chan bool)
	for range n {
		go func() {
			for i := range next {
				_ = f(ctx, i)
				ended <- true
			}
		}()
	}
	go func() {
		for i := range tasks {
			next <- i
		}
		close(next)
	}()
	for left := tasks; ; {
		<-ended
		if left--; left == 0 {
			return nil
		}
	}
}
