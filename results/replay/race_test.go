//go:build race

package replay

// randomJobs is how many random jobs are replayed and judged, and networkSizes how many
// workers share the servers of a closed network. The race detector makes replaying slow, and
// there are no goroutines in it; all are replayed without it.
const randomJobs = 4_000

var networkSizes = []int{4, 30}
