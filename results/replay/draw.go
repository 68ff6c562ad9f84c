package replay

import (
	"fmt"
	"math"
	"time"
)

// Draw makes the parallel tasks of a job of the suite: compute whose lengths have
// a distribution by name (key skew= of a benchmark's name, "" for equal) and this
// mean. The seed (key seed=, 0 is 1) and a task's number give its length by the
// rules of package workloads, so that a simulation can run the very tasks that
// were measured. The error is that of an unknown name, or of less than one task.
func Draw(skew string, seed uint64, tasks int, mean time.Duration) ([]Task, error) {
	if _, err := LengthsOf(skew, tasks); err != nil {
		return nil, err
	}
	out := make([]Task, tasks)
	for i := range out {
		x := length(skew, max(seed, 1), i) * float64(mean)
		if !(x >= 0 && x < float64(longest)) {
			return nil, fmt.Errorf("replay: draw: task %d has length %v: the mean %v is too long", i, x, mean)
		}
		out[i] = Task{{Compute, time.Duration(math.Round(x))}}
	}
	return out, nil
}

// length is that of task i as a multiple of the mean.
func length(skew string, seed uint64, i int) float64 {
	// SplitMix64, as the workloads use it: Steele, Lea, Flood, OOPSLA 2014.
	mix := func(z uint64) uint64 {
		z += 0x9e3779b97f4a7c15
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return z ^ z>>31
	}
	u := float64(mix(mix(^seed)+uint64(i))>>11+1) * 0x1p-53
	switch skew {
	case "ramp":
		return (2*float64(i%320) + 1) / 320
	case "exponential":
		return -math.Log(u) + 0x1p-53
	case "bimodal":
		if u <= 0.1 {
			return 10 / 1.9
		}
		return 1 / 1.9
	case "heavy":
		const alpha, least, most = 1.5, 0.3543571591950942, 100.0
		return least * math.Pow(1-(1-u)*(1-math.Pow(least/most, alpha)), -1/alpha)
	}
	return 1
}
