package workloads

import (
	"context"
	"sync"
	"time"

	"amdahl/workloads/cores"
)

// Alloc makes objects that live shortly: a task makes Size records of 16 to 144
// bytes one after another, each of which points to the one 64 records before
// it until that is dropped. What it costs is Go's allocator and the garbage
// collector, which takes a quarter of the processors while it runs and makes
// the tasks help it. In the account of a task that is inflation and garbage
// collection, not useful compute.
//
// The number of a task depends on every record. Worker processes have a heap
// and a collector each.
var Alloc = Workload{
	Name:      "alloc",
	Doc:       "makes short-lived objects for the garbage collector",
	Bound:     CPU,
	Size:      3000,
	MaxSize:   1 << 30,
	TestSize:  70,
	TestLarge: 3*allocPiece + 5,
	SizeUnit:  "objects",
	Cost:      500 * time.Microsecond,
	Ends:      "the garbage collector",
	Loss:      "gc",
	Sweeps:    []string{"full/fixed", "full/process"},
	New: func(o Options) (Job, error) {
		j := &allocJob{cores: o.Cores, seed: o.Seed, size: o.Size}
		j.live.New = func() any { return new([allocLive]*record) }
		return j, nil
	},
}

const (
	allocLive  = 64      // records that are alive at a time
	allocPiece = 1 << 14 // records between two looks at ctx: about a millisecond
)

// A record is one short-lived object and its payload.
type record struct {
	before  *record // the one that had its place; nil once that is dropped
	payload []uint64
}

type allocJob struct {
	cores cores.Cores
	seed  uint64
	size  int
	live  sync.Pool // of *[allocLive]*record
}

func (j *allocJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	live := j.live.Get().(*[allocLive]*record)
	defer func() {
		clear(live[:])
		j.live.Put(live)
	}()
	err = compute(ctx, j.cores, func() error {
		s := newStream(j.seed, i)
		var d digest
		for k := range j.size {
			if k%allocPiece == 0 {
				if err := ctx.Err(); err != nil {
					return err
				}
				if k > 0 {
					j.cores.Yield(ctx)
				}
			}
			x := s.next()
			place := &live[k%allocLive]
			r := &record{before: *place, payload: make([]uint64, 1+x>>60)}
			r.payload[x>>60] = x
			if r.before != nil {
				last := r.before.payload
				d.word(last[len(last)-1])
				r.before.before = nil
			}
			*place = r
		}
		for _, r := range live {
			if r != nil {
				d.word(r.payload[len(r.payload)-1])
			}
		}
		sum = uint64(d)
		return nil
	})
	return sum, err
}

func (j *allocJob) Close() error { return nil }
