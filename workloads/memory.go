package workloads

import (
	"context"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"amdahl/workloads/cores"
)

// Stream moves memory, as McCalpin's benchmark does: on one block of three
// arrays, a task runs
//
//	copy   c[k] = a[k]
//	triad  c[k] = b[k] + s·c[k]
//
// with next to nothing to compute. A block is Size bytes of each array and an
// array has 64 blocks, one for tasks 0, 64, 128 and so on, so by default the
// three have 192 MiB: more than the caches of most machines. Processors share
// the way to memory, and scaling ends when that is full. With blocks of 16 KiB
// all fits into caches, and it scales.
//
// The number of a task is the sum of all words that triad wrote. Two tasks of
// one block take turns. The job counts what it moved, as "moved-bytes": five
// times Size for each task (copy reads one block and writes one, triad reads
// two and writes one; that a written line is read first is not counted, as in
// McCalpin's numbers).
//
// Source: J. D. McCalpin, Memory bandwidth and machine balance in current high
// performance computers, IEEE TCCA Newsletter, December 1995.
var Stream = Workload{
	Name:      "stream",
	Doc:       "copy and triad over arrays larger than the caches",
	Bound:     CPU,
	Size:      1 << 20,
	MaxSize:   1 << 23,
	TestSize:  800,
	TestLarge: 3*streamPiece*8 + 8,
	SizeUnit:  "bytes",
	Cost:      600 * time.Microsecond,
	Ends:      "memory bandwidth",
	Loss:      "inflation",
	Sweeps:    []string{"full/fixed"},
	New:       openStream,
}

const (
	streamBlocks = 64
	streamPiece  = 1 << 13 // words between two looks at ctx
	streamScalar = 3       // McCalpin's
)

type streamJob struct {
	cores   cores.Cores
	seed    uint64
	words   int // of a block
	a, b, c []float64
	blocks  [streamBlocks]sync.Mutex // guard c
	moved   atomic.Int64
}

func openStream(o Options) (Job, error) {
	words := (o.Size + 7) / 8
	j := &streamJob{cores: o.Cores, seed: o.Seed, words: words}
	all := words * streamBlocks
	j.a, j.b, j.c = make([]float64, all), make([]float64, all), make([]float64, all)
	s := newStream(o.Seed, shared)
	fillFloats(&s, j.a)
	fillFloats(&s, j.b)
	clear(j.c) // its pages are there before the first task
	return j, nil
}

func (j *streamJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	k := i % streamBlocks
	if k < 0 {
		k += streamBlocks
	}
	j.blocks[k].Lock()
	defer j.blocks[k].Unlock()
	a, b, c := j.a[k*j.words:][:j.words], j.b[k*j.words:][:j.words], j.c[k*j.words:][:j.words]
	err = compute(ctx, j.cores, func() error {
		n := newStream(j.seed, i)
		total := n.next()
		for lo := 0; lo < j.words; lo += streamPiece {
			if err := ctx.Err(); err != nil {
				return err
			}
			copy(c[lo:], a[lo:min(lo+streamPiece, j.words)])
			j.cores.Yield(ctx)
		}
		for lo := 0; lo < j.words; lo += streamPiece {
			if err := ctx.Err(); err != nil {
				return err
			}
			hi := min(lo+streamPiece, j.words)
			total += triad(b[lo:hi], c[lo:hi])
			j.cores.Yield(ctx)
		}
		sum = total
		return nil
	})
	if err == nil {
		j.moved.Add(5 * 8 * int64(j.words))
	}
	return sum, err
}

// triad sets c to b + s·c and returns the sum of the words written.
func triad(b, c []float64) (sum uint64) {
	b = b[:len(c)]
	for k, x := range c {
		y := b[k] + float64(streamScalar*x)
		c[k] = y
		sum += math.Float64bits(y)
	}
	return sum
}

func (j *streamJob) Counters() map[string]int64 {
	return map[string]int64{"moved-bytes": j.moved.Load()}
}

func (j *streamJob) Close() error { return nil }
