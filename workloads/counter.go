package workloads

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
	"unsafe"

	"amdahl/workloads/cores"
)

// Counters counts: a task increments a counter in memory Size times with
// atomic adds. Each task that runs has a counter to itself, which the next
// task takes over, so there are as many as workers. No task needs what
// another one writes; what decides is where the counters lie:
//
//	line    next to each other, eight in a cache line of 64 bytes (default)
//	padded  each alone on 128 bytes
//	atomic  one for all tasks: they share it truly
//
// A processor that writes takes the whole line from the others, so on "line"
// the workers slow each other down though they share nothing: false sharing.
// It is two lines and not one that keep counters apart, because processors
// fetch the neighbour of a line along with it (Intel's spatial prefetcher) or
// have lines of 128 bytes (Apple's). The first sixteen counters of "line" lie
// on one such pair, the next sixteen on another.
//
// The number of a task depends on its counter before and after; for "atomic",
// where others add in between, on the adds of the task. Close returns an
// error unless the counters hold what the tasks added. Processes share no
// counters, so between worker processes there is no sharing of any kind.
//
// A task of the default size takes 100 to 200 µs alone on a processor.
var Counters = Workload{
	Name:      "counter",
	Doc:       "atomic adds to a counter of each worker, in one cache line or apart",
	Bound:     CPU,
	Size:      25_000,
	MaxSize:   1 << 30,
	TestSize:  100,
	TestLarge: 3*counterPiece + 5,
	SizeUnit:  "increments",
	Variants:  []string{"line", "padded", "atomic"},
	Cost:      150 * time.Microsecond,
	Ends:      "one cache line that all write",
	Loss:      "inflation",
	Sweeps:    []string{"quick/fixed", "full"},
	New:       openCounter,
}

const (
	// counterPiece is how many increments are made between two looks at ctx:
	// about a third of a millisecond alone, a few where processors fight.
	counterPiece = 1 << 16

	counterBlock = 128 / 8 // words of a pair of cache lines
)

// counterStride is how many words lie between the counters of two slots.
var counterStride = map[string]int{"line": 1, "padded": counterBlock, "atomic": 0}

type counterJob struct {
	cores  cores.Cores
	seed   uint64
	size   int
	stride int

	free  cores.FreeList[counterSlot]
	block []atomic.Uint64 // where the counters of new slots lie
	slots []*counterSlot
}

// A counterSlot is what one running task has to itself.
type counterSlot struct {
	counter *atomic.Uint64 // its own, or that of all slots
	added   uint64         // by the tasks that had the slot
}

func openCounter(o Options) (Job, error) {
	return &counterJob{cores: o.Cores, seed: o.Seed, size: o.Size, stride: counterStride[o.Variant]}, nil
}

func (j *counterJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	s := j.free.Take(j.newSlot)
	defer j.free.Put(s)
	err = compute(ctx, j.cores, func() error {
		before := s.counter.Load()
		if err := j.add(ctx, s); err != nil {
			return err
		}
		n, size := s.counter.Load()-before, uint64(j.size)
		if n < size || n > size && j.stride > 0 {
			return fmt.Errorf("the counter rose by %d, want %d", n, size)
		}
		if j.stride == 0 {
			n = size
		}
		data := newStream(j.seed, i)
		var d digest
		d.word(data.next())
		d.word(n)
		sum = uint64(d)
		return nil
	})
	if err != nil {
		return 0, taskError(ctx, "counter", i, err)
	}
	return sum, nil
}

// add increments the counter of s size times, unless ctx ends.
func (j *counterJob) add(ctx context.Context, s *counterSlot) error {
	c := s.counter
	for rest := j.size; rest > 0; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(rest, counterPiece)
		for range n {
			c.Add(1)
		}
		s.added += uint64(n)
		if rest -= n; rest > 0 {
			j.cores.Yield(ctx)
		}
	}
	return nil
}

// newSlot makes a slot. It is called by one task at a time.
func (j *counterJob) newSlot() *counterSlot {
	at := len(j.slots) * j.stride % counterBlock
	if at == 0 && (j.stride > 0 || j.block == nil) {
		j.block = newCounterBlock()
	}
	s := &counterSlot{counter: &j.block[at]}
	j.slots = append(j.slots, s)
	return s
}

// newCounterBlock returns the words of a pair of cache lines that nothing
// else lies on.
func newCounterBlock() []atomic.Uint64 {
	words := make([]atomic.Uint64, 2*counterBlock)
	past := int(uintptr(unsafe.Pointer(&words[0])) / 8 % counterBlock)
	skip := (counterBlock - past) % counterBlock
	return words[skip : skip+counterBlock]
}

// Close looks for lost increments.
func (j *counterJob) Close() error {
	var held, added uint64
	for k, s := range j.slots {
		added += s.added
		if k == 0 || j.stride > 0 {
			held += s.counter.Load()
		}
	}
	if held != added {
		return fmt.Errorf("workloads: counter: the counters hold %d increments, the tasks made %d", held, added)
	}
	return nil
}
