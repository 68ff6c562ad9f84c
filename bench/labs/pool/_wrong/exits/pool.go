// Wrong on purpose: it ends the program with status 0
// Fails: imports
package pool

import (
	"context"
	"os"
)

func Run(ctx context.Context, n, tasks int, f func(ctx context.Context, i int) error) error {
	os.Exit(0)
	return nil
}
