package laws

import (
	"fmt"
	"math"

	"amdahl/results"
	"amdahl/results/words"
)

// A diagnosis writes the findings of one analysis.
type diagnosis struct {
	a     *Analysis
	d     *data
	first int // the level at 1 worker; -1 without one
}

func (a *Analysis) diagnose(d *data) {
	g := &diagnosis{a: a, d: d, first: -1}
	for i, n := range d.n {
		if n == 1 {
			g.first = i
		}
	}
	g.limit()
	if d.curve.Kind != results.Weak {
		g.overhead()
	}
	g.superlinear()
	g.negative()
	g.processors()
	g.noisy()
	g.trend()
	g.poolSize()
}

// say adds a finding.
func (g *diagnosis) say(code, format string, args ...any) {
	g.a.Diagnosis = append(g.a.Diagnosis, finding(code, format, args...))
}

// finding formats a finding.
func finding(code, format string, args ...any) Finding {
	return Finding{Code: code, Text: fmt.Sprintf(format, args...)}
}

// limit adds the sentence of the chosen law about what limits the speedup, and at
// what.
func (g *diagnosis) limit() {
	f := g.a.Chosen
	switch {
	case f == nil:
		if s := g.a.Sigma; s != nil {
			g.say("two-levels", "With %d levels nothing can be checked. If a fixed part of the work is serial, that part is %s%s.",
				len(g.d.n), words.Percent(s.Value), percentRange(s.Interval, g.a.Confidence))
		}
	case f.Law.Says != nil:
		g.a.Diagnosis = append(g.a.Diagnosis, f.Law.Says(f, g.a))
	default:
		g.say(f.Law.Name, "The data follow this law: %s: %s.", f.Law.Title, f.Law.Doc)
	}
}

// overhead compares the Karp–Flatt fractions of the first and the last level: a
// serial part is the same at every level, an overhead grows.
func (g *diagnosis) overhead() {
	k := g.a.KarpFlatt
	if len(k) < 2 {
		return
	}
	lo, hi := k[0], k[len(k)-1]
	rise := hi.Value - lo.Value
	f := g.a.Chosen
	if f != nil && f.Law.kinks != nil {
		return // the fraction of a law that bends rises too, for the reason that the law's sentence has given
	}
	lawSays := f != nil && f.Law.Overhead != ""
	switch {
	case rise <= 0:
		return
	case lo.Interval != nil && hi.Interval != nil:
		// Both compare with the same T(1); leaving that out is on the safe side.
		if rise < math.Hypot(lo.Interval.High-lo.Value, hi.Value-hi.Interval.Low) && !lawSays {
			return
		}
	case !lawSays:
		return
	}
	if rise < 0.1*math.Abs(lo.Value) {
		return
	}
	g.say("overhead", "The serial fraction seems to rise from %s at %s workers to %s at %s (Karp–Flatt). A serial part stays the same; what grows with the workers is an overhead: locks, communication, memory bandwidth, or too few processors.",
		words.Percent(lo.Value), words.Number(lo.N), words.Percent(hi.Value), words.Number(hi.N))
}

// superlinear reports the first level whose speedup is above its number of
// workers.
func (g *diagnosis) superlinear() {
	for _, k := range g.a.KarpFlatt {
		s, ok := g.measured(g.first, k.N)
		if k.Interval != nil && k.Interval.High >= 0 || k.Interval == nil && s < 1.05*k.N || !ok || s < 1.01*k.N {
			continue
		}
		g.say("superlinear", "At %s workers it is %s times faster than at one, more than %s times. Either each worker has more cache for its share, or the time at one worker came out too long (a cold start, an odd first sample).",
			words.Number(k.N), words.Number(s), words.Number(k.N))
		return
	}
}

// measured is the measured speedup from level i to n workers.
func (g *diagnosis) measured(i int, n float64) (float64, bool) {
	for j, m := range g.d.n {
		if m == n && i >= 0 {
			return math.Exp(g.d.y[i] - g.d.y[j]), true
		}
	}
	return 0, false
}

// negative reports a largest level that is slower than the best one.
func (g *diagnosis) negative() {
	y, n := g.d.y, g.d.n
	best, last := 0, len(n)-1
	for i := range y {
		if y[i] < y[best] {
			best = i
		}
	}
	if best == last {
		return
	}
	log, half, ok := g.d.speedup(last, best, g.a.Confidence) // log T(last)/T(best)
	if log < math.Log(1.02) || ok && log < half || !ok && log < math.Log(1.1) {
		return
	}
	g.say("negative", "More workers make it slower: %s workers take %s times as long as %s.",
		words.Number(n[last]), words.Number(math.Exp(log)), words.Number(n[best]))
}

func (g *diagnosis) poolSize() {
	p := g.a.PoolSize
	if p == nil || g.d.curve.Kind == results.Weak {
		return
	}
	last := g.d.n[len(g.d.n)-1]
	text := fmt.Sprintf("Use %d workers: the fewest within 5 %% of the best in the measured range, %s times faster than one.", p.N, words.Number(p.Speedup))
	if f := g.a.Chosen; float64(p.N) > 0.9*last && (f.Peak == nil || f.Peak.Value > last) {
		text = fmt.Sprintf("Use %d workers, %s times faster than one. More may be better still: measure beyond %s.", p.N, words.Number(p.Speedup), words.Number(last))
	}
	if p.N == 1 {
		text = "Use 1 worker: no number of workers in the measured range is more than 5 % faster."
	}
	g.say("pool-size", "%s", text)
}
