package charts

import (
	"math"
	"slices"
	"testing"

	"amdahl/results/laws"
)

// Where the lengths of tasks have a known distribution, the speedup panel has the
// bounds of list scheduling, and nowhere else.
func TestListSchedulingLines(t *testing.T) {
	levels := []float64{1, 2, 4, 8, 16}
	on := func(strategy, skew string, sigma float64) *laws.Analysis {
		return analysis(curve("Strong/workload=spin/strategy="+strategy+"/serial=0"+skew+"/cores=slow16", 1e-3, sigma, 0, 10, levels...), amdahlFit(1e-3, sigma))
	}
	names := func(f Figure) (n int) {
		for _, l := range f.Panels[1].Lines {
			if l.Name == "at most, by work and span" || l.Name == "at least, by list scheduling" {
				n++
			}
		}
		return n
	}
	f := Scaling([]*laws.Analysis{on("fixed", "/skew=exponential", 0.01), on("static", "/skew=exponential", 0.05)}, Options{})
	goldenPicture(t, "skewed", f)
	if got := names(f); got != 2 {
		t.Errorf("skewed tasks: %d bounds, want 2", got)
	}
	most := f.Panels[1].Lines[slices.IndexFunc(f.Panels[1].Lines, func(l Line) bool { return l.Name == "at most, by work and span" })]
	harmonic := 0.0 // of 64 tasks, as the points say
	for k := 1; k <= 64; k++ {
		harmonic += 1 / float64(k)
	}
	if end := most.At[len(most.At)-1]; math.Abs(end.Y-64/harmonic) > 1e-9 {
		t.Errorf("with %v workers at most %v, want %v", end.X, end.Y, 64/harmonic)
	}
	for _, as := range [][]*laws.Analysis{
		{on("fixed", "", 0.01), on("static", "", 0.05)},
		{on("fixed", "/skew=odd", 0.01)},
		{on("fixed", "/skew=ramp", 0.01), on("static", "/skew=heavy", 0.05)},
	} {
		if got := names(Scaling(as, Options{})); got != 0 {
			t.Errorf("%s: %d bounds, want none", as[0].Curve.Name.String(), got)
		}
	}
}
