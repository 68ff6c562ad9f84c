// Wrong on purpose: the channel of numbers is a package-level variable
// Fails: TestEveryTask
package pool

import (
	"context"
)

var numbers, ended = make(chan int), make(chan bool)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	for range n {
		go func() {
			for i := range numbers {
				_ = f(ctx, i)
				ended <- true
			}
		}()
	}
	go func() {
		for i := range tasks {
			numbers <- i
		}
	}()
	for range tasks {
		<-ended
	}
	return nil
}
