package truth

import (
	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/stats"
)

// roundTrip is the median round trip of a message to the workers of a curve, in
// seconds; 0 if its results have none (metric rtt-ns/op).
func roundTrip(c *results.Curve) float64 {
	var all []float64
	for _, p := range c.Points {
		all = append(all, p.Extra[contract.InSeconds(contract.UnitRTT)]...)
	}
	if len(all) == 0 {
		return 0
	}
	return max(0, stats.Median(all))
}

// withoutRoundTrip is the curve without one round trip R of every operation. The first
// tasks reach remote workers half a round trip after they were sent, and the last
// answer comes half a round trip after its task has ended, whatever the number of
// workers and however many tasks wait with them:
//
//	T(n) = R + σT(1) + (1−σ)T(1)/n
//
// R is measured before each case, so it is known and not fitted. It is not taken off
// where it is not less than the time of an operation. The second value is what was
// taken off, in seconds.
func withoutRoundTrip(c *results.Curve) (*results.Curve, float64) {
	trip := roundTrip(c)
	if trip == 0 {
		return c, 0
	}
	out := *c
	out.Points = nil
	for _, p := range c.Points {
		point := p
		point.Samples = nil
		for _, s := range p.Samples {
			if !(p.Tasks > 0) || s.Time*p.Tasks <= trip {
				return c, 0
			}
			s.Time -= trip / p.Tasks
			point.Samples = append(point.Samples, s)
		}
		out.Points = append(out.Points, point)
	}
	return &out, trip
}
