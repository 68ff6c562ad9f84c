package replay

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

func TestEdits(t *testing.T) {
	j := Job{
		Serial: []Task{{{Locked, 3}}, {{Wait, 5}}},
		Tasks:  []Task{{{Compute, 7}, {Locked, 2}}, {}, {{Wait, 1}}},
	}
	half, err := j.Scale(Compute, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	noWait, err := j.Scale(Wait, 0)
	if err != nil {
		t.Fatal(err)
	}
	before := j.each(func(p Phase) Phase { return p })
	for _, c := range []struct {
		name      string
		got, want Job
	}{
		{"without lock", j.WithoutLock(), Job{
			Serial: []Task{{{Compute, 3}}, {{Wait, 5}}},
			Tasks:  []Task{{{Compute, 7}, {Compute, 2}}, {}, {{Wait, 1}}},
		}},
		{"without serial", j.WithoutSerial(), Job{Tasks: []Task{{{Locked, 3}}, {{Wait, 5}}, {{Compute, 7}, {Locked, 2}}, {}, {{Wait, 1}}}}},
		{"half the compute, rounded", half, Job{Serial: j.Serial, Tasks: []Task{{{Compute, 4}, {Locked, 2}}, {}, {{Wait, 1}}}}},
		{"no waiting", noWait, Job{
			Serial: []Task{{{Locked, 3}}, {{Wait, 0}}},
			Tasks:  []Task{{{Compute, 7}, {Locked, 2}}, {}, {{Wait, 0}}},
		}},
		{"split", j.Split(3), Job{Serial: j.Serial, Tasks: []Task{
			{{Compute, 3}, {Locked, 1}}, {{Compute, 2}, {Locked, 1}}, {{Compute, 2}, {Locked, 0}},
			{}, {}, {},
			{{Wait, 1}}, {{Wait, 0}}, {{Wait, 0}},
		}}},
		{"split in one", j.Split(0), j},
		{"merge two", j.Merge(2), Job{Serial: j.Serial, Tasks: []Task{{{Compute, 7}, {Locked, 2}}, {{Wait, 1}}}}},
		{"merge all", j.Merge(math.MaxInt), Job{Serial: j.Serial, Tasks: []Task{{{Compute, 7}, {Locked, 2}, {Wait, 1}}}}},
		{"merge one", j.Merge(-1), j},
		{"equal", Equal(1, 2, Phase{Wait, 4}), Job{Serial: []Task{{{Wait, 4}}}, Tasks: []Task{{{Wait, 4}}, {{Wait, 4}}}}},
		{"equal, less than none", Equal(-1, 1), Job{Serial: []Task{}, Tasks: []Task{nil}}},
		{"the job itself", j, before},
	} {
		t.Run(c.name, func(t *testing.T) { same(t, c.got, c.want) })
	}
}

// No edit but Scale changes the work.
func TestEditsKeepWork(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 1))
	for range 500 {
		j := randomJob(rng, Compute, Wait, Locked)
		want := run(t, j, Machine{Workers: 1}).Time
		for name, edited := range map[string]Job{
			"without lock": j.WithoutLock(), "without serial": j.WithoutSerial(), "split": j.Split(1 + rng.IntN(5)), "merge": j.Merge(1 + rng.IntN(5)),
		} {
			if got := run(t, edited, Machine{Workers: 1}).Time; got != want {
				t.Fatalf("%s: T(1) = %v, want %v: job %+v", name, got, want, j)
			}
		}
	}
}

func TestScaleErrors(t *testing.T) {
	j := Equal(0, 1, Phase{Compute, time.Hour})
	for _, c := range []struct {
		kind   Kind
		factor float64
		want   string
	}{
		{Dispatch, 1, `replay: scale: kind "dispatch": it must be "compute", "wait" or "locked"`},
		{Compute, -1, "replay: scale: compute by -1: a number from 0 is needed"},
		{Compute, math.NaN(), "replay: scale: compute by NaN: a number from 0 is needed"},
		{Compute, math.Inf(1), "replay: scale: compute by +Inf: a number from 0 is needed"},
		{Compute, 1e9, "replay: scale: compute of 1h0m0s by 1e+09: more than 292 years"},
	} {
		if _, err := j.Scale(c.kind, c.factor); err == nil || err.Error() != c.want {
			t.Errorf("Scale(%s, %v) = %v, want %s", c.kind, c.factor, err, c.want)
		}
	}
}
