package workloads

import (
	"context"
	"time"

	"amdahl/workloads/cores"
)

// Mandelbrot computes rows of very different length: task i is row i of a
// picture of the Mandelbrot set, Size points wide and 640 rows high, from
// −2.2 − 1.2i to 0.8 + 1.2i. For each point z ← z² + c is repeated from z = 0
// until |z| > 2, at most 1000 times. A row that crosses the set takes up to 30
// times as long as one at the edge, and rows beside each other take about as
// long, so it shows what a schedule makes of imbalance: a worker with a block
// of rows in the middle has most of the work. After 640 tasks the picture
// begins again.
//
// The number of a task depends on the count of every point. The seed moves the
// picture by a part of a point. Each product is rounded before it is added, so
// that machines with fused multiply-add count the same.
//
// Source: the picture is a usual example of loop scheduling, as in B. Wilkinson,
// M. Allen, Parallel Programming, 2005, section 3.2.
var Mandelbrot = Workload{
	Name:      "mandelbrot",
	Doc:       "a row of a picture of the Mandelbrot set: tasks of very different length",
	Bound:     CPU,
	Size:      256,
	MaxSize:   1 << 20,
	TestSize:  9,
	TestLarge: 1 << 12,
	SizeUnit:  "points",
	Cost:      300 * time.Microsecond,
	Ends:      "imbalance: the longest rows lie together",
	Loss:      "imbalance",
	LossUnder: "static",
	Lengths:   "rows",
	Sweeps:    []string{"full/fixed", "schedules"},
	New: func(o Options) (Job, error) {
		return &mandelbrotJob{o.Cores, o.Seed, o.Size}, nil
	},
}

const (
	mandelbrotRows = 640
	mandelbrotMost = 1000 // repetitions of one point

	// mandelbrotPiece is how many repetitions are done between two looks at
	// ctx, at least: about a millisecond.
	mandelbrotPiece = 500_000
)

type mandelbrotJob struct {
	cores cores.Cores
	seed  uint64
	size  int
}

func (j *mandelbrotJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	err = compute(ctx, j.cores, func() error {
		s := newStream(j.seed, shared)
		shift := float64(s.next()>>11) * 0x1p-53 // of a point, in both directions
		row := i % mandelbrotRows
		if row < 0 {
			row += mandelbrotRows
		}
		var d digest
		d.word(uint64(i))
		y := -1.2 + 2.4*(float64(row)+shift)/mandelbrotRows
		done := mandelbrotPiece
		for k := range j.size {
			if done >= mandelbrotPiece {
				if err := ctx.Err(); err != nil {
					return err
				}
				if done = 0; k > 0 {
					j.cores.Yield(ctx)
				}
			}
			x := -2.2 + 3*(float64(k)+shift)/float64(j.size)
			n := escape2(x, y)
			d.word(uint64(n))
			done += n + 1
		}
		sum = uint64(d)
		return nil
	})
	return sum, err
}

// escape2 counts the repetitions until |z| > 2.
func escape2(cx, cy float64) int {
	var x, y float64
	for n := range mandelbrotMost {
		xx, yy := float64(x*x), float64(y*y)
		if xx+yy > 4 {
			return n
		}
		y = float64(2*x*y) + cy
		x = xx - yy + cx
	}
	return mandelbrotMost
}

func (j *mandelbrotJob) Close() error { return nil }
