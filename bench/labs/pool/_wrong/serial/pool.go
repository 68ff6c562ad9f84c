// Wrong on purpose: one task after the other
// Fails: TestMakespan
package pool

import (
	"context"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	for i := range tasks {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := f(ctx, i); err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}
