package truth

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/replay"
)

// dispatched simulates jobs of tasks of exponential length under a schedule, six
// rounds with lengths of their own, and analyses their curve.
func dispatched(t *testing.T, s replay.Schedule, tasks int) *laws.Analysis {
	t.Helper()
	c := &results.Curve{Name: results.ParseName("Strong/workload=spin/cores=simulated"), X: "workers", Kind: results.Strong}
	for _, n := range []int{1, 2, 4, 8, 16} {
		p := results.Point{Workers: float64(n), Tasks: float64(tasks)}
		for round := range 6 {
			rng := rand.New(rand.NewPCG(uint64(round), 5))
			var j replay.Job
			for range tasks {
				j.Tasks = append(j.Tasks, replay.Task{{Kind: replay.Compute, Time: time.Duration(rng.ExpFloat64() * 1e6)}})
			}
			out, err := replay.Run(context.Background(), j, replay.Machine{Workers: n, Schedule: s, Seed: uint64(round + 1)})
			if err != nil {
				t.Fatal(err)
			}
			p.Samples = append(p.Samples, results.Sample{Time: out.Time.Seconds() / float64(tasks), Round: round + 1})
		}
		c.Points = append(c.Points, p)
	}
	a, err := laws.Analyze(c, laws.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// What the simulator makes of sending tasks to random queues is taken for random
// dispatch, and what it makes of a shared queue is not.
func TestDispatchIsFound(t *testing.T) {
	const tasks = 8000
	a := dispatched(t, replay.Random, tasks)
	if a.Chosen == nil || a.Chosen.Law != laws.Random || a.Diagnosis[0].Code != "random" {
		t.Errorf("random queues: %v, %v, want random dispatch", a.Verdict, a.Diagnosis)
	}
	for _, s := range []replay.Schedule{replay.Shared, replay.Steal, replay.TwoChoices, replay.RandomAll} {
		if a := dispatched(t, s, tasks); a.Chosen != nil && a.Chosen.Law == laws.Random {
			t.Errorf("%s: random dispatch was chosen", s)
		}
	}
}
