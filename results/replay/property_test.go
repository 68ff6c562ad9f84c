package replay

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// run runs a job that must run.
func run(t testing.TB, j Job, m Machine) *Outcome {
	t.Helper()
	out, err := Run(context.Background(), j, m)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// randomJob is a small job of small times, so that much happens at the same
// instant.
func randomJob(rng *rand.Rand, kinds ...Kind) Job {
	list := func(n int) []Task {
		out := make([]Task, n)
		for i := range out {
			for range rng.IntN(4) {
				out[i] = append(out[i], Phase{kinds[rng.IntN(len(kinds))], time.Duration(rng.IntN(12))})
			}
		}
		return out
	}
	return Job{Serial: list(rng.IntN(3)), Tasks: list(1 + rng.IntN(25))}
}

func randomMachine(rng *rand.Rand) Machine {
	m := Machine{
		Workers:  rng.IntN(9),
		Cores:    rng.IntN(5),
		Dispatch: time.Duration(rng.IntN(3)),
		Quantum:  time.Duration(rng.IntN(5)),
		Record:   true,
	}
	if m.Workers > 0 {
		m.Chunk = rng.IntN(5)
	}
	if rng.IntN(4) == 0 {
		m.Interpreter, m.Switch, m.Processes = true, time.Duration(1+rng.IntN(5)), rng.IntN(3) == 0
	}
	return m
}

// hold runs the job and holds the outcome against everything that is known.
func hold(t *testing.T, j Job, m Machine) *Outcome {
	t.Helper()
	m.Record = true
	out := run(t, j, m)
	judge(t, j, m, out)
	b, err := Bound(j, m)
	if err != nil {
		t.Fatal(err)
	}
	if out.Time < b.Least || out.Time > b.Most {
		t.Errorf("T = %v, want it within %+v", out.Time, b)
	}
	if b.Span > b.BurdenedSpan || max(b.BurdenedSpan, b.Lock) > b.Least || b.Span > b.Work {
		t.Errorf("bounds %+v are out of order", b)
	}
	m.Record = false
	if diff := cmp.Diff(run(t, j, m), &Outcome{Time: out.Time, Workers: out.Workers, Parts: out.Parts}); diff != "" {
		t.Errorf("without slices (-got +want):\n%s", diff)
	}
	return out
}

func TestRandomJobs(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 1))
	for i := range randomJobs {
		j, m := randomJob(rng, Compute, Compute, Wait, Locked), randomMachine(rng)
		hold(t, j, m)
		if t.Failed() {
			t.Fatalf("case %d: job %+v on machine %+v", i, j, m)
		}
	}
}

// Handing out chunks is the same as longer tasks.
func TestChunkIsMerge(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 2))
	for range 2000 {
		j, m := randomJob(rng, Compute, Wait, Locked), randomMachine(rng)
		m.Record = false
		m.Workers = max(1, m.Workers)
		merged := m
		merged.Chunk = 1
		if diff := cmp.Diff(run(t, j, m), run(t, j.Merge(max(1, m.Chunk)), merged)); diff != "" {
			t.Fatalf("chunks against merged tasks (-chunks +merged):\n%s\njob %+v on machine %+v", diff, j, m)
		}
	}
}

// With a core each, no lock and nothing to pay for a hand-out, one more worker
// never makes it slower, and neither does a shorter task.
func TestMonotone(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 3))
	for range 2000 {
		j := randomJob(rng, Compute, Wait)
		for n := 1; n < 8; n++ {
			fewer, more := run(t, j, Machine{Workers: n}).Time, run(t, j, Machine{Workers: n + 1}).Time
			if more > fewer {
				t.Fatalf("T(%d) = %v, T(%d) = %v: job %+v", n, fewer, n+1, more, j)
			}
			shorter, err := j.Scale(Wait, 0.5)
			if err != nil {
				t.Fatal(err)
			}
			if got := run(t, shorter, Machine{Workers: n}).Time; got > fewer {
				t.Fatalf("T(%d) = %v with half the waiting, %v before: job %+v", n, got, fewer, j)
			}
		}
	}
}

// A job that is too small for the hand-over, the lock or the cores to matter
// takes as long on every machine.
func TestOneTask(t *testing.T) {
	task := Phase{Compute, 7}
	rng := rand.New(rand.NewPCG(7, 4))
	for range 200 {
		m := randomMachine(rng)
		if got, want := run(t, Equal(1, 1, task, Phase{Locked, 2}, Phase{Wait, 4}), m).Time, 26+m.Dispatch; got != want {
			t.Errorf("T = %v, want %v on %+v", got, want, m)
		}
	}
}
