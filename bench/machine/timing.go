package machine

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"
)

// Timing is what the machine itself takes.
type Timing struct {
	Late, LateMost time.Duration // by how much a sleep of 1 ms is late: median, 99th percentile
	Alone          Reading       // a canary on one processor, the median
	Processors     int           // how many were then busy at once
	Worth          float64       // how many processors' worth of work they gave together
	Ran            float64       // the share of that time in which they ran, from 0 to 1; 0 where the system does not tell
}

// Measure times the machine: 50 sleeps, then canaries on one processor and on
// so many at once, three times in turn, about 0.6 s in all. It raises
// GOMAXPROCS meanwhile and puts it back. The error is ctx's.
func Measure(ctx context.Context, processors int) (Timing, error) {
	t := Timing{Processors: max(processors, 1)}
	defer allow(t.Processors)()
	var late []time.Duration
	for range 50 {
		if err := ctx.Err(); err != nil {
			return t, fmt.Errorf("machine: measuring the timer: %w", err)
		}
		start := time.Now()
		time.Sleep(time.Millisecond)
		late = append(late, max(time.Since(start)-time.Millisecond, 0))
	}
	t.Late, t.LateMost = quantile(late, 0.5), quantile(late, 0.99)
	var alone []Reading
	var worth, ran []float64
	for range 3 {
		if err := ctx.Err(); err != nil {
			return t, fmt.Errorf("machine: measuring the processors: %w", err)
		}
		one := together(1, canariesInTurn)[0]
		all := together(t.Processors, canariesInTurn)
		alone = append(alone, one)
		worth = append(worth, sideBySide(one, all))
		ran = append(ran, running(all))
	}
	slices.SortFunc(alone, func(a, b Reading) int { return cmp.Compare(a.Wall, b.Wall) })
	slices.Sort(worth)
	slices.Sort(ran)
	t.Alone, t.Worth, t.Ran = alone[len(alone)/2], worth[len(worth)/2], ran[len(ran)/2]
	return t, nil
}

// allow raises GOMAXPROCS to so many threads at once, if it is lower, and
// returns what puts it back.
func allow(threads int) (back func()) {
	before := runtime.GOMAXPROCS(0)
	if before >= threads {
		return func() {}
	}
	runtime.GOMAXPROCS(threads)
	return func() { runtime.GOMAXPROCS(before) }
}

const canariesInTurn = 4

// together runs canaries in so many threads at once, several in turn in each,
// and returns the mean of each thread.
func together(threads, inTurn int) []Reading {
	means := make([]Reading, threads)
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i := range threads {
		ready.Add(1)
		done.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			ready.Done()
			<-start
			for range inTurn {
				r := Canary()
				means[i].Wall += r.Wall / time.Duration(inTurn)
				means[i].CPU += r.CPU / time.Duration(inTurn)
			}
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
	return means
}

// sideBySide is how many processors' worth of work busy threads gave: the sum
// over them of the speed of each, where 1 is that of one alone.
func sideBySide(alone Reading, together []Reading) float64 {
	var sum float64
	for _, r := range together {
		if r.Wall > 0 {
			sum += float64(alone.Wall) / float64(r.Wall)
		}
	}
	return sum
}

// running is the share of the time of busy threads in which they ran.
func running(together []Reading) float64 {
	var wall, cpu time.Duration
	for _, r := range together {
		wall += r.Wall
		cpu += r.CPU
	}
	if wall == 0 {
		return 0
	}
	return min(float64(cpu)/float64(wall), 1)
}
