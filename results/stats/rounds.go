package stats

import "math"

// A RoundEffect is what whole rounds of a measurement share: a machine that is
// slower in some rounds than in others, and stays so for a while.
type RoundEffect struct {
	Variance    float64 // γ: of one round about the long-run mean
	Correlation float64 // ρ: of a round with the next one, 0 to 0.9
	Inflation   float64 // τ: how many times the variance of the mean exceeds γ/Rounds
	DF          float64 // ν: degrees of freedom of Variance
	Rounds      float64 // R
}

// RoundEffectOf estimates the effect from the means of at least four rounds, in
// the order in which they ran. With S² the variance of the means and r their
// lag-1 correlation,
//
//	ρ = clip((R·r + 0.7)/(R − 3), 0, 0.9)
//	τ = 1 + 2·Σ (1 − k/R)·ρᵏ     for k = 1 … R−1
//	γ = S²/max(1 − (τ − 1)/(R − 1), 0.05)
//	ν = max(R/τ, 4) − 1
//
// The first line removes most of the bias of r in short series (all of it with 1
// in place of 0.7, which makes intervals of independent rounds too wide), the second and third are
// the variance of the mean of an autoregressive series. Fewer than 20 rounds
// cannot show a strong dependence: with ρ = 0.8 and 10 rounds an interval of
// 95 % for the mean covers about 82 %.
//
// Source: M. G. Kendall, Note on bias in the estimation of autocorrelation,
// Biometrika 41, 1954; G. E. P. Box, G. M. Jenkins, Time Series Analysis, 1976,
// section 2.1.5.
func RoundEffectOf(means []float64) RoundEffect {
	R := float64(len(means))
	mean, ss := MeanSS(means)
	var lag float64
	for i := 1; i < len(means); i++ {
		lag += (means[i-1] - mean) * (means[i] - mean)
	}
	e := RoundEffect{Rounds: R, Inflation: 1}
	if ss > 0 {
		e.Correlation = min(max((R*lag/ss+0.7)/(R-3), 0), 0.9)
	}
	power := 1.0
	for k := 1; k < len(means) && power > 1e-12; k++ {
		power *= e.Correlation
		e.Inflation += 2 * (1 - float64(k)/R) * power
	}
	e.Variance = ss / (R - 1) / max(1-(e.Inflation-1)/(R-1), 0.05)
	e.DF = max(R/e.Inflation, 4) - 1
	return e
}

// Mean is the half width of the interval of the long-run mean.
func (e RoundEffect) Mean(confidence float64) float64 {
	return StudentT(confidence, e.DF) * math.Sqrt(e.Variance*e.Inflation/e.Rounds)
}

// Next is the half width of an interval that holds the effect of one further
// round, seen from the mean of these.
func (e RoundEffect) Next(confidence float64) float64 {
	return StudentT(confidence, e.DF) * math.Sqrt(e.Variance*(1+e.Inflation/e.Rounds))
}
