package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// series is R round means of an autoregressive process of unit variance.
func series(rng *rand.Rand, R int, rho float64) []float64 {
	v := make([]float64, R+1) // the last is a new round
	x := rng.NormFloat64()
	for i := range v {
		v[i] = x
		x = rho*x + math.Sqrt(1-rho*rho)*rng.NormFloat64()
	}
	return v
}

// Intervals of the mean cover 0, and intervals of a new round cover one far from
// those measured, as often as the documentation says.
func TestRoundEffect(t *testing.T) {
	for _, tt := range []struct {
		rounds          int
		rho             float64
		least, leastNew float64
	}{
		{6, 0, 0.95, 0.95}, {6, 0.8, 0.77, 0.85}, {10, 0, 0.95, 0.94}, {10, 0.5, 0.88, 0.93}, {30, 0.8, 0.88, 0.93},
	} {
		rng := rand.New(rand.NewPCG(1, uint64(tt.rounds)))
		const runs = 2000
		var mean, next float64
		for range runs {
			means := series(rng, tt.rounds, tt.rho)[:tt.rounds]
			e := RoundEffectOf(means)
			m, _ := MeanSS(means)
			if math.Abs(m) <= e.Mean(0.95) {
				mean += 1.0 / runs
			}
			if math.Abs(rng.NormFloat64()-m) <= e.Next(0.95) {
				next += 1.0 / runs
			}
		}
		if mean < tt.least || next < tt.leastNew {
			t.Errorf("%d rounds, ρ = %g: intervals of the mean cover %.3f, of a new round %.3f, want at least %g and %g", tt.rounds, tt.rho, mean, next, tt.least, tt.leastNew)
		}
	}
	if e := RoundEffectOf([]float64{1, 1, 1, 1}); e.Variance != 0 || e.Inflation != 1 || e.DF != 3 {
		t.Errorf("equal rounds: %+v, want no variance", e)
	}
}
