package workloads

import (
	"context"
	"slices"
	"sync"
	"time"

	"amdahl/workloads/cores"
)

// Sort sorts Size random numbers of 64 bits. More than 16,384 are sorted in
// runs of so many, which are then merged. The number of a task depends on
// every number and on the order.
var Sort = Workload{
	Name:      "sort",
	Doc:       "sorts random numbers",
	Bound:     CPU,
	Size:      2000,
	MaxSize:   1 << 26,
	TestSize:  50,
	TestLarge: 3*sortRun + 5,
	SizeUnit:  "numbers",
	Cost:      250 * time.Microsecond,
	Ends:      "the processors",
	Sweeps:    []string{"full/fixed"},
	New: func(o Options) (Job, error) {
		return &sortJob{cores: o.Cores, seed: o.Seed, size: o.Size}, nil
	},
}

// sortRun is how many numbers are sorted between two looks at ctx: about a
// millisecond.
const sortRun = 1 << 14

type sortJob struct {
	cores   cores.Cores
	seed    uint64
	size    int
	buffers sync.Pool // of *sortBuffers
}

type sortBuffers struct{ x, y []uint64 }

func (j *sortJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	b, ok := j.buffers.Get().(*sortBuffers)
	if !ok {
		b = &sortBuffers{make([]uint64, j.size), make([]uint64, j.size)}
	}
	defer j.buffers.Put(b)
	err = compute(ctx, j.cores, func() error {
		pause := func() error {
			j.cores.Yield(ctx)
			return ctx.Err()
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		s := newStream(j.seed, i)
		for k := range b.x {
			b.x[k] = s.next()
		}
		for lo := 0; lo < j.size; lo += sortRun {
			slices.Sort(b.x[lo:min(lo+sortRun, j.size)])
			if err := pause(); err != nil {
				return err
			}
		}
		for run := sortRun; run < j.size; run *= 2 {
			for lo := 0; lo < j.size; lo += 2 * run {
				merge(b.y[lo:], b.x[lo:min(lo+run, j.size)], b.x[min(lo+run, j.size):min(lo+2*run, j.size)])
				if err := pause(); err != nil {
					return err
				}
			}
			b.x, b.y = b.y, b.x
		}
		var d digest
		for _, x := range b.x {
			d.word(x)
		}
		sum = uint64(d)
		return nil
	})
	return sum, err
}

func (j *sortJob) Close() error { return nil }

// merge writes two sorted runs as one to the start of out.
func merge(out, a, b []uint64) {
	for k := range len(a) + len(b) {
		if len(b) == 0 || len(a) > 0 && a[0] <= b[0] {
			out[k], a = a[0], a[1:]
		} else {
			out[k], b = b[0], b[1:]
		}
	}
}
