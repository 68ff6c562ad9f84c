package replay

import (
	"math"
	"math/rand/v2"
	"testing"
)

func bound(t *testing.T, j Job, m Machine) Bounds {
	t.Helper()
	b, err := Bound(j, m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBounds(t *testing.T) {
	j := Job{
		Serial: []Task{{{Compute, 10}}},
		Tasks:  []Task{{{Compute, 4}, {Locked, 3}, {Wait, 2}}, {{Wait, 20}}, {{Wait, 5}, {Locked, 7}, {Compute, 1}}},
	}
	for _, c := range []struct {
		name string
		m    Machine
		want Bounds
	}{
		{"a worker each", Machine{}, Bounds{Work: 52, Span: 30, BurdenedSpan: 30, Lock: 25, Least: 30, Most: 44}},
		{"dispatch", Machine{Dispatch: 5}, Bounds{Work: 52, Span: 30, BurdenedSpan: 40, Lock: 30, Least: 40, Most: 59}},
		{"dispatch in chunks", Machine{Workers: 2, Dispatch: 5, Chunk: 2}, Bounds{Work: 52, Span: 30, BurdenedSpan: 44, Lock: 30, Least: 44, Most: 59}},
		{"two workers", Machine{Workers: 2}, Bounds{Work: 52, Span: 30, BurdenedSpan: 30, Lock: 25, Least: 31, Most: 46}},
		{"one core", Machine{Cores: 1}, Bounds{Work: 52, Span: 30, BurdenedSpan: 30, Lock: 25, Least: 30, Most: 52}},
	} {
		t.Run(c.name, func(t *testing.T) {
			same(t, bound(t, j, c.m), c.want)
			hold(t, j, c.m)
		})
	}
}

func TestSpeedupBound(t *testing.T) {
	for _, c := range []struct {
		name string
		job  Job
		n    int
		want float64
	}{
		{"workers", Equal(0, 100, Phase{Compute, ms}), 8, 8},
		{"span: Amdahl's ceiling", Equal(10, 90, Phase{Compute, ms}), 64, 100.0 / 11},
		{"lock: one tenth locked", Equal(0, 100, Phase{Locked, ms}, Phase{Compute, 9 * ms}), 64, 1000.0 / 109},
		{"no work", Equal(0, 3), 2, 2},
	} {
		if got := bound(t, c.job, Machine{}).Speedup(c.n); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: S(%d) ≤ %v, want %v", c.name, c.n, got, c.want)
		}
	}
}

// Where the bounds are reached.
func TestTight(t *testing.T) {
	// Graham's worst list: n(n−1) tasks of 1, then one of n.
	for n := 2; n <= 12; n++ {
		j := Equal(0, n*(n-1), Phase{Compute, 1})
		j.Tasks = append(j.Tasks, Task{{Compute, ceil(n, 1)}})
		m := Machine{Workers: n}
		if got, b := run(t, j, m).Time, bound(t, j, m); got != ceil(2*n-1, 1) || got != b.Most {
			t.Errorf("n = %d: T = %v, want %v, which is Graham's bound %v", n, got, ceil(2*n-1, 1), b.Most)
		}
	}
	rng := rand.New(rand.NewPCG(11, 1))
	for range 500 {
		plain := randomJob(rng, Compute, Wait)
		m := Machine{Dispatch: ceil(rng.IntN(4), 1)}
		if got, b := run(t, plain, m).Time, bound(t, plain, m); got != b.BurdenedSpan || got != b.Least {
			t.Errorf("a worker for each task: T = %v, want the burdened span of %+v: job %+v", got, b, plain)
		}
		any := randomJob(rng, Compute, Wait, Locked)
		if got, b := run(t, any, Machine{Workers: 1}).Time, bound(t, any, Machine{Workers: 1}); got != b.Work || got != b.Least || got != b.Most {
			t.Errorf("one worker: T = %v, want the work of %+v: job %+v", got, b, any)
		}
	}
	// A lock that is always busy.
	j := Equal(2, 40, Phase{Wait, 3 * ms}, Phase{Locked, ms}, Phase{Compute, 2 * ms})
	if got, b := run(t, j, Machine{Workers: 8}).Time, bound(t, j, Machine{Workers: 8}); got != b.Lock || got != 57*ms {
		t.Errorf("T = %v, want 57ms, which is the lock's bound %v", got, b.Lock)
	}
}
