package laws

import (
	"fmt"
	"math"
	"slices"

	"amdahl/results"
	"amdahl/results/words"
)

// A diagnosis writes the findings of one analysis. Each function that adds a
// finding states its condition.
type diagnosis struct {
	a     *Analysis
	d     *data
	first int // the level at 1 worker; -1 without one
}

func (a *Analysis) diagnose(d *data) {
	g := &diagnosis{a: a, d: d, first: slices.Index(d.n, 1)}
	superlinear := g.superlinear()
	switch f := a.Chosen; {
	case a.Verdict == NoneFits:
		g.none(superlinear)
	case f == nil:
		g.fewLevels()
	case superlinear && (f.Law.Default || f.Law == Ideal):
		// The sentences of these laws name a ceiling, and the data are above it.
	case f.Law.Says != nil:
		a.Diagnosis = append(a.Diagnosis, f.Law.Says(f, a))
	default:
		g.say(f.Law.Name, "The data follow this law: %s: %s.", f.Law.Title, f.Law.Doc)
	}
	if !superlinear {
		g.overhead()
	}
	g.negative()
	g.processors(superlinear)
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

// fewLevels says what two levels tell: the serial fraction if there is nothing
// else, or, where the whole interval of the Karp–Flatt fraction is outside 0 to
// 1, that this is not a serial fraction.
func (g *diagnosis) fewLevels() {
	k := g.a.KarpFlatt
	if len(k) == 0 {
		return
	}
	last := k[len(k)-1]
	s := g.a.Sigma
	fraction, part := "The Karp–Flatt fraction", "If a fixed part of the work is serial, that part is"
	if g.weak() {
		fraction, part = "Gustafson's fraction", fmt.Sprintf("If a part of the work is serial, its share of the time with %s is", words.Workers(last.N))
	}
	head := fmt.Sprintf("With %d levels nothing can be checked.", len(g.d.n))
	switch {
	case s == nil && last.Value > 1:
		g.say("two-levels", "%s %s at %s is %s, above 1, so it is not a serial fraction: %s.",
			head, fraction, words.Number(last.N), words.Number(last.Value), g.longer(last.N, 1/g.speedup(last.N), "one"))
	case s == nil:
		faster := "are more than %s times as fast as one"
		if g.weak() {
			faster = "do more than %s times the work of one in the same time"
		}
		g.say("two-levels", "%s %s at %s is %s, below 0, so it is not a serial fraction: %s "+faster+".",
			head, fraction, words.Number(last.N), words.Number(last.Value), words.Workers(last.N), words.Number(last.N))
	case s.Interval != nil && s.Interval.OneSided && s.Value == 0:
		g.say("two-levels", "%s %s at most %s.", head, part, percent(s.Interval.High))
	case s.Interval != nil && s.Interval.OneSided:
		g.say("two-levels", "%s %s at least %s.", head, part, percent(s.Interval.Low))
	default:
		g.say("two-levels", "%s %s %s%s.", head, part, percent(s.Value), percentRange(s.Interval, g.a.Confidence))
	}
}

// weak reports whether the work grows with the workers: times are then those of a task,
// of which there are more with more workers.
func (g *diagnosis) weak() bool { return g.d.curve.Kind == results.Weak }

// longer says that n workers take that many times as long as fewer: "8 workers take 1.2
// times as long as 4".
func (g *diagnosis) longer(n, times float64, fewer string) string {
	if g.weak() {
		return fmt.Sprintf("a task takes %s times as long with %s as with %s", words.Number(times), words.Workers(n), fewer)
	}
	return fmt.Sprintf("%s take %s times as long as %s", words.Workers(n), words.Number(times), fewer)
}

// overhead says that the Karp–Flatt fraction rises from the first level to the
// last, where a law with an overhead was chosen, both fractions are from 0 to 1,
// and the rise is above a tenth of the first and above 0.5 %. With three levels,
// which carry no such law, the rise must be significant.
func (g *diagnosis) overhead() {
	k := g.a.KarpFlatt
	if len(k) < 2 || g.weak() || g.a.Verdict != LawChosen {
		return
	}
	lo, hi := k[0], k[len(k)-1]
	rise := hi.Value - lo.Value
	switch {
	case lo.Value < 0 || hi.Value > 1 || rise < math.Max(0.1*lo.Value, 0.005):
		return
	case g.a.Chosen.Law.Overhead != "":
	case len(g.d.n) >= USL.Levels || lo.Interval == nil || hi.Interval == nil:
		return
	// Both fractions compare with the same T(1); leaving that out is on the safe
	// side.
	case rise < math.Hypot(lo.Interval.High-lo.Value, hi.Value-hi.Interval.Low):
		return
	}
	g.say("overhead", "The serial fraction seems to rise from %s at %s to %s at %s (Karp–Flatt). A serial part stays the same; what grows with the workers is an overhead: locks, communication, memory bandwidth, or too few processors.",
		percent(lo.Value), words.Workers(lo.N), percent(hi.Value), words.Number(hi.N))
}

// superlinear reports the first level whose speedup is above its number of
// workers by more than 1 %, where the interval of the speedup, at 95 % for all
// levels together, is; without repeated samples, by more than 5 %.
func (g *diagnosis) superlinear() bool {
	if g.first < 0 {
		return false
	}
	levels := len(g.d.n) - 1 - g.first
	for i := g.first + 1; i < len(g.d.n); i++ {
		n := g.d.n[i]
		log, half, ok := g.d.speedup(g.first, i, 1-(1-g.a.Confidence)/float64(levels))
		over := log - math.Log(n)
		if over < math.Log(1.01) || ok && over < half || !ok && over < math.Log(1.05) {
			continue
		}
		g.say("superlinear", "With %s it is %s times as fast as with one, more than %s times. The usual reasons: each worker has more cache for its share, or the time at one worker came out too long (a cold start, an odd first sample).",
			words.Workers(n), words.Number(math.Exp(log)), words.Number(n))
		return true
	}
	return false
}

// speedup is the measured speedup at n workers; 0 if it was not measured.
func (g *diagnosis) speedup(n float64) float64 {
	i := slices.Index(g.d.n, n)
	if i < 0 || g.first < 0 && !g.d.curve.Relative {
		return 0
	}
	return math.Exp(g.d.logOne(g.first) - g.d.y[i])
}

// negative reports that the largest level takes longer than the best one, by more
// than 2 % and, at 99 %, more than chance; without repeated samples by 10 %.
func (g *diagnosis) negative() {
	y, n := g.d.y, g.d.n
	best, last := 0, len(n)-1
	for i := range y {
		if y[i] < y[best] {
			best = i
		}
	}
	if best == last || g.a.Chosen != nil && g.a.Chosen.Law == Convoy { // its sentence says so
		return
	}
	log, half, ok := g.d.speedup(last, best, 0.99) // log T(last)/T(best)
	if log < math.Log(1.02) || ok && log < half || !ok && log < math.Log(1.1) {
		return
	}
	g.say("negative", "More workers make it slower: %s.", g.longer(n[last], math.Exp(log), words.Number(n[best])))
}

// poolSize says how many workers to use: the fewest within 5 % of the best in the
// measured range. It says so where nobody measured that number, and where the
// best may be beyond the largest level.
func (g *diagnosis) poolSize() {
	p, f := g.a.PoolSize, g.a.Chosen
	if p == nil || g.weak() {
		return
	}
	if p.N == 1 {
		g.say("pool-size", "Use 1 worker: no number of workers in the measured range is more than 5 %% faster.")
		return
	}
	last := g.a.last()
	text := fmt.Sprintf("Use %d workers: the fewest within 5 %% of the best in the measured range, %s times as fast as one", p.N, words.Number(p.Speedup))
	switch {
	case !p.Measured:
		text += fmt.Sprintf(" by the law (%d was not measured)", p.N)
	case g.d.n[0] > 1 && f != nil:
		text += " by the law (1 was not measured)"
	}
	text += "."
	if f != nil && float64(p.N) > 0.9*last && (f.Peak == nil || f.Peak.Value > last) {
		text += fmt.Sprintf(" More may be better still: measure beyond %s.", words.Number(last))
	}
	g.say("pool-size", "%s", text)
}
