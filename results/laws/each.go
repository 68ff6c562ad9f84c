package laws

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"amdahl/results"
)

// AnalyzeEach analyses curves side by side, as many at a time as there are
// processors, and returns an analysis or an error for each, in their order.
// Curves that were not begun when ctx ended get its error.
func AnalyzeEach(ctx context.Context, curves []*results.Curve, o Options) ([]*Analysis, []error) {
	as, errs := make([]*Analysis, len(curves)), make([]error, len(curves))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(curves)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(curves); i = int(next.Add(1)) - 1 {
				if errs[i] = ctx.Err(); errs[i] == nil {
					as[i], errs[i] = Analyze(curves[i], o)
				}
			}
		})
	}
	wg.Wait()
	return as, errs
}
