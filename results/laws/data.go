package laws

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"amdahl/results"
	"amdahl/results/stats"
)

// ErrOneLevel is the error, under [errors.Is], of a curve with a single level
// of workers: it shows no scaling.
var ErrOneLevel = errors.New("only one level of workers")

// minRounds is the fewest whole rounds that are worth resampling: the rule of
// benchmath for an interval of 95 %.
const minRounds = 6

// Times and levels beyond these are mistakes of unit or of column. The limits
// keep every sum of squares finite.
const (
	leastTime, mostTime   = 1e-30, 1e30
	leastLevel, mostLevel = 1e-9, 1e12
)

// data is a curve brought down to what the fits need: its levels.
type data struct {
	curve *results.Curve
	loss  Loss
	unit  float64   // seconds: the size of these times, to which all others here are relative
	n     []float64 // levels
	m     []float64 // independent observations of each level: samples, or rounds
	w     []float64 // weight of each level: m, less where the noise grows with the workers
	h     []float64 // mean of log time (LogTime) or throughput (Throughput) at each level
	y     []float64 // mean of log time at each level
	yy    []float64 // sum of squares of log time about that mean, over samples
	count []float64 // samples of each level

	total  float64     // Σ m
	pureSS float64     // pure error: the weighted sum of squares about the level means, in h
	pureDF int         // its degrees of freedom; 0 where nothing was repeated
	growth growth      // of the noise with the workers
	rounds [][]float64 // [round][level] means in h, whole rounds only; nil if fewer than minRounds
	few    int         // whole rounds where there are some, but too few
	drift  *results.Drift
}

func reduce(c *results.Curve, loss Loss) (*data, error) {
	if err := check(c); err != nil {
		return nil, err
	}
	d := &data{curve: c, loss: loss}
	L := len(c.Points)
	flat := make([]float64, 7*L)
	for i, f := range []*[]float64{&d.n, &d.m, &d.w, &d.h, &d.y, &d.yy, &d.count} {
		*f = flat[i*L : (i+1)*L : (i+1)*L]
	}
	var logUnit float64
	for i, p := range c.Points {
		logUnit += math.Log(p.Samples[0].Time) / float64(L)
		d.n[i] = p.Workers
	}
	d.unit = math.Exp(logUnit)
	hh := make([]float64, 0, 64)
	ss, df := make([]float64, L), make([]float64, L) // pure error of each level
	for i, p := range c.Points {
		hh = hh[:0]
		for _, s := range p.Samples {
			hh = append(hh, math.Log(s.Time/d.unit))
		}
		d.count[i] = float64(len(hh))
		d.y[i], d.yy[i] = stats.MeanSS(hh)
		d.h[i], ss[i], df[i] = d.y[i], d.yy[i], float64(len(hh)-1)
		if loss == Throughput {
			for j, s := range p.Samples {
				hh[j] = d.unit / s.Time
			}
			d.h[i], ss[i] = stats.MeanSS(hh)
		}
		d.m[i] = d.count[i]
		d.pureDF += len(hh) - 1
	}
	d.byRounds(ss, df)
	if loss == LogTime {
		d.growth = growthOf(d.n, ss, df)
	}
	if c.Relative {
		// S(1) = 1 is no observation. Its residual is always 0, so its weight
		// only has to be like the others.
		if i := slices.Index(d.n, 1); i >= 0 && L > 1 {
			d.m[i] = 0
			for _, m := range d.m {
				d.m[i] += m / float64(L-1)
			}
		}
	}
	for i, m := range d.m {
		d.total += m
		d.w[i] = m / d.growth.at(d.n[i])
		d.pureSS += ss[i] / d.growth.at(d.n[i])
	}
	return d, nil
}

// byRounds makes the round the unit where there are enough whole ones: samples
// of one level in one round share what the machine did just then, so their
// mean counts once, and what moves a whole round is no error of the scaling. It
// replaces the sums of squares of the levels and their degrees of freedom.
func (d *data) byRounds(ss, df []float64) {
	L := len(d.n)
	type cell struct{ sum, count float64 }
	cells := map[int][]cell{}
	for i, p := range d.curve.Points {
		for _, s := range p.Samples {
			if s.Round <= 0 {
				return
			}
			r := cells[s.Round]
			if r == nil {
				r = make([]cell, L)
				cells[s.Round] = r
			}
			v := d.unit / s.Time
			if d.loss == LogTime {
				v = math.Log(s.Time / d.unit)
			}
			r[i].sum += v
			r[i].count++
		}
	}
	var numbers []int
	for r := range cells {
		numbers = append(numbers, r)
	}
	slices.Sort(numbers)
	var whole [][]float64
	m, h := make([]float64, L), make([]float64, L)
	for _, r := range numbers {
		row, full := make([]float64, L), true
		for i, c := range cells[r] {
			if c.count == 0 {
				full = false
				continue
			}
			row[i] = c.sum / c.count
			h[i] += row[i]
			m[i]++
		}
		if full {
			whole = append(whole, row)
		}
	}
	if len(whole) < minRounds {
		d.few = len(whole)
		return
	}
	for i := range h {
		h[i] /= m[i]
	}
	d.m, d.h, d.rounds = m, h, whole
	d.pureDF = (len(whole) - 1) * (L - 1)
	twoWay(whole, ss)
	for i := range df {
		df[i] = float64(d.pureDF) / float64(L)
	}
}

// twoWay fills in, for each level, the sum of squares that neither the level nor
// the round explains.
func twoWay(rows [][]float64, ss []float64) {
	R, L := float64(len(rows)), len(rows[0])
	col := make([]float64, L)
	var all float64
	for _, row := range rows {
		for i, v := range row {
			col[i] += v / R
			all += v / R / float64(L)
		}
	}
	clear(ss)
	for _, row := range rows {
		var mean float64
		for _, v := range row {
			mean += v / float64(L)
		}
		for i, v := range row {
			e := v - col[i] - mean + all
			ss[i] += e * e
		}
	}
}

// roundEffect is what whole rounds share; nil where rounds are not known. It
// cancels in every ratio of levels.
func (d *data) roundEffect() *stats.RoundEffect {
	if d.rounds == nil {
		return nil
	}
	means := make([]float64, len(d.rounds))
	for r, row := range d.rounds {
		means[r], _ = stats.MeanSS(row)
	}
	if d.loss == Throughput {
		mean, _ := stats.MeanSS(means)
		for r := range means {
			means[r] /= mean
		}
	}
	e := stats.RoundEffectOf(means)
	return &e
}

func check(c *results.Curve) error {
	name := c.Name.String()
	if name == "" {
		name = "the curve"
	}
	x := c.X
	if x == "" {
		x = "workers"
	}
	if len(c.Points) == 0 {
		return fmt.Errorf("laws: %s: no points", name)
	}
	for i, p := range c.Points {
		if !(p.Workers >= leastLevel && p.Workers <= mostLevel) {
			return fmt.Errorf("laws: %s: %s=%g: want a number from %g to %g", name, x, p.Workers, leastLevel, mostLevel)
		}
		if i > 0 && p.Workers <= c.Points[i-1].Workers {
			return fmt.Errorf("laws: %s: %s=%g after %g: want each level once, in ascending order", name, x, p.Workers, c.Points[i-1].Workers)
		}
		if len(p.Samples) == 0 {
			return fmt.Errorf("laws: %s: no samples at %s=%g", name, x, p.Workers)
		}
		for _, s := range p.Samples {
			if !(s.Time >= leastTime && s.Time <= mostTime) {
				return fmt.Errorf("laws: %s: time %g s at %s=%g: want a positive number from %g to %g", name, s.Time, x, p.Workers, leastTime, mostTime)
			}
		}
	}
	if len(c.Points) == 1 {
		return fmt.Errorf("laws: %s: %w, %s=%g: measure at two or more, better 1, 2, 4, 8", name, ErrOneLevel, x, c.Points[0].Workers)
	}
	return nil
}
