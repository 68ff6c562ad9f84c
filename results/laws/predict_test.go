package laws

import (
	"math/rand/v2"
	"testing"
)

// predicted is how often a new measurement at twice the largest level falls
// into the prediction interval.
func (s sim) predicted(t testing.TB, runs int, seed uint64) float64 {
	rng := rand.New(rand.NewPCG(seed, 13))
	last := s.levels[len(s.levels)-1]
	far := s
	far.levels, far.repeats = []float64{2 * last}, 1
	hits := 0.0
	for range runs {
		d, err := reduce(s.curve(rng), LogTime)
		if err != nil {
			t.Fatal(err)
		}
		f := d.finish(d.solve(s.law), 0.95)
		iv := f.Predict(2*last, 0.95).Interval
		got := f.T1.Value / far.curve(rng).Points[0].Samples[0].Time
		if iv.Low <= got && got <= iv.High {
			hits++
		}
	}
	return hits / float64(runs)
}

func TestPredict(t *testing.T) {
	s := sim{law: Amdahl, p: []float64{0.05}, levels: powers(16), repeats: 6, noise: 0.03}
	if got := s.predicted(t, 400, 1); got < 0.92 || got > 0.99 {
		t.Errorf("prediction intervals hold a new measurement in %.1f %%, want about 95", 100*got)
	}
	f := fitOf(t, s.curve(rand.New(rand.NewPCG(1, 1))), Amdahl, LogTime)
	p, l := f.Predict(64, 0), f.SpeedupAt(64, 0)
	if p.Value != f.Speedup(64) || p.Interval.Low >= l.Interval.Low || p.Interval.High <= l.Interval.High {
		t.Errorf("prediction %v %v, law %v: want the same value and a wider interval", p.Value, *p.Interval, *l.Interval)
	}
	if f.Extrapolates(32) || !f.Extrapolates(33) {
		t.Errorf("beyond twice 16: 32 is %t and 33 is %t, want false and true", f.Extrapolates(32), f.Extrapolates(33))
	}

	// A fit made by hand answers from what it shows.
	hand := &Fit{Law: USL, T1: Estimate{Value: 2}, Params: []Param{{Estimate: Estimate{Value: 0.1}}, {Estimate: Estimate{Value: 0.01}}}}
	near(t, "Time(4)", hand.Time(4), 2*(0.25+0.075+0.03), 1e-15)
	near(t, "Speedup(4)", hand.Speedup(4), 1/0.355, 1e-15)
	if e := hand.Predict(4, 0); e.Interval != nil || e.Value != hand.Speedup(4) {
		t.Errorf("prediction by hand = %+v, want the speedup and no interval", e)
	}
}

func BenchmarkPredict(b *testing.B) {
	for _, s := range []sim{
		{law: Amdahl, p: []float64{0.05}, levels: powers(16), repeats: 6, noise: 0.03},
		{law: Amdahl, p: []float64{0.05}, levels: powers(16), repeats: 6, noise: 0.03, shift: 0.02},
		{law: USL, p: []float64{0.05, 0.002}, levels: powers(16), repeats: 6, noise: 0.03},
	} {
		b.Run(s.String(), func(b *testing.B) {
			var hits float64
			for b.Loop() {
				hits = s.predicted(b, 4000, 1)
			}
			b.ReportMetric(100*hits, "%hits")
		})
	}
}
