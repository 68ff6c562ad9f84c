package workloads

import (
	"context"

	"amdahl/workloads/cores"
)

// Toy computes: a task draws Size numbers and mixes them.
var Toy = Workload{
	Name:      "toy",
	Doc:       "mixes numbers",
	Bound:     CPU,
	Size:      100_000,
	MaxSize:   1 << 30,
	SizeUnit:  "numbers",
	Ends:      "the processors",
	TestSize:  100,
	TestLarge: 3 * toyPiece,
	New: func(o Options) (Job, error) {
		return &toyJob{o.Cores, o.Seed, o.Size}, nil
	},
}

// toyPiece is how many numbers are mixed between two looks at ctx.
const toyPiece = 1 << 16

type toyJob struct {
	cores cores.Cores
	seed  uint64
	size  int
}

func (j *toyJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	err = compute(ctx, j.cores, func() error {
		data := newStream(j.seed, i)
		var d digest
		for k := range j.size {
			if k%toyPiece == 0 {
				if err := ctx.Err(); err != nil {
					return err
				}
			}
			d.word(data.next())
		}
		sum = uint64(d)
		return nil
	})
	return sum, err
}

func (j *toyJob) Close() error { return nil }
