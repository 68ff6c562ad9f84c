package gate

import (
	"math"
	"sort"

	"amdahl/results"
	"amdahl/results/stats"
)

const (
	// power is how often the number of samples that is asked for decides.
	power = 0.8
	// MostSamples is the largest number of samples a level that is asked for.
	MostSamples = 10000
	// fewest is the least that is asked for: with it an interval of the median
	// exists too, and rounds can be paired.
	fewest = 6
)

// needed is the smallest number of samples a level with which a bound clears
// its limit in four of five measurements, if the estimate is the truth: 0 if
// that is more than MostSamples.
//
//	(t₀.₉₅(ν′) + t₀.₈(ν′))·s·√(have/m) ≤ far, s = half/t₀.₉₅(ν), ν′ = ν·m/have
//
// Half is the distance from the estimate to its one-sided 95 % bound with have
// samples and ν degrees of freedom, far that from the estimate to the limit, both
// in one unit. Source: J. Cohen, Statistical Power Analysis for the Behavioral
// Sciences, 1988, section 2.4, with Student's quantiles.
func needed(have int, df, half, far float64) int {
	se := half / stats.StudentQuantile(Level, df)
	m := fewest + sort.Search(MostSamples+1-fewest, func(i int) bool {
		m := float64(fewest + i)
		nu := df * m / float64(have)
		return (stats.StudentQuantile(Level, nu)+stats.StudentQuantile(power, nu))*se*math.Sqrt(float64(have)/m) <= far
	})
	if m > MostSamples {
		return 0
	}
	return m
}

// repeats is the smallest number of independent observations at these levels:
// of rounds where every sample knows its round, else of samples.
func repeats(ps ...*results.Point) (have int, rounds bool) {
	rounds = true
	for _, p := range ps {
		for _, s := range p.Samples {
			rounds = rounds && s.Round > 0
		}
	}
	for i, p := range ps {
		if n := len(observations(p, rounds)); i == 0 || n < have {
			have = n
		}
	}
	return have, rounds
}

// observations are the log times of a level that are independent of each other:
// a round's are one, their mean.
func observations(p *results.Point, rounds bool) []float64 {
	var logs []float64
	var count []float64
	seat := map[int]int{}
	for i, s := range p.Samples {
		key := i
		if rounds {
			key = s.Round
		}
		at, ok := seat[key]
		if !ok {
			at = len(logs)
			seat[key] = at
			logs, count = append(logs, 0), append(count, 0)
		}
		count[at]++
		logs[at] += (math.Log(s.Time) - logs[at]) / count[at]
	}
	return logs
}

// paired says whether levels are compared round by round.
func paired(have int, rounds bool) bool { return rounds && have >= fewest }

// freedom is the degrees of freedom of a difference of two levels: of pairs, or
// of two samples that spread alike.
func freedom(have int, rounds bool) float64 {
	if paired(have, rounds) {
		return float64(have - 1)
	}
	return 2 * float64(have-1)
}
