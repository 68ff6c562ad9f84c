//go:build !race

package replay

// randomJobs is how many random jobs are replayed and judged, and networkSizes how many
// workers share the servers of a closed network.
const randomJobs = 20_000

var networkSizes = []int{1, 4, 9, 30}
