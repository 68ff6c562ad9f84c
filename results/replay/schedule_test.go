package replay

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"amdahl/bench/contract"
)

// lengths makes a job of compute tasks.
func lengths(of ...time.Duration) Job {
	j := Job{}
	for _, d := range of {
		j.Tasks = append(j.Tasks, Task{{Compute, d}})
	}
	return j
}

// exponentials is a job of compute tasks of exponential length.
func exponentials(n int, seed uint64) Job {
	rng := rand.New(rand.NewPCG(seed, 77))
	j := Job{}
	for range n {
		j.Tasks = append(j.Tasks, Task{{Compute, exponential(rng, ms)}})
	}
	return j
}

// efficiency is work over workers times time.
func efficiency(t *testing.T, j Job, m Machine) float64 {
	t.Helper()
	out := run(t, j, m)
	return float64(out.Parts[contract.Useful]) / (float64(out.Workers) * float64(out.Time))
}

// By hand: the same cases as of the strategies.
func TestSchedules(t *testing.T) {
	s := time.Second
	longFirst := lengths(append(slices.Repeat([]time.Duration{8 * s}, 4), slices.Repeat([]time.Duration{s}, 12)...)...)
	ramp := lengths(s, 2*s, 3*s, 4*s, 5*s, 6*s, 7*s, 8*s)
	for _, tt := range []struct {
		schedule Schedule
		job      Job
		workers  int
		want     time.Duration
	}{
		{Static, Equal(0, 10, Phase{Compute, s}), 4, 3 * s},
		{Static, ramp, 2, 26 * s},
		{Static, longFirst, 4, 32 * s},
		{Cyclic, ramp, 2, 20 * s},
		{Cyclic, longFirst, 4, 11 * s},
		{Guided, longFirst, 4, 32 * s},
		{Guided, Equal(0, 64, Phase{Compute, s}), 4, 16 * s},
		{Steal, Equal(0, 64, Phase{Compute, s}), 4, 16 * s},
		{Shared, longFirst, 4, 11 * s},
		{"", longFirst, 4, 11 * s},
	} {
		m := Machine{Workers: tt.workers, Schedule: tt.schedule}
		if got := run(t, tt.job, m).Time; got != tt.want {
			t.Errorf("%s, %d workers: %v, want %v", tt.schedule, tt.workers, got, tt.want)
		}
	}
}

// Where tasks of equal length, all sent beforehand, go with 4 workers and seed 3.
// The strategies of the same names have this list in their test.
func TestSent(t *testing.T) {
	for schedule, want := range sent {
		s := &sim{plan: plan{Machine: Machine{Schedule: schedule, Seed: 3}}, tasks: Equal(0, 16, Phase{Compute, 1}).Tasks, workers: make([]worker, 4)}
		p := s.deal().(*pushed)
		to := make([]int, p.sent)
		for w, q := range p.queued {
			for _, task := range q {
				to[task] = w
			}
		}
		if got := fmt.Sprint(to); got != want {
			t.Errorf("%s: %s, want %s", schedule, got, want)
		}
	}
}

// The long run of sending to random queues. With exponential lengths the network
// has a product form: n/(2n − 1) of the workers are busy.
func TestRandomDispatch(t *testing.T) {
	const tasks = 100_000
	for _, n := range []int{1, 2, 4, 8, 16} {
		want := float64(n) / float64(2*n-1)
		if got := efficiency(t, exponentials(tasks, uint64(n)), Machine{Workers: n, Schedule: Random}); math.Abs(got-want) > 0.01 {
			t.Errorf("random, exponential lengths, n = %d: %.4f of the workers are busy, want %.4f", n, got, want)
		}
	}
	equal := Equal(0, tasks, Phase{Compute, ms})
	for _, tt := range []struct {
		schedule Schedule
		want     float64
	}{
		{Shared, 1}, {Static, 1}, {Cyclic, 1}, {Guided, 1}, {Steal, 1}, {Random, 0.60}, {TwoChoices, 0.757},
	} {
		if got := efficiency(t, equal, Machine{Workers: 16, Schedule: tt.schedule}); math.Abs(got-tt.want) > 0.01 {
			t.Errorf("%s, equal lengths, n = 16: %.4f of the workers are busy, want %.2f", tt.schedule, got, tt.want)
		}
	}
}

// All tasks sent beforehand: n balls in n bins. The mean of the fullest bin is
//
//	E = Σₖ (1 − P(max ≤ k)), P(max ≤ k) = n!/nⁿ · [xⁿ] (Σⱼ≤ₖ xʲ/j!)ⁿ.
func TestMaximumLoad(t *testing.T) {
	const n, runs = 16, 4000
	job := Equal(0, n, Phase{Compute, time.Second})
	mean := func(s Schedule) float64 {
		sum := 0.0
		for seed := range uint64(runs) {
			sum += run(t, job, Machine{Workers: n, Schedule: s, Seed: seed + 1}).Time.Seconds()
		}
		return sum / runs
	}
	want := 0.0
	for k := range n {
		want += 1 - fullestAtMost(n, k)
	}
	got := mean(RandomAll)
	if math.Abs(got-want) > 0.05 {
		t.Errorf("random: the fullest queue has %.3f tasks on average, want %.3f", got, want)
	}
	if two := mean(TwoChoicesAll); !(two < 2.4 && two > 1) {
		t.Errorf("two choices: %.3f tasks, want fewer than %.3f by one or so", two, got)
	}
}

// fullestAtMost is the probability that no bin has more than k of n balls.
func fullestAtMost(n, k int) float64 {
	bin := make([]float64, n+1) // Σ xʲ/j!
	f := 1.0
	for j := range min(k, n) + 1 {
		if j > 0 {
			f *= float64(j)
		}
		bin[j] = 1 / f
	}
	all := make([]float64, n+1)
	all[0] = 1
	for range n {
		next := make([]float64, n+1)
		for i, a := range all {
			for j := 0; i+j <= n; j++ {
				next[i+j] += a * bin[j]
			}
		}
		all = next
	}
	p := all[n]
	for i := 1; i <= n; i++ {
		p *= float64(i) / float64(n)
	}
	return p
}

// Under every schedule each task runs once, workers do one thing at a time, the
// parts add up, the time is within its bounds, and the same machine does the same
// again.
func TestScheduleRules(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 9))
	for i := range 6000 {
		j := randomJob(rng, Compute, Compute, Wait, Locked)
		m := Machine{
			Workers: rng.IntN(7), Cores: rng.IntN(4), Quantum: time.Duration(rng.IntN(4)), Record: true,
			Schedule: Schedules[rng.IntN(len(Schedules))], Seed: rng.Uint64N(5), Run: rng.Uint64N(3),
		}
		out := run(t, j, m)
		ran := make([]time.Duration, len(j.Serial)+len(j.Tasks))
		owner := map[int]int{}
		last, worker := time.Duration(0), -1
		for _, s := range out.Slices {
			if s.Worker != worker {
				last, worker = 0, s.Worker
			}
			if s.Start < last || s.End <= s.Start {
				t.Fatalf("case %d: slice %+v after %v: job %+v on %+v", i, s, last, j, m)
			}
			last = s.End
			switch s.Kind {
			case Compute, Wait, Locked:
				ran[s.Task] += s.End - s.Start
				if w, ok := owner[s.Task]; ok && w != s.Worker {
					t.Fatalf("case %d: task %d ran on workers %d and %d: job %+v on %+v", i, s.Task, w, s.Worker, j, m)
				}
				owner[s.Task] = s.Worker
			}
		}
		for k, task := range slices.Concat(j.Serial, j.Tasks) {
			if ran[k] != task.Time() {
				t.Fatalf("case %d: task %d ran for %v, want %v: job %+v on %+v", i, k, ran[k], task.Time(), j, m)
			}
		}
		b := bound(t, j, m)
		if out.Time < b.Least || out.Time > b.Most {
			t.Fatalf("case %d: T = %v, want within %+v: job %+v on %+v", i, out.Time, b, j, m)
		}
		if got, want := out.Parts.Sum(), time.Duration(out.Workers)*out.Time; got != want {
			t.Fatalf("case %d: parts add up to %v, want %v: job %+v on %+v", i, got, want, j, m)
		}
		if again := run(t, j, m); again.Time != out.Time {
			t.Fatalf("case %d: T = %v and then %v", i, out.Time, again.Time)
		}
	}
}

// Without locks and with a core each, a schedule that deals tasks out takes as
// long as the heaviest share.
func TestDealtOut(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 10))
	for range 500 {
		j := randomJob(rng, Compute, Wait)
		for _, s := range []Schedule{Static, Cyclic} {
			m := Machine{Workers: 1 + rng.IntN(6), Schedule: s}
			if got, b := run(t, j, m).Time, bound(t, j, m); got != b.Least {
				t.Fatalf("%s: T = %v, want %v: job %+v on %+v", s, got, b.Least, j, m)
			}
		}
	}
}

// A worker that steals idles only when no task is left to begin.
func TestStealIsGreedy(t *testing.T) {
	for seed := range uint64(50) {
		j := exponentials(60, seed)
		out := run(t, j, Machine{Workers: 7, Schedule: Steal, Seed: seed + 1, Record: true})
		begun := time.Duration(0)
		ends := map[int]time.Duration{}
		for _, s := range out.Slices {
			begun = max(begun, s.Start)
			ends[s.Worker] = max(ends[s.Worker], s.End)
		}
		for w, end := range ends {
			if end < begun {
				t.Errorf("seed %d: worker %d is done at %v, and a task begins at %v", seed, w, end, begun)
			}
		}
	}
}

func TestBadSchedules(t *testing.T) {
	for _, tt := range []struct {
		m    Machine
		want string
	}{
		{Machine{Schedule: "magic"}, `Schedule is "magic": it must be one of`},
		{Machine{Workers: 2, Schedule: Static, Dispatch: 5}, "they are of the shared queue, and the schedule is static"},
		{Machine{Workers: 2, Schedule: Random, Chunk: 2}, "they are of the shared queue"},
	} {
		if _, err := Run(context.Background(), Equal(0, 3, Phase{Compute, 1}), tt.m); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v, want %s", tt.m, err, tt.want)
		}
	}
}

var sent = map[Schedule]string{
	"random":        "[3 0 0 3]",
	"randomall":     "[3 0 0 3 0 3 3 1 2 1 2 3 1 0 3 2]",
	"twochoices":    "[3 0 0 1]",
	"twochoicesall": "[3 0 0 1 2 2 1 3 2 0 1 3 0 3 2 1]",
}
