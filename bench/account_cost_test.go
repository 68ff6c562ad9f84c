package bench

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"amdahl/bench/timeline"
	"amdahl/pools"
	"amdahl/workloads"
	"amdahl/workloads/cores"
)

// Recording adds less than 2 % to tasks of 100 µs: the same operation without
// and with it, in turns.
func TestCost(t *testing.T) {
	if !*causes {
		t.Skip("measures for half a minute; -causes")
	}
	ctx := t.Context()
	for _, c := range []Case{
		{Workload: workloads.Spin, Strategy: pools.Fixed, Workers: 1, Procs: 1, Tasks: 320},
		{Workload: workloads.Hash, Strategy: pools.Fixed, Workers: 1, Procs: 1, Tasks: 320},
		{Workload: workloads.Hash, Strategy: pools.Fixed, Workers: 2, Procs: 2, Tasks: 320},
		{Workload: workloads.Hash, Strategy: pools.Spawn, Workers: 2, Procs: 2, Tasks: 320},
		{Workload: workloads.Spin, Strategy: pools.Fixed, Cores: cores.SlowBy(16), Workers: 8, Procs: 8, Tasks: 160},
	} {
		if c.Cores.Slowdown == 0 && c.Procs > runtime.NumCPU() {
			continue
		}
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(c.gomaxprocs()))
			spec := workloads.Spec(c.Workload, c.options())
			plain, err := workloads.Open(spec)
			if err != nil {
				t.Fatal(err)
			}
			defer plain.Close()
			watched, err := workloads.OpenWatched(spec)
			if err != nil {
				t.Fatal(err)
			}
			a := newRecordedCase(c, spec, watched)
			defer a.Close()
			time1 := func(do pools.TaskFunc) func() float64 {
				pool, err := c.Strategy.Open(ctx, c.Workers, pools.Job{Do: do})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { pool.Close() })
				return func() float64 {
					begin := timeline.Now()
					if _, err := pool.Run(ctx, 0, c.Tasks); err != nil {
						t.Fatal(err)
					}
					return float64(timeline.Now() - begin)
				}
			}
			off, on := time1(plain.Do), time1(a.job.Do)
			var without, with []float64
			for begin := time.Now(); time.Since(begin) < 5*time.Second; a.job.rec.Take() {
				without, with = append(without, off()), append(with, on())
			}
			// Of many pairs the quick ones count: the rest of the machine only adds.
			low := func(x []float64) float64 { slices.Sort(x); return x[len(x)/4] }
			added := low(with)/low(without) - 1
			t.Logf("%-60s %7.2f ms, recorded %+.2f %%, in %d pairs", c.Name(), low(without)/1e6, 100*added, len(with))
			if added > 0.02 {
				t.Errorf("%s: recording adds %.2f %%, want up to 2 %%", c.Name(), 100*added)
			}
		}()
	}
}
