package truth

import (
	"maps"
	"math"
	"slices"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/stats"
)

// trend is the relative change of all times from the first round to the last:
// the slope over rounds of the mean, over levels, of log time less the mean of
// its level, with Student's interval at 95 %. It is nil for fewer than three
// rounds in which every level has one sample.
func trend(c *results.Curve) *laws.Estimate {
	sums, counts := map[int]float64{}, map[int]int{} // by round
	for _, p := range c.Points {
		mean := 0.0
		for _, s := range p.Samples {
			mean += math.Log(s.Time) / float64(len(p.Samples))
		}
		for _, s := range p.Samples {
			if s.Round < 1 {
				return nil
			}
			sums[s.Round] += math.Log(s.Time) - mean
			counts[s.Round]++
		}
	}
	var x, y []float64
	for _, round := range slices.Sorted(maps.Keys(counts)) {
		if n := counts[round]; n == len(c.Points) {
			x = append(x, float64(round))
			y = append(y, sums[round]/float64(n))
		}
	}
	if len(x) < 3 {
		return nil
	}
	e := stats.TrendOf(x, y).Change(0.95)
	return &laws.Estimate{Value: math.Expm1(e.Value), Interval: &laws.Interval{Low: math.Expm1(e.Interval.Low), High: math.Expm1(e.Interval.High)}}
}
