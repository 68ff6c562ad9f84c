package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/truth"
)

// An attempt is one measurement of a planted serial fraction by one method.
type attempt struct {
	Method  string
	Repeat  int // attempts of one number were made under the same conditions
	Planted float64
	Found   laws.Estimate // σ of Amdahl's law; with two levels the fraction of the upper one
	Samples int
}

// Error is the distance of what was found from what was planted.
func (a attempt) Error() float64 { return math.Abs(a.Found.Value - a.Planted) }

// holds reports whether the interval has the planted fraction in it.
func (a attempt) holds() bool {
	i := a.Found.Interval
	return i != nil && i.Low <= a.Planted && a.Planted <= i.High
}

// A method is a way of measuring, held against a planted fraction several times.
type method struct {
	Name     string
	Attempts []attempt     // by repeat
	Error    laws.Estimate // the median, with its interval from order statistics: nil below six attempts
	Worst    float64       // the largest error
	Holds    int           // attempts whose interval has the truth in it
}

// A contest is two methods that measured the same planted fractions.
type contest struct {
	Methods [2]method // by name
	// Ratio is the first one's median error over the second's. Its interval
	// is a bootstrap over the repeats, since a repeat's conditions are shared.
	Ratio  laws.Estimate
	Closer int // repeats in which the first is closer to the truth
	Pairs  int // repeats that both have
}

// margin is how much smaller the median error of the better method must be
// before the other is called beaten.
const margin = 0.5

// newContest finds the attempts among the analyses: series whose names have
// method=, repeat= and serial=. It is an error if they are not of two methods,
// or if these have no repeat in common.
func newContest(as []*laws.Analysis) (*contest, error) {
	byName := map[string][]attempt{}
	for _, a := range as {
		t, ok, err := attemptOf(a)
		if err != nil {
			return nil, err
		}
		if ok {
			byName[t.Method] = append(byName[t.Method], t)
		}
	}
	if len(byName) != 2 {
		return nil, fmt.Errorf("two methods are compared, there are %d: measure with make contest, whose names have method=, repeat= and serial=", len(byName))
	}
	c := &contest{}
	for i, name := range slices.Sorted(maps.Keys(byName)) {
		c.Methods[i] = newMethod(name, byName[name])
	}
	return c, c.compare()
}

// attemptOf makes an attempt of an analysis; ok is false if its name has no
// method, no repeat or no planted fraction.
func attemptOf(a *laws.Analysis) (t attempt, ok bool, err error) {
	name := a.Curve.Name
	planted, ok, err := truth.Parse(name)
	if err != nil || !ok || planted.Locked > 0 {
		return t, false, err
	}
	t.Planted, t.Method = planted.Serial, name.Value("method")
	if repeat := name.Value("repeat"); repeat != "" {
		if t.Repeat, err = strconv.Atoi(repeat); err != nil || t.Repeat < 1 {
			return t, false, fmt.Errorf("%s:%d: %s: repeat=%s is not a whole number from 1", a.Curve.File, a.Curve.Line, name, repeat)
		}
	}
	if t.Method == "" || t.Repeat == 0 || len(a.KarpFlatt) == 0 && len(a.Fits) == 0 {
		return t, false, nil
	}
	if n := len(a.KarpFlatt); n > 0 { // of the largest level, where no law can be fitted
		t.Found = laws.Estimate{Value: a.KarpFlatt[n-1].Value, Interval: a.KarpFlatt[n-1].Interval}
	}
	for _, f := range a.Fits {
		if f.Law == laws.Amdahl {
			t.Found = f.Param("sigma").Estimate
		}
	}
	for _, p := range a.Curve.Points {
		t.Samples += len(p.Samples)
	}
	return t, true, nil
}

func newMethod(name string, attempts []attempt) method {
	slices.SortStableFunc(attempts, func(a, b attempt) int { return cmp.Compare(a.Repeat, b.Repeat) })
	m := method{Name: name, Attempts: attempts}
	var errs []float64
	for _, a := range attempts {
		errs = append(errs, a.Error())
		m.Worst = max(m.Worst, a.Error())
		if a.holds() {
			m.Holds++
		}
	}
	m.Error = stats.MedianEstimate(errs, confidence)
	return m
}

const (
	confidence = 0.95
	redraws    = 1999 // for the interval of a ratio
)

// compare fills in Ratio, Closer and Pairs.
func (c *contest) compare() error {
	var pairs [][2]float64
	for _, a := range c.Methods[0].Attempts {
		i := slices.IndexFunc(c.Methods[1].Attempts, func(b attempt) bool { return a.Repeat == b.Repeat })
		if i < 0 {
			continue
		}
		b := c.Methods[1].Attempts[i]
		pairs = append(pairs, [2]float64{a.Error(), b.Error()})
		if a.Error() < b.Error() {
			c.Closer++
		}
	}
	if c.Pairs = len(pairs); c.Pairs == 0 {
		return errors.New("the methods have no repeat in common: measure both under the same conditions, as make contest does")
	}
	c.Ratio.Value = ratio(pairs)
	if c.Pairs < 6 {
		return nil // as for a median
	}
	rng := rand.New(rand.NewPCG(1, 2)) // equal data give equal intervals
	drawn := make([]float64, redraws)
	again := make([][2]float64, c.Pairs)
	for i := range drawn {
		for j := range again {
			again[j] = pairs[rng.IntN(c.Pairs)]
		}
		drawn[i] = ratio(again)
	}
	slices.Sort(drawn)
	out := redraws * 25 / 1000 // beyond each end of 95 %
	c.Ratio.Interval = &laws.Interval{Low: drawn[out], High: drawn[redraws-1-out]}
	return nil
}

// ratio is the median of the first errors over that of the second.
func ratio(pairs [][2]float64) float64 {
	var first, second []float64
	for _, p := range pairs {
		first, second = append(first, p[0]), append(second, p[1])
	}
	return stats.Median(first) / stats.Median(second)
}

// verdict decides whether the first method's median error is at most margin of
// the second's: done if it is, failed if it is not, undecided if the interval of
// the ratio has margin in it, or if there is no interval.
func (c *contest) verdict() int {
	switch i := c.Ratio.Interval; {
	case i == nil || i.Low <= margin && margin < i.High:
		return undecided
	case c.Ratio.Value <= margin:
		return done
	}
	return failed
}
