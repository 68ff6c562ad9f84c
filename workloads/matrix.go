package workloads

import (
	"context"
	"math"
	"sync"
	"time"

	"amdahl/workloads/cores"
)

// Matrix computes: task i is the product C = A·B of two square matrices of
// Size rows of float64, A the task's own and B shared by all tasks, with
// elements in [0, 1). Its number depends on every bit of C.
//
// The product is the plain loop over rows, inner index, columns, in one
// goroutine: 2·Size³ operations. A library's product may be parallel inside,
// which would hide the scaling that is to be measured. Each product is
// rounded before it is added, so that machines with fused multiply-add give
// the same bits. A and C exist one row at a time; a task writes 16·Size bytes
// of memory, which it keeps for the next.
//
// A task of the default size takes 100 to 200 µs.
var Matrix = Workload{
	Name:      "matrix",
	Doc:       "product of two square float64 matrices, serial inside a task",
	Bound:     CPU,
	Size:      64,
	MaxSize:   2048,
	TestSize:  9,
	TestLarge: 1100,
	SizeUnit:  "rows",
	Cost:      150 * time.Microsecond,
	Ends:      "the processors",
	Sweeps:    []string{"full"},
	New:       openMatrix,
}

// matrixPiece is how many multiplications are done between two looks at ctx,
// at least: about a millisecond.
const matrixPiece = 1 << 20

type matrixJob struct {
	cores cores.Cores
	seed  uint64
	n     int
	b     []float64 // n×n, row by row
	rows  sync.Pool // of *matrixRows: no garbage while tasks run
}

// matrixRows are the current rows of A and C.
type matrixRows struct{ a, c []float64 }

func openMatrix(o Options) (Job, error) {
	n := o.Size
	j := &matrixJob{cores: o.Cores, seed: o.Seed, n: n, b: make([]float64, n*n)}
	j.rows.New = func() any { return &matrixRows{a: make([]float64, n), c: make([]float64, n)} }
	s := newStream(o.Seed, shared)
	fillFloats(&s, j.b)
	return j, nil
}

func (j *matrixJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	r := j.rows.Get().(*matrixRows)
	defer j.rows.Put(r)
	err = compute(ctx, j.cores, func() error {
		s := newStream(j.seed, i)
		var d digest
		done := matrixPiece
		for row := range j.n {
			if done >= matrixPiece {
				if err := ctx.Err(); err != nil {
					return err
				}
				if done = 0; row > 0 {
					j.cores.Yield(ctx)
				}
			}
			fillFloats(&s, r.a)
			multiplyRow(r.c, r.a, j.b)
			for _, x := range r.c {
				d.word(math.Float64bits(x))
			}
			done += j.n * j.n
		}
		sum = uint64(d)
		return nil
	})
	return sum, err
}

func (j *matrixJob) Close() error { return nil }

// multiplyRow sets the row c to a·B, B square with as many rows as a.
func multiplyRow(c, a, b []float64) {
	clear(c)
	for k, x := range a {
		row := b[k*len(c):][:len(c)]
		for j, y := range row {
			c[j] += float64(x * y) // the conversion forbids fusing
		}
	}
}

// fillFloats fills x with numbers uniform in [0, 1).
func fillFloats(s *stream, x []float64) {
	for k := range x {
		x[k] = float64(s.next()>>11) * 0x1p-53
	}
}
