package report

import (
	"fmt"
	"math"
	"strconv"

	"golang.org/x/perf/benchunit"

	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// A cell is a number as text, and its interval where it has one.
type cell struct{ Value, Interval string }

// String is the value with its interval.
func (c cell) String() string {
	if c.Interval == "" {
		return c.Value
	}
	return c.Value + " " + c.Interval
}

// newCell prints an estimate and its interval.
func newCell(e laws.Estimate, format func(float64) string) cell {
	c := cell{Value: format(e.Value)}
	if e.Interval != nil {
		c.Interval = interval(e.Interval, format)
	}
	return c
}

// seconds prints a time in a unit that fits: "5.123 ms", "[5.08, 5.17]".
func seconds(e laws.Estimate) cell {
	if !stats.Finite(e.Value) {
		return cell{Value: words.None}
	}
	scale := benchunit.Scaler{Prec: 1, Factor: 1}
	if math.Abs(e.Value) < 1000 {
		scale = benchunit.CommonScale([]float64{e.Value}, benchunit.Decimal)
	}
	c := newCell(e, func(v float64) string { return fmt.Sprintf("%.*f", scale.Prec, v/scale.Factor) })
	c.Value += " " + scale.Prefix + "s"
	return c
}

// plain prints a number without a unit: "0.103", "[0.0981, 0.109]". An
// estimate on its bound has one end: "0", "≤ 2.1e-05".
func plain(e laws.Estimate) cell {
	if !stats.Finite(e.Value) {
		return cell{Value: words.None}
	}
	c := newCell(e, words.Ratio)
	if i := e.Interval; i != nil && i.OneSided && e.Value >= i.High && i.Low < i.High { // on an upper bound
		c.Interval = "(≥ " + words.Ratio(i.Low) + ")"
	}
	return c
}

// interval prints an interval; an end without a bound is left out.
func interval(i *laws.Interval, format func(float64) string) string {
	low, high := stats.Finite(i.Low), stats.Finite(i.High)
	switch {
	case low && high && i.OneSided:
		return "(≤ " + format(i.High) + ")"
	case low && high:
		return "[" + format(i.Low) + ", " + format(i.High) + "]"
	case low:
		return "(≥ " + format(i.Low) + ")"
	case high:
		return "(≤ " + format(i.High) + ")"
	}
	return ""
}

// ceiling prints the largest speedup of a law, never below the 1 of one worker.
// Where the data set no upper end, it is only known to be at least so much; what
// is beyond a million says nothing.
func ceiling(e laws.Estimate) cell {
	const most = 1e6
	i := e.Interval
	switch {
	case i != nil && i.Low > most || i == nil && !(e.Value <= most):
		return cell{Value: words.None}
	case i != nil && !(i.High <= most):
		return cell{Value: "≥ " + words.Number(max(i.Low, 1))}
	case !(e.Value <= most):
		return cell{Value: words.None}
	}
	c := laws.Estimate{Value: max(e.Value, 1)}
	if i != nil {
		c.Interval = &laws.Interval{Low: max(i.Low, 1), High: max(i.High, 1)}
	}
	return plain(c)
}

// peak prints the best speedup and the workers that give it: "5.3 @ 23",
// or, as a peak is flat, the range of workers: "5.3 @ 18–31".
func peak(f *laws.Fit) cell {
	if f.Peak == nil || !stats.Finite(f.Peak.Value) {
		return cell{Value: words.None}
	}
	at := words.Whole(f.Peak.Value)
	if i := f.Peak.Interval; i != nil {
		switch {
		case stats.Finite(i.Low) && stats.Finite(i.High) && words.Whole(i.Low) != words.Whole(i.High):
			at = words.Whole(i.Low) + "–" + words.Whole(i.High)
		case stats.Finite(i.Low) && !stats.Finite(i.High):
			at = "≥ " + words.Whole(i.Low)
		}
	}
	if f.MaxSpeedup == nil || !stats.Finite(f.MaxSpeedup.Value) {
		return cell{Value: "@ " + at}
	}
	return cell{Value: words.Number(f.MaxSpeedup.Value) + " @ " + at}
}

// rough prints a number to one digit.
func rough(v float64) string {
	one, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 0, 64), 64)
	return words.Number(one)
}

// poolSize prints the fewest workers within 5 % of the best: "45".
func poolSize(s *laws.PoolSize) cell { return cell{Value: strconv.Itoa(s.N)} }
