package workloads

import (
	"context"
	"sync/atomic"
	"time"
)

// Sleep waits: a task sleeps Size microseconds and computes nothing. Its
// number depends on the seed, the index and, where lengths are skewed, the
// length.
//
// A timer may be late by a millisecond (asking for 100 µs gave 1.05 ms on one
// machine), so keep Size at 5000 or more, and compare with what was really
// slept: the job is a [Counter] of "slept-ns", in nanoseconds, over the tasks
// that finished.
var Sleep = Workload{
	Name:      "sleep",
	Doc:       "a timer: waiting that costs no processor",
	Bound:     IO,
	Idle:      true,
	Size:      5000,
	MaxSize:   60_000_000,
	TestSize:  200,
	TestLarge: 60_000_000,
	SizeUnit:  "microseconds",
	Skewed:    true,
	Cost:      5100 * time.Microsecond,
	Ends:      "nothing but what is planted",
	Sweeps:    []string{"quick", "quickweak", "full", "remotewait"},
	New:       openSleep,
}

type sleepJob struct {
	seed  uint64
	wait  time.Duration
	skew  skew
	slept atomic.Int64 // ns
}

func openSleep(o Options) (Job, error) {
	return &sleepJob{seed: o.Seed, wait: time.Duration(o.Size) * time.Microsecond, skew: skew{o.Skew, o.Seed}}, nil
}

func (j *sleepJob) Do(ctx context.Context, i int) (uint64, error) {
	start := time.Now()
	wait := time.Duration(j.skew.sized(int(j.wait), i))
	if err := pause(ctx, wait); err != nil {
		return 0, err
	}
	j.slept.Add(int64(time.Since(start)))
	s := newStream(j.seed, i)
	return s.next() + uint64(wait-j.wait), nil
}

func (j *sleepJob) Counters() map[string]int64 {
	return map[string]int64{"slept-ns": j.slept.Load()}
}

func (j *sleepJob) Close() error { return nil }

// pause sleeps for d, or until ctx ends, whose error it then returns.
func pause(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
