package why

import (
	"math"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/stats"
)

// A slowdown is by how much a trace, or profiles, slowed a level down, as a share: the ratio of the medians
// less 1, with the 95 % interval of Welch's test on the logarithms of the times.
type slowdown struct{ workers, share, low, high float64 }

// leastCompared is the fewest timed and traced rounds that tell a slowdown from noise.
const leastCompared = 3

// certain is a slowdown, as a share, that no noise makes.
const certain = 1

// tooMuch reports whether it is above [mostCost], and more than noise.
func (s slowdown) tooMuch() bool { return s.share > mostCost && (s.low > 0 || s.share > certain) }

// costOf is the largest slowdown of all levels: of those that are too much, if there are any.
func costOf(points []results.Point, levels map[float64][]run) (most slowdown) {
	for _, p := range points {
		s, ok := slowed(p, levels[p.Workers])
		if ok && (s.tooMuch() && !most.tooMuch() || s.tooMuch() == most.tooMuch() && s.share > most.share) {
			most = s
		}
	}
	return most
}

func slowed(p results.Point, runs []run) (s slowdown, ok bool) {
	var timed, traced []float64
	for _, x := range p.Samples {
		timed = append(timed, x.Time*p.Tasks)
	}
	for _, r := range runs {
		traced = append(traced, r[sec(contract.UnitTraced)])
	}
	if len(timed) == 0 || len(traced) == 0 {
		return s, false
	}
	s = slowdown{workers: p.Workers, share: stats.Median(traced)/stats.Median(timed) - 1, low: math.Inf(-1), high: math.Inf(1)}
	if len(timed) < leastCompared || len(traced) < leastCompared {
		return s, true // nothing is known of the noise
	}
	na, nb := float64(len(timed)), float64(len(traced))
	for i := range timed {
		timed[i] = math.Log(timed[i])
	}
	for i := range traced {
		traced[i] = math.Log(traced[i])
	}
	a, va := stats.MeanSS(timed)
	b, vb := stats.MeanSS(traced)
	va, vb = va/(na-1)/na, vb/(nb-1)/nb // of the means
	half := 0.0
	if v := va + vb; v > 0 {
		df := v * v / (va*va/(na-1) + vb*vb/(nb-1)) // Welch and Satterthwaite
		half = stats.StudentT(0.95, df) * math.Sqrt(v)
	}
	s.low, s.high = math.Expm1(b-a-half), math.Expm1(b-a+half)
	return s, true
}
