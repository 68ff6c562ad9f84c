package pools_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"amdahl/pools"
)

// A stretch is when a task ran, in a bubble where only sleeping takes time.
type stretch struct{ begin, end time.Duration }

// timed runs tasks of these lengths under a strategy in a bubble and returns
// how long the Run took, and when each task ran.
func timed(t *testing.T, s pools.Strategy, workers int, seed uint64, lengths []time.Duration) (time.Duration, []stretch) {
	t.Helper()
	var took time.Duration
	ran := make([]stretch, len(lengths))
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var start time.Time
		p, err := s.Open(t.Context(), workers, pools.Job{Seed: seed, Do: func(_ context.Context, i int) (uint64, error) {
			begin := time.Since(start)
			time.Sleep(lengths[i])
			mu.Lock()
			defer mu.Unlock()
			ran[i] = stretch{begin, time.Since(start)}
			return 1, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		start = time.Now()
		sum, err := p.Run(t.Context(), 0, len(lengths))
		if err != nil || sum != uint64(len(lengths)) {
			t.Errorf("Run = %d, %v, want %d", sum, err, len(lengths))
		}
		took = time.Since(start)
	})
	return took, ran
}

func equal(n int, d time.Duration) []time.Duration { return slices.Repeat([]time.Duration{d}, n) }

// ramp is tasks of 1, 2, … n times d.
func ramp(n int, d time.Duration) []time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = time.Duration(i+1) * d
	}
	return out
}

// Each schedule takes as long as its definition says.
func TestSchedules(t *testing.T) {
	const s = time.Second
	longFirst := append(equal(4, 8*s), equal(12, s)...)
	tests := []struct {
		strategy string
		lengths  []time.Duration
		workers  int
		want     time.Duration
	}{
		{"static", equal(64, s), 4, 16 * s},
		{"static", equal(10, s), 4, 3 * s},             // blocks of 2, 3, 2, 3
		{"static", ramp(8, s), 2, (5 + 6 + 7 + 8) * s}, // the second block
		{"static", longFirst, 4, 32 * s},
		{"cyclic", equal(64, s), 4, 16 * s},
		{"cyclic", ramp(8, s), 2, (2 + 4 + 6 + 8) * s},
		{"cyclic", longFirst, 4, 11 * s},
		{"guided", equal(64, s), 4, 16 * s},
		{"guided", longFirst, 4, 32 * s}, // the first chunk is the four long ones
		{"steal", equal(64, s), 4, 16 * s},
		{"fixed", longFirst, 4, 11 * s},
		{"errgroup", equal(64, s), 4, 16 * s},
		{"errgroup", longFirst, 4, 11 * s},
		{"errgroup", equal(3, s), 8, s},
	}
	for _, tt := range tests {
		st, err := pools.Find(tt.strategy)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := timed(t, st, tt.workers, 1, tt.lengths); got != tt.want {
			t.Errorf("%s, %d tasks, %d workers: %v, want %v", tt.strategy, len(tt.lengths), tt.workers, got, tt.want)
		}
	}
}

// Blocks are consecutive, complete and differ by at most one.
func TestBlocks(t *testing.T) {
	for _, n := range []int{1, 2, 3, 7, 16} {
		for _, tasks := range []int{n, n + 1, 100, 1000, math.MaxInt / 2} {
			next, least, most := -5, math.MaxInt, 0
			for w := range n {
				lo, hi := pools.Block(-5, tasks-5, n, w)
				if lo != next {
					t.Errorf("%d tasks, block %d of %d begins at %d, want %d", tasks, w, n, lo, next)
				}
				next, least, most = hi, min(least, hi-lo), max(most, hi-lo)
			}
			if next != tasks-5 || most-least > 1 {
				t.Errorf("%d tasks in %d blocks of %d to %d, which end at %d", tasks, n, least, most, next)
			}
		}
	}
}

// While some worker has tasks that have not begun, no worker of these idles: so
// they are list schedules, and Graham's bound holds.
func TestGreedy(t *testing.T) {
	const workers = 5
	lengths := make([]time.Duration, 83)
	var work, longest time.Duration
	for i := range lengths {
		lengths[i] = time.Duration(1+(i*i*7919)%97) * time.Millisecond
		if i > 60 { // the end of the list is heavy
			lengths[i] *= 10
		}
		work, longest = work+lengths[i], max(longest, lengths[i])
	}
	for _, name := range []string{"fixed", "errgroup", "steal"} {
		st, err := pools.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		took, ran := timed(t, st, workers, 1, lengths)
		begun := time.Duration(0)
		for _, r := range ran {
			begun = max(begun, r.begin)
		}
		for i, r := range ran {
			busy := 0
			for _, o := range ran {
				if o.begin <= r.begin && r.begin < o.end {
					busy++
				}
			}
			if busy != workers && r.begin < begun {
				t.Errorf("%s: %d of %d workers are busy when task %d begins at %v", name, busy, workers, i, r.begin)
				break
			}
		}
		if most := work/workers + longest; took > most || took < work/workers {
			t.Errorf("%s: %v, want %v to %v", name, took, work/workers, most)
		}
	}
}

// The queue of each task of the first Run with 4 workers, whose seed is 3. A
// simulator that draws alike has the same list in its test.
func TestSent(t *testing.T) {
	for name, want := range sent {
		if got := fmt.Sprint(pools.Sent(name, 4, 16, 3, 0)); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// Tasks of equal length that are all sent beforehand take as long as the
// fullest queue; those sent one by one at least that of what never waits.
func TestChance(t *testing.T) {
	for _, name := range []string{"randomall", "twochoicesall"} {
		st, err := pools.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(5) {
			load := map[int]int{}
			for _, w := range pools.Sent(name, 8, 100, max(seed, 1), 0) {
				load[w]++
			}
			fullest := 0
			for _, n := range load {
				fullest = max(fullest, n)
			}
			if got, _ := timed(t, st, 8, seed, equal(100, time.Second)); got != time.Duration(fullest)*time.Second {
				t.Errorf("%s, seed %d: %v, want %d s", name, seed, got, fullest)
			}
		}
	}
	random, _ := timed(t, pools.Random, 16, 1, equal(1600, time.Second))
	two, _ := timed(t, pools.TwoChoices, 16, 1, equal(1600, time.Second))
	pull, _ := timed(t, pools.Fixed, 16, 1, equal(1600, time.Second))
	if !(pull < two && two < random) || pull != 100*time.Second {
		t.Errorf("pull %v, two choices %v, random %v: want 1m40s and more each time", pull, two, random)
	}
}

// Another seed, and another Run of the same pool, send tasks elsewhere.
func TestSeeds(t *testing.T) {
	first := fmt.Sprint(pools.Sent("random", 4, 40, 1, 0))
	if first == fmt.Sprint(pools.Sent("random", 4, 40, 2, 0)) || first == fmt.Sprint(pools.Sent("randomall", 4, 40, 1, 1)) {
		t.Error("seeds or Runs send alike")
	}
}

var sent = map[string]string{
	"random":        "[3 0 0 3]",
	"randomall":     "[3 0 0 3 0 3 3 1 2 1 2 3 1 0 3 2]",
	"twochoices":    "[3 0 0 1]",
	"twochoicesall": "[3 0 0 1 2 2 1 3 2 0 1 3 0 3 2 1]",
}
