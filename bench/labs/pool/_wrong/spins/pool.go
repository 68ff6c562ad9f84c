// Wrong on purpose: it looks in a loop whether all tasks have run
// Fails: TestEveryTask
package pool

import (
	"context"
	"runtime"
	"sync/atomic"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	var next, ended atomic.Int64
	for range n {
		go func() {
			for i := int(next.Add(1)) - 1; i < tasks; i = int(next.Add(1)) - 1 {
				_ = f(ctx, i)
				ended.Add(1)
			}
		}()
	}
	for ended.Load() < int64(tasks) {
		runtime.Gosched()
	}
	return nil
}
