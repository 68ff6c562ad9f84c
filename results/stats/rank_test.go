package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"golang.org/x/perf/benchmath"
)

// The interval leaves 0 out exactly where the test of benchmath, which is
// benchstat's, rejects at 5 %.
func TestRankShiftIsTheRankTest(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	rejected := 0
	for trial := range 400 {
		a, b := make([]float64, 3+rng.IntN(10)), make([]float64, 3+rng.IntN(10))
		for i := range a {
			a[i] = rng.NormFloat64()
		}
		for i := range b {
			b[i] = rng.NormFloat64() + 1
		}
		e := RankShift(a, b, 0.95)
		th := benchmath.DefaultThresholds
		p := benchmath.AssumeNothing.Compare(benchmath.NewSample(a, &th), benchmath.NewSample(b, &th)).P
		changed := e.Interval != nil && (e.Interval.Low > 0 || e.Interval.High < 0)
		if changed != (p <= 0.05) {
			t.Errorf("trial %d, %d and %d values: interval %+v, p = %g", trial, len(a), len(b), e.Interval, p)
		}
		if changed {
			rejected++
		}
		var all []float64
		for _, x := range a {
			for _, y := range b {
				all = append(all, y-x)
			}
		}
		if want := Median(all); math.Abs(e.Value-want) > 1e-12 {
			t.Errorf("trial %d: shift %g, want %g", trial, e.Value, want)
		}
		slices.Sort(all)
		if iv := e.Interval; iv != nil && (!slices.ContainsFunc(all, func(v float64) bool { return math.Abs(v-iv.Low) < 1e-12 }) || iv.Low > iv.High) {
			t.Errorf("trial %d: interval %v is not made of differences", trial, *iv)
		}
	}
	if rejected < 50 {
		t.Errorf("only %d of 400 rejected", rejected)
	}
	if e := RankShift([]float64{1, 2, 3}, []float64{4, 5, 6}, 0.95); e.Interval != nil {
		t.Errorf("three values: %+v, want no interval", e.Interval)
	}
	// Beyond 40 values the normal approximation is near the exact cut.
	if exact, approximate := rankCut(40, 40, 0.05), rankCut(41, 40, 0.05); math.Abs(float64(approximate-exact)) > 25 {
		t.Errorf("cuts %d and %d", exact, approximate)
	}
}
