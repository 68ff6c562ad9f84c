package workloads

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Skews are the distributions of task lengths, by name; the first is the
// default, and the mean of each is the length that the size gives.
//
//	equal        all alike
//	ramp         rising from 0 to twice the mean over each 320 tasks, then anew
//	exponential  P(X > x) = e^(−x): independent tasks without memory
//	bimodal      one in ten is ten times as long as the others
//	heavy        bounded Pareto, α = 1.5, at most 100 times the mean: few tasks are most of the work
//
// The lengths follow from the seed and the number of the task alone. Those of
// ramp do not depend on the seed.
//
// Source for heavy: M. E. Crovella, M. Harchol-Balter, C. D. Murta, Task
// assignment in a distributed system: improving performance by unbalancing
// load, SIGMETRICS 1998.
var Skews = []string{"equal", "ramp", "exponential", "bimodal", "heavy"}

const (
	rampTasks  = 320 // a multiple of the workers that are measured
	heavyAlpha = 1.5
	heavyMost  = 100
	// heavyLeast makes the mean 1:
	// least^α/(1 − (least/most)^α) · α/(α−1) · (least^(1−α) − most^(1−α)) = 1.
	heavyLeast = 0.3543571591950942
)

// checkSkew returns the name of a distribution as options have it: "" for equal
// lengths.
func (w Workload) checkSkew(o Options) (string, error) {
	switch {
	case o.Skew == "" || o.Skew == Skews[0]:
		return "", nil
	case !slices.Contains(Skews, o.Skew):
		return "", fmt.Errorf("unknown skew %q: want one of %s", o.Skew, strings.Join(Skews, ", "))
	case !w.Skewed:
		var can []string
		for _, x := range All {
			if x.Skewed {
				can = append(can, x.Name)
			}
		}
		return "", fmt.Errorf("skew=%s: all its tasks are of one size: choose a workload whose tasks can differ (%s)", o.Skew, strings.Join(can, ", "))
	case o.Locked > 0:
		return "", fmt.Errorf("skew=%s and locked=%v: a lock is a share of equal tasks: plant one of the two", o.Skew, o.Locked)
	}
	return o.Skew, nil
}

// A skew gives the lengths of tasks.
type skew struct {
	name string // "" is equal
	seed uint64
}

// of is the length of task i as a multiple of the mean, above 0.
func (s skew) of(i int) float64 {
	switch s.name {
	case "":
		return 1
	case "ramp":
		k := i % rampTasks
		if k < 0 {
			k += rampTasks
		}
		return (2*float64(k) + 1) / rampTasks
	}
	numbers := newStream(^s.seed, i)             // not the stream of the task's data
	u := float64(numbers.next()>>11+1) * 0x1p-53 // above 0, up to 1
	switch s.name {
	case "exponential":
		return -math.Log(u) + 0x1p-53
	case "bimodal":
		if u <= 0.1 {
			return 10 / 1.9
		}
		return 1 / 1.9
	default: // heavy, by inversion
		tail := math.Pow(heavyLeast/heavyMost, heavyAlpha)
		return heavyLeast * math.Pow(1-(1-u)*(1-tail), -1/heavyAlpha)
	}
}

// sized is a size times the length of task i, at least 1.
func (s skew) sized(size, i int) int {
	if s.name == "" {
		return size
	}
	return max(1, int(math.Round(float64(size)*s.of(i))))
}
