package replay

import (
	"fmt"
	"math"
)

// Lengths is what is known of tasks whose lengths have one of the suite's
// distributions (key skew= of a name): in multiples of the mean length, their
// sum and the expected length of the longest.
type Lengths struct {
	Work    float64 // of all tasks: their number
	Longest float64 // expected
}

// LengthsOf is that of a number of tasks, at least 1. The distributions are
// equal, ramp, exponential, bimodal and heavy; the error is that of another name
// or of no tasks. The expected longest is exact for equal, ramp, exponential
// (1 + 1/2 + … + 1/N) and bimodal; for heavy, bounded Pareto, it is an integral
// to a relative 1e-4.
func LengthsOf(skew string, tasks int) (Lengths, error) {
	if tasks < 1 {
		return Lengths{}, fmt.Errorf("replay: lengths: %d tasks: at least 1 is needed", tasks)
	}
	l := Lengths{Work: float64(tasks), Longest: 1}
	switch skew {
	case "", "equal":
	case "ramp": // rises over 320 tasks
		l.Longest = (2*math.Min(float64(tasks), 320) - 1) / 320
	case "exponential":
		l.Longest = 0
		for k := 1; k <= tasks; k++ {
			l.Longest += 1 / float64(k)
		}
	case "bimodal": // one in ten is ten times as long
		none := math.Pow(0.9, float64(tasks))
		l.Longest = (10*(1-none) + none) / 1.9
	case "heavy": // α = 1.5, at most 100, and such a least length that the mean is 1
		const alpha, least, most, steps = 1.5, 0.3543571591950942, 100.0, 20_000
		tail := 1 - math.Pow(least/most, alpha)
		l.Longest = least
		for k := range steps { // E[max] = least + ∫ (1 − F(x)^N) dx, over even steps of log x
			x := least * math.Pow(most/least, (float64(k)+0.5)/steps)
			f := (1 - math.Pow(least/x, alpha)) / tail
			l.Longest += (1 - math.Pow(f, float64(tasks))) * x * math.Log(most/least) / steps
		}
	default:
		return Lengths{}, fmt.Errorf("replay: lengths: unknown distribution %q", skew)
	}
	return l, nil
}

// Most is the speedup that n workers cannot exceed, for n from 1: n itself, and
// work over span, which is the longest task.
func (l Lengths) Most(n float64) float64 { return math.Min(n, l.Work/l.Longest) }

// Least is the speedup that list scheduling always reaches with n workers, for n
// from 1: T ≤ work/n + (1 − 1/n)·longest.
//
// Source: R. L. Graham, SIAM J. Appl. Math. 17(2), 1969.
func (l Lengths) Least(n float64) float64 {
	return l.Work / (l.Work/n + (1-1/n)*l.Longest)
}
