package workloads

import (
	"context"
	"runtime"
	"time"

	"amdahl/workloads/cores"
)

// Spin computes for a given time: a task uses a processor until its thread
// has had Size microseconds of CPU time. It is to compute what [Sleep] is to
// waiting. Its number depends on the seed, the
// index and, where lengths are skewed, the length.
//
// A processor whose speed moves, with its clock or with what a neighbour
// takes of a shared core, changes how long a hash takes but not this, so a
// planted truth stays what was planted. By the same token it cannot show
// what faster processors, caches or siblings do. On Linux and macOS a task is
// right to about a microsecond; where a thread's CPU time cannot be read, it
// spins for so much wall time.
var Spin = Workload{
	Name:      "spin",
	Doc:       "a loop for a given CPU time: compute whose length is known",
	Bound:     CPU,
	Size:      100,
	MaxSize:   60_000_000,
	TestSize:  20,
	TestLarge: 50_000,
	SizeUnit:  "microseconds",
	Skewed:    true,
	Cost:      100 * time.Microsecond,
	Ends:      "the processors, at what is planted",
	Sweeps:    []string{"first", "full", "schedules", "hillmarty", "remoteslow"},
	New:       openSpin,
}

type spinJob struct {
	cores cores.Cores
	seed  uint64
	time  time.Duration
	skew  skew
}

func openSpin(o Options) (Job, error) {
	return &spinJob{o.Cores, o.Seed, time.Duration(o.Size) * time.Microsecond, skew{o.Skew, o.Seed}}, nil
}

func (j *spinJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	err = compute(ctx, j.cores, func() error {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		now := cpuClock()
		s := newStream(j.seed, i)
		whole := time.Duration(j.skew.sized(int(j.time), i))
		for left := whole; left > 0; left -= time.Millisecond {
			if err := ctx.Err(); err != nil {
				return err
			}
			if left < whole {
				j.cores.Yield(ctx)
			}
			for begin, piece := now(), min(left, time.Millisecond); now()-begin < piece; {
			}
		}
		sum = s.next() + uint64(whole-j.time)
		return nil
	})
	return sum, err
}

// cpuClock is the calling thread's clock of CPU time, or of wall time.
func cpuClock() func() time.Duration {
	if _, err := cores.ThreadTime(); err != nil {
		start := time.Now()
		return func() time.Duration { return time.Since(start) }
	}
	return func() time.Duration {
		t, _ := cores.ThreadTime()
		return t
	}
}

func (j *spinJob) Close() error { return nil }
