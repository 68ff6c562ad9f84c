package why

import (
	"math"
	"testing"

	"amdahl/results"
)

// A coarse account gets its useful part from the CPU time at one worker, and
// what goroutines waited is cut to what is left of paid.
func TestDerive(t *testing.T) {
	point := func(n, paid, cpu, gc, runnable, lock float64) results.Point {
		return results.Point{Workers: n, Tasks: 1, Samples: []results.Sample{{Time: paid / n}}, Extra: map[string][]float64{
			"paid-sec/op": {paid}, "cpu-sec/op": {cpu}, "gc-sec/op": {gc}, "runnable-sec/op": {runnable}, "lock-sec/op": {lock},
		}}
	}
	c := &results.Curve{Name: results.ParseName("Index"), Points: []results.Point{
		point(1, 1, 0.9, 0.1, 0.05, 0),
		point(4, 2, 1.3, 0.1, 5, 7), // 0.6 s are left, and 64 goroutines waited for 5
	}}
	s := Of(c)
	if s == nil || len(s.Levels) != 2 {
		t.Fatalf("got %+v, want two levels", s)
	}
	for i, want := range []map[string]float64{
		{"useful": 0.8, "gc": 0.1, "runnable": 0.05, "unattributed": 0.05},
		{"useful": 0.4, "inflation": 0.2, "gc": 0.05, "runnable": 0.35},
	} {
		got := map[string]float64{}
		for _, p := range s.Levels[i].Parts {
			got[string(p.Name)] = p.Share
		}
		for name, share := range want {
			if math.Abs(got[name]-share) > 1e-9 {
				t.Errorf("level %d: %s is %.3f of paid, want %.3f (all: %v)", i, name, got[name], share, got)
			}
		}
	}
	if c.Points[1].Extra["runnable-sec/op"][0] != 5 {
		t.Error("the curve itself was changed")
	}

	// Without a level at one worker nothing is known of what was useful.
	c.Points = c.Points[1:]
	for _, p := range Of(c).Levels[0].Parts {
		if p.Name == "useful" {
			t.Error("useful is told without a level at one worker")
		}
	}
}
