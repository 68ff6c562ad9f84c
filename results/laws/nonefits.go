package laws

import (
	"fmt"
	"math"
	"slices"

	"amdahl/results"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// A Verdict says whether a law was chosen for a curve, and if not, why. The
// verdicts are words for programs.
type Verdict string

const (
	LawChosen    Verdict = "law"            // Chosen is the law
	NoneFits     Verdict = "none-fits"      // every law is refuted; Closest misses by least
	TooFewLevels Verdict = "too-few-levels" // the levels carry no law that can be checked
)

const (
	// forgiven is the misfit of a level, of log time, that refutes no law: δ.
	// Without known rounds it is the effect that every level may have anyway.
	forgiven = 0.01
	// refuteAt is the level of the test of each law.
	refuteAt = 0.01
	// unbelievable is how far a law may be off, of log time, where levels have one sample
	// each and their spread is unknown: no benchmark worth fitting spreads so much.
	unbelievable = 0.3
)

// refuted reports whether the level means are further from a law than the spread
// of the samples and a misfit of 1 % explain. With e the residuals of the
// d = levels − parameters degrees of freedom, R samples of a level, s² their
// variance, and δ = 1 %, without known rounds 1.5 %, the law is refuted if
//
//	F = Σ e²/(s²/R + δ²) / d
//
// has an upper tail below 1 % in F(d, degrees of freedom of s²). So δ makes the
// test ask for significance and for size at once: more samples alone refute no
// law that is right to 1 %. With one sample a level the law is refuted if the
// residuals are 0.3 or more in the mean (root mean square).
func (d *data) refuted(f *Fit) bool {
	over := len(d.n) - len(f.Params) - 1
	if over < 1 {
		return false
	}
	if d.pureDF < 1 {
		return d.off(f) > unbelievable
	}
	return d.misfit(f.Time, over) < refuteAt
}

// misfit is the p-value of that test for any times.
func (d *data) misfit(time func(n float64) float64, over int) float64 {
	var sum float64
	sample, delta := d.pureLog(), forgiven
	if d.rounds == nil {
		delta = levelEffect
	}
	for i, n := range d.n {
		h := d.y[i]
		if d.loss == LogTime {
			h = d.h[i] // of whole rounds, where they are known
		}
		e := h - math.Log(time(n)/d.unit)
		sum += e * e / (sample/d.w[i] + delta*delta)
	}
	return stats.FTail(sum/float64(over), 1, over, d.pureDF)
}

// pureLog is the variance of log time of an observation of weight 1.
func (d *data) pureLog() float64 {
	if d.loss == LogTime {
		return d.pureSS / float64(d.pureDF)
	}
	var ss, df float64
	for i, yy := range d.yy {
		ss += yy
		df += d.count[i] - 1
	}
	return ss / df
}

// noneFits gives up the chosen law where every law is refuted, and keeps the one
// that misses by least.
func (a *Analysis) noneFits(d *data) {
	all := true
	for _, f := range a.Fits {
		f.Refuted = d.refuted(f)
		all = all && f.Refuted
	}
	if a.Chosen == nil || !all {
		return
	}
	for _, f := range a.Fits {
		if a.Closest == nil || d.off(f) < d.off(a.Closest) {
			a.Closest = f
		}
	}
	a.Verdict, a.Chosen = NoneFits, nil
}

// off is how far a law is from the level means: the root mean square of the
// residuals of log time.
func (d *data) off(f *Fit) float64 {
	var sum float64
	for i, n := range d.n {
		e := d.y[i] - math.Log(f.Time(n)/d.unit)
		sum += e * e
	}
	return math.Sqrt(sum / float64(len(d.n)))
}

// staircase is the number of equal tasks m with which the times follow a
// staircase, T(n) = T(1)·⌈m/n⌉/m, as the test of the laws has it; 0 if there is
// none. Levels between the powers of two are needed: on 1, 2, 4, 8 eight tasks
// scale ideally, and twelve are a bottleneck to 0.3 %.
func (d *data) staircase() int {
	if d.pureDF < 1 || len(d.n) < 4 || d.n[0] != 1 || powersOfTwo(d.n) {
		return 0
	}
	best, off := 0, math.Inf(1)
	for m := 2; float64(m) <= 64*d.n[len(d.n)-1] && m <= 4096; m++ {
		steps := func(n float64) float64 { return math.Ceil(float64(m)/n) / float64(m) }
		var mean, count float64
		for i, n := range d.n {
			mean += d.w[i] * (d.h[i] - math.Log(steps(n)))
			count += d.w[i]
		}
		mean /= count
		var sum float64
		for i, n := range d.n {
			e := d.h[i] - mean - math.Log(steps(n))
			sum += d.w[i] * e * e
		}
		if sum < off {
			t1 := d.unit * math.Exp(mean)
			if d.misfit(func(n float64) float64 { return t1 * steps(n) }, len(d.n)-2) >= refuteAt {
				best, off = m, sum
			}
		}
	}
	return best
}

// powersOfTwo reports whether every level is 1, 2, 4, 8 and so on.
func powersOfTwo(levels []float64) bool {
	for _, n := range levels {
		if f, _ := math.Frexp(n); f != 0.5 {
			return false
		}
	}
	return true
}

// none says that no law fits, by how much the closest one is off, and what to go
// by instead: the measured speedups.
func (g *diagnosis) none(superlinear bool) {
	a, d := g.a, g.d
	text := fmt.Sprintf("No law fits: the closest, %s, is off by %s, and the samples of one level of a benchmark spread by less.", a.Closest.Law.Title, percent(d.off(a.Closest)))
	if d.pureDF > 0 {
		spread := math.Sqrt(d.pureLog() / slices.Min(d.w))
		text = fmt.Sprintf("No law fits: the closest, %s, is off by %s, where the spread of the samples explains %s.",
			a.Closest.Law.Title, percent(d.off(a.Closest)), percent(spread))
	}
	if s := g.speedups(); s != "" {
		text += " What was measured is the answer: " + s + "."
	}
	m := 0
	if d.loss == LogTime && d.curve.Kind != results.Weak {
		m = d.staircase()
	}
	switch {
	case m > 0 || superlinear || g.crowded():
	case powersOfTwo(d.n):
		text += " Measure between the powers of two as well (3, 5, 6, 7): a number of tasks that the workers cannot share evenly shows only there."
	case d.rounds == nil:
		text += " Either the work follows another law, or the machine was not the same at every level: shuffled rounds tell (amdahl run)."
	}
	g.say("none-fits", "%s", text)
	if m > 0 {
		g.say("imbalance", "%d equal tasks explain it: n workers take as long as the worker with the most of them, ⌈%d/n⌉ tasks. Make the tasks smaller, or use a number of workers that divides %d.", m, m, m)
	}
}

// crowded reports whether a level is above the processors of the machine, which
// may be why no law fits.
func (g *diagnosis) crowded() bool {
	p := g.d.curve.Machine.Logical
	return p > 0 && g.a.last() > float64(p) && g.d.curve.Name.Source() == results.Real
}

// speedups lists the measured speedups of the largest levels: "3.48 times as fast
// as one worker with 4 and 5.9 with 8".
func (g *diagnosis) speedups() string {
	var list []string
	for i, k := range g.a.KarpFlatt {
		if i < len(g.a.KarpFlatt)-3 {
			continue
		}
		s := g.speedup(k.N)
		unit := ""
		if len(list) == 0 {
			unit = " times as fast as one worker"
		}
		times := words.Number(s)
		if s < 0.001 {
			times = "less than 0.001"
		}
		list = append(list, fmt.Sprintf("%s%s with %s", times, unit, words.Number(k.N)))
	}
	return words.List(list)
}
