package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Of a mean, the jackknife gives Student's interval.
func TestJackknifeMean(t *testing.T) {
	list := []float64{3, 5, 4, 9, 1, 2}
	n := float64(len(list))
	m, ss := MeanSS(list)
	var without []float64
	for _, v := range list {
		without = append(without, (n*m-v)/(n-1))
	}
	half := StudentT(0.95, n-1) * math.Sqrt(ss/(n-1)/n)
	e := Jackknife(m, without, 0)
	if e.Value != m || math.Abs(e.Interval.Low-(m-half)) > 1e-12 || math.Abs(e.Interval.High-(m+half)) > 1e-12 {
		t.Errorf("got %v %v, want %v ± %v", e.Value, e.Interval, m, half)
	}
}

// The interval of a product of two means, whose factors vary together from round to round,
// covers the truth about as often as it says; that of a factor that is taken to be known
// does not.
func TestJackknifeCovers(t *testing.T) {
	const runs, n = 2000, 6
	r := rand.New(rand.NewPCG(5, 6))
	covered, less := 0, 0
	for range runs {
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			shared := r.NormFloat64()
			x[i] = 10 + r.NormFloat64() + shared
			y[i] = 5 + 0.5*r.NormFloat64() - 0.3*shared
		}
		mx, ssx := MeanSS(x)
		my, _ := MeanSS(y)
		var without []float64
		for i := range x {
			without = append(without, (n*mx-x[i])/(n-1)*(n*my-y[i])/(n-1))
		}
		if e := Jackknife(mx*my, without, 0.95); e.Interval.Low <= 50 && 50 <= e.Interval.High {
			covered++
		}
		if half := StudentT(0.95, n-1) * math.Sqrt(ssx/(n-1)/n) * my; math.Abs(mx*my-50) <= half {
			less++
		}
	}
	if share := float64(covered) / runs; share < 0.93 || share > 0.97 {
		t.Errorf("95 %% intervals cover the truth in %.1f %% of %d runs", 100*share, runs)
	}
	t.Logf("the spread of one factor alone: %.1f %%", 100*float64(less)/runs)
}
