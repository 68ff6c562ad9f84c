// Package lengths is the work of the lab "Build a pool": tasks of unequal
// length, and how long several strategies take for them, worked out without
// running anything.
package lengths

import (
	"math/rand/v2"
	"slices"
	"time"
)

// Of returns the lengths of n tasks, drawn from a seed: 10 to 90 milliseconds, and
// some odd nanoseconds, so that no two sums of lengths are equal. At one instant of a
// virtual clock the order of goroutines is random; without ties there is no such
// instant.
func Of(seed uint64, n int) []time.Duration {
	rng := rand.New(rand.NewPCG(seed, 3))
	list := make([]time.Duration, n)
	for i := range list {
		list[i] = time.Duration(10+rng.IntN(80))*time.Millisecond + time.Duration(rng.IntN(499_999)*2+1)
	}
	return list
}

// Serial is the time of one task after the other.
func Serial(list []time.Duration) time.Duration {
	var sum time.Duration
	for _, d := range list {
		sum += d
	}
	return sum
}

// Together is the time of all tasks at once: that of the longest.
func Together(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	return slices.Max(list)
}

// Pool is the time of n workers that take the tasks in order, each the next one as
// soon as it is free (R. L. Graham, Bounds on Multiprocessing Timing Anomalies,
// SIAM J. Appl. Math. 17, 1969).
func Pool(list []time.Duration, n int) time.Duration {
	free := make([]time.Duration, max(n, 1))
	for _, d := range list {
		first := 0
		for w := range free {
			if free[w] < free[first] {
				first = w
			}
		}
		free[first] += d
	}
	return slices.Max(free)
}

// Batches is the time of n tasks at once, the next n only after all of these have ended.
func Batches(list []time.Duration, n int) time.Duration {
	var sum time.Duration
	for batch := range slices.Chunk(list, max(n, 1)) {
		sum += slices.Max(batch)
	}
	return sum
}

// Blocks is the time of n workers that each have a block of neighbouring tasks.
func Blocks(list []time.Duration, n int) time.Duration {
	n = max(n, 1)
	var most time.Duration
	for w := range n {
		most = max(most, Serial(list[w*len(list)/n:(w+1)*len(list)/n]))
	}
	return most
}

// Cyclic is the time of n workers of which worker w has the tasks w, w+n, w+2n …
func Cyclic(list []time.Duration, n int) time.Duration {
	loads := make([]time.Duration, max(n, 1))
	for i, d := range list {
		loads[i%len(loads)] += d
	}
	return slices.Max(loads)
}

// Name says which strategy takes exactly this time for the tasks; "" is none of them.
func Name(took time.Duration, list []time.Duration, n int) string {
	for _, s := range []struct {
		name string
		time time.Duration
	}{
		{"a pool: each free worker takes the next task", Pool(list, n)},
		{"one task after the other", Serial(list)},
		{"all tasks at once, without a limit", Together(list)},
		{"batches: it waits for all of a batch before it begins the next", Batches(list, n)},
		{"blocks: each worker has its own neighbouring tasks, however long they are", Blocks(list, n)},
		{"cyclic: each worker has every nth task, however long they are", Cyclic(list, n)},
	} {
		if s.time == took {
			return s.name
		}
	}
	return ""
}
