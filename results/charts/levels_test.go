package charts

import (
	"math"
	"math/rand/v2"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
)

func TestLevels(t *testing.T) {
	c := curve("S", 1, 0, 0, 10, 1, 2)
	c.Points = append(c.Points, results.Point{Workers: 4, Samples: []results.Sample{{Time: 0.3}, {Time: 0.1}}})
	got := Levels(c, 0)
	if len(got) != 3 {
		t.Fatalf("got %d levels, want 3", len(got))
	}
	// Ten samples from 0.955 to 1.045: the second and the ninth bound the
	// median with 97.9 % confidence.
	one := got[0]
	if one.Time.Value != 1 || one.Time.Interval == nil || math.Abs(one.Time.Interval.Low-0.965) > 1e-9 || math.Abs(one.Time.Interval.High-1.035) > 1e-9 {
		t.Errorf("time at 1: got %v %v, want 1 [0.965, 1.035]", one.Time.Value, one.Time.Interval)
	}
	if s := one.Speedup; s == nil || s.Value != 1 || s.Interval != nil {
		t.Errorf("speedup at 1: got %v, want 1 without an interval", s)
	}
	d := math.Hypot(math.Log(1/0.965), math.Log(1.035))
	s := got[1].Speedup
	if s == nil || math.Abs(s.Value-2) > 1e-12 || math.Abs(s.Interval.Low-2*math.Exp(-d)) > 1e-9 || math.Abs(s.Interval.High-2*math.Exp(d)) > 1e-9 {
		t.Errorf("speedup at 2: got %v, want 2 [%g, %g]", s, 2*math.Exp(-d), 2*math.Exp(d))
	}
	few := got[2]
	if few.Samples != 2 || few.Time.Value != 0.2 || few.Time.Interval != nil || few.Speedup.Interval != nil {
		t.Errorf("two samples: got %d samples, time %v, speedup %v: want 2, 0.2 and no interval", few.Samples, few.Time, few.Speedup)
	}
	if l := Levels(curve("S", 1, 0, 0, 10, 2, 4), 0); l[0].Speedup != nil {
		t.Errorf("without a level at 1: got speedup %v, want none", l[0].Speedup)
	}
}

// The interval of a speedup covers the truth at least as often as it says.
func TestSpeedupCovers(t *testing.T) {
	const runs, n = 2000, 10
	rng := rand.New(rand.NewPCG(3, 4))
	times := func(t float64) laws.Estimate {
		v := make([]float64, n)
		for i := range v {
			v[i] = t * math.Exp(0.05*rng.NormFloat64())
		}
		return median(v, 0.95)
	}
	covered := 0
	for range runs {
		s := laws.Quotient(times(3), times(1))
		if s.Interval.Low <= 3 && 3 <= s.Interval.High {
			covered++
		}
	}
	if share := float64(covered) / runs; share < 0.95 {
		t.Errorf("95 %% interval covers %.3f of the time", share)
	}
}
