package where

import (
	"fmt"
	"math"
	"slices"

	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/why"
	"amdahl/results/words"
)

// times are what was paid at one worker and at a higher level, in s of a task, by the rounds
// without profiles.
type times struct{ low, high stats.Estimate }

// leastTimes is the fewest timed rounds that say how much times spread.
const leastTimes = 3

// medianSpread is by how much the standard error of a median exceeds that of a mean, of many
// samples of a normal distribution: √(π/2).
var medianSpread = math.Sqrt(math.Pi / 2)

// timesOf are the times of two levels.
func timesOf(a *laws.Analysis, low, high *why.Level) (t times, err error) {
	if t.low, err = paidAt(a, low); err == nil {
		t.high, err = paidAt(a, high)
	}
	return t, err
}

// paidAt is what was paid at a level, with the interval of its time: that of the median from
// order statistics, which needs six rounds, and with fewer Student's, of the logarithms.
func paidAt(a *laws.Analysis, l *why.Level) (stats.Estimate, error) {
	i := slices.IndexFunc(a.Levels, func(at stats.Level) bool { return at.N == l.Workers })
	if i < 0 {
		return stats.Estimate{}, fmt.Errorf("no timed round at %s", words.Workers(l.Workers))
	}
	at := a.Levels[i]
	if r := a.Curve.Rounds; at.Samples < leastTimes && len(r.LeftOut) > 0 {
		return stats.Estimate{}, fmt.Errorf("%w where %s loses time: only %d of %d rounds got the processors that they need: measure again on a quiet machine, as with amdahl run --wait 5m", ErrBusy, a.Curve.Name, r.Kept, r.Total)
	}
	if at.Samples < leastTimes {
		return stats.Estimate{}, fmt.Errorf("%s at %s: at least %d are needed for an interval: measure again with amdahl run --why --rounds 6", words.Count(at.Samples, "timed round"), words.Workers(l.Workers), leastTimes)
	}
	down, up := 0.0, 0.0 // logarithms
	if iv := at.Time.Interval; iv != nil && iv.Low > 0 {
		down, up = math.Log(at.Time.Value/iv.Low), math.Log(iv.High/at.Time.Value)
	} else {
		var list []float64
		for _, p := range a.Curve.Points {
			for _, s := range p.Samples {
				if p.Workers == l.Workers && stats.Positive(s.Time) {
					list = append(list, math.Log(s.Time))
				}
			}
		}
		_, ss := stats.MeanSS(list)
		n := float64(len(list))
		down = stats.StudentT(confidenceOf(a), n-1) * medianSpread * math.Sqrt(ss/(n-1)/n)
		up = down
	}
	return stats.Estimate{Value: l.Paid, Interval: &stats.Interval{Low: l.Paid * math.Exp(-down), High: l.Paid * math.Exp(up)}}, nil
}

func confidenceOf(a *laws.Analysis) float64 {
	if a.Confidence == 0 {
		return 0.95
	}
	return a.Confidence
}

// loss is what more was paid at the higher level.
func (t times) loss() stats.Estimate { return stats.Difference(t.high, t.low) }

// widen widens the interval of a value that was computed as of does from what was paid at the
// two levels, by the intervals of those: each deviation that an end of them makes is added to
// its side by squares.
//
// Source: G. Y. Zou, A. Donner: Construction of confidence limits about effect measures: a
// general approach, Statistics in Medicine 27, 2008 (the method of variance estimates recovery).
func (t times) widen(e stats.Estimate, of func(high, low float64) float64) stats.Estimate {
	down, up := e.Value-e.Interval.Low, e.Interval.High-e.Value
	at := of(t.high.Value, t.low.Value)
	for _, ends := range [][2]float64{
		{of(t.high.Interval.Low, t.low.Value), of(t.high.Interval.High, t.low.Value)},
		{of(t.high.Value, t.low.Interval.Low), of(t.high.Value, t.low.Interval.High)},
	} {
		down = math.Hypot(down, max(0, at-min(ends[0], ends[1])))
		up = math.Hypot(up, max(0, max(ends[0], ends[1])-at))
	}
	return stats.Estimate{Value: e.Value, Interval: &stats.Interval{Low: e.Value - down, High: e.Value + up}}
}

// cost is what a place costs at a step: parts are its parts of the growth of a cause, one of
// every round. No parts are none.
func (s step) cost(c *why.Cause, parts []float64, t times, confidence float64) stats.Estimate {
	if len(parts) == 0 {
		return stats.Estimate{Interval: &stats.Interval{}}
	}
	e, part := s.varied(c, parts, confidence)
	before, after := s.shares(c)
	return t.widen(e, func(high, low float64) float64 { return part * (after*high - before*low) })
}

// share is the share of the loss at a step that a place has.
func (s step) share(c *why.Cause, parts []float64, t times, confidence float64) stats.Estimate {
	e, part := s.varied(c, parts, confidence)
	loss := s.high.Paid - s.low.Paid
	e.Value /= loss
	e.Interval = &stats.Interval{Low: e.Interval.Low / loss, High: e.Interval.High / loss}
	before, after := s.shares(c)
	return t.widen(e, func(high, low float64) float64 { return part * (after*high - before*low) / (high - low) })
}

// shares are those of a cause in what is paid, at one worker and at the level.
func (s step) shares(c *why.Cause) (before, after float64) {
	before, _ = s.low.Share(c)
	after, _ = s.high.Share(c)
	return before, after
}

// varied is the mean part of a place times the growth of its cause, with the interval that the
// traced rounds give: see [stats.Jackknife].
func (s step) varied(c *why.Cause, parts []float64, confidence float64) (e stats.Estimate, part float64) {
	n := float64(len(parts))
	sum := 0.0
	for _, v := range parts {
		sum += v
	}
	total := growth(c, s.low, s.high)
	var without []float64
	for i, v := range parts {
		left := total
		if s.without != nil {
			left = max(0, growth(c, s.without[i].low, s.without[i].high))
		}
		without = append(without, (sum-v)/(n-1)*left)
	}
	return stats.Jackknife(sum/n*total, without, confidence), sum / n
}
