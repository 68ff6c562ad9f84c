package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"amdahl/results"
)

// curve makes a curve of Amdahl's law with σ: samples from 4.5 % below to 4.5 %
// above the law, in even steps.
func curve(t1, sigma float64, samples int, levels ...float64) *results.Curve {
	c := &results.Curve{Name: results.ParseName("S"), X: "workers", Kind: results.Strong}
	for _, n := range levels {
		p := results.Point{Workers: n}
		for i := range samples {
			p.Samples = append(p.Samples, results.Sample{Time: t1 * (sigma + (1-sigma)/n) * (1 + 0.01*(float64(i)-float64(samples-1)/2))})
		}
		c.Points = append(c.Points, p)
	}
	return c
}

func TestLevels(t *testing.T) {
	c := curve(1, 0, 10, 1, 2)
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
	if l := Levels(curve(1, 0, 10, 2, 4), 0); l[0].Speedup != nil {
		t.Errorf("without a level at 1: got speedup %v, want none", l[0].Speedup)
	}
}

// The interval of a speedup covers the truth at least as often as it says.
func TestSpeedupCovers(t *testing.T) {
	const runs, n = 2000, 10
	rng := rand.New(rand.NewPCG(3, 4))
	times := func(t float64) Estimate {
		v := make([]float64, n)
		for i := range v {
			v[i] = t * math.Exp(0.05*rng.NormFloat64())
		}
		return MedianEstimate(v, 0.95)
	}
	covered := 0
	for range runs {
		s := Quotient(times(3), times(1))
		if s.Interval.Low <= 3 && 3 <= s.Interval.High {
			covered++
		}
	}
	if share := float64(covered) / runs; share < 0.95 {
		t.Errorf("95 %% interval covers %.3f of the time", share)
	}
}
