package truth

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"amdahl/results"
	"amdahl/results/laws"
)

// drift is the relative change of all times from the first round to the last:
// the slope over rounds of the mean, over levels, of log time less its level's
// own mean, with Student's interval at 95 %. Every level must have one sample
// a round, as in a whole sweep.
func drift(c *results.Curve) *laws.Estimate {
	var sums, counts []float64
	for _, p := range c.Points {
		mean := 0.0
		for _, s := range p.Samples {
			mean += math.Log(s.Time) / float64(len(p.Samples))
		}
		for _, s := range p.Samples {
			if s.Round < 1 {
				return nil
			}
			for len(sums) < s.Round {
				sums, counts = append(sums, 0), append(counts, 0)
			}
			sums[s.Round-1] += math.Log(s.Time) - mean
			counts[s.Round-1]++
		}
	}
	var x, y []float64
	for i, n := range counts {
		if n == float64(len(c.Points)) {
			x = append(x, float64(i))
			y = append(y, sums[i]/n)
		}
	}
	if len(x) < 3 {
		return nil
	}
	a, b := stat.LinearRegression(x, y, nil, false)
	span := x[len(x)-1] - x[0]
	rss, sxx, xm := 0.0, 0.0, stat.Mean(x, nil)
	for i := range x {
		r := y[i] - a - b*x[i]
		rss += r * r
		sxx += (x[i] - xm) * (x[i] - xm)
	}
	half := distuv.StudentsT{Sigma: 1, Nu: float64(len(x) - 2)}.Quantile(0.975) * math.Sqrt(rss/float64(len(x)-2)/sxx) * span
	at := func(v float64) float64 { return math.Expm1(v) }
	return &laws.Estimate{Value: at(b * span), Interval: &laws.Interval{Low: at(b*span - half), High: at(b*span + half)}}
}
