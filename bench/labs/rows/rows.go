// Package rows is the work of the lab "The third worker": a picture of the
// Mandelbrot set, cut into rows of very different cost, and slow workers that
// compute it.
//
// A worker is slow because it sleeps: a row of k iterations takes it k × [Step]
// of time, whatever the processor. So eight workers behave like eight processors
// on a machine that has one. The same work gives the same counts of iterations on
// every machine, and a grader can compute them again.
package rows

import (
	"math/rand/v2"
	"sync"
	"time"
)

const (
	Count = 120                  // rows of a picture
	Step  = 20 * time.Nanosecond // what an iteration takes a slow worker
	width = 160                  // points in a row
	limit = 250                  // iterations after which a point is taken for a member of the set
)

// A Picture is a window on the Mandelbrot set: its left edge, its lower edge, and
// its height. The zero value is no picture: use [Of].
type Picture struct{ left, low, height float64 }

// Of returns the picture of a seed. All pictures show the whole set, a little moved
// and scaled, so the middle rows are the dear ones; no two seeds give the same counts.
func Of(seed uint64) Picture {
	rng := rand.New(rand.NewPCG(seed, 4))
	h := 2.6 + 0.2*rng.Float64()
	return Picture{left: -2.2 + 0.1*rng.Float64(), low: -h/2 + 0.1*(rng.Float64()-0.5), height: h}
}

// Iterations computes a row, 0 to Count-1, and returns how many iterations that took,
// 160 to 40,000. The products stand in conversions: they forbid the processor
// to fuse a multiplication with an addition, which would round otherwise and
// change the counts.
func (p Picture) Iterations(row int) int {
	y0 := p.low + float64(p.height*(float64(row)+0.5))/Count
	sum := 0
	for col := range width {
		x0 := p.left + float64(3*(float64(col)+0.5))/width
		x, y := 0.0, 0.0
		for i := 1; i <= limit; i++ {
			sum++
			xx, yy := float64(x*x), float64(y*y)
			if xx+yy > 4 {
				break
			}
			y = float64(2*float64(x*y)) + y0
			x = xx - yy + x0
		}
	}
	return sum
}

// All returns the iterations of every row.
func (p Picture) All() []int {
	all := make([]int, Count)
	for row := range all {
		all[row] = p.Iterations(row)
	}
	return all
}

// Loads adds up iterations by worker: rowsOf(w) lists the rows of worker w of n. It
// returns the sum over all workers and the largest sum of one worker. Rows outside
// of the picture are left out.
func Loads(all []int, n int, rowsOf func(w int) []int) (total, most int) {
	for w := range n {
		sum := 0
		for _, row := range rowsOf(w) {
			if row >= 0 && row < len(all) {
				sum += all[row]
			}
		}
		total, most = total+sum, max(most, sum)
	}
	return total, most
}

// Compute computes the picture with n slow workers. Worker w calls next(w) for a row
// until it says that there is none left; next is called from n goroutines
// at the same time. Compute returns the iterations of all workers, and of the one that
// did most.
func (p Picture) Compute(n int, next func(w int) (row int, ok bool)) (total, most int) {
	loads := make([]int, n)
	begin := time.Now()
	var wg sync.WaitGroup
	for w := range n {
		wg.Go(func() {
			for row, ok := next(w); ok; row, ok = next(w) {
				loads[w] += p.Iterations(row)
				time.Sleep(time.Until(begin.Add(time.Duration(loads[w]) * Step)))
			}
		})
	}
	wg.Wait()
	for _, l := range loads {
		total, most = total+l, max(most, l)
	}
	return total, most
}

// In returns a next for [Picture.Compute] that hands the rows of lists[w] to worker w.
func In(lists [][]int) func(w int) (int, bool) {
	at := make([]int, len(lists))
	return func(w int) (int, bool) {
		if at[w] == len(lists[w]) {
			return 0, false
		}
		at[w]++
		return lists[w][at[w]-1], true
	}
}
