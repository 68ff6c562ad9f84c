package laws

import (
	"fmt"
	"math"
	"slices"

	"amdahl/results"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// processors compares the levels with the processors of the machine, which
// bound only what ran on them.
//
//   - "waits": with more workers than processors the speedup is above 1.1 times
//     the processors, and significantly above 1.02 times, at 99 % for all such levels
//     together; not where the data are superlinear. See [diagnosis.waits].
//   - "kink": see there.
//   - "few-processors": a level is above the processors, or the quota, and the
//     work does not wait.
func (g *diagnosis) processors(superlinear bool) {
	if g.d.curve.Name.Source() != results.Real {
		return
	}
	m, last := g.d.curve.Machine, g.a.last()
	logical := float64(m.Logical)
	if !superlinear && g.waits() {
		return
	}
	if g.a.Verdict != TooFewLevels {
		for _, p := range slices.Compact([]int{m.Physical, m.Logical}) {
			if p > 0 && g.kink(p) {
				break
			}
		}
	}
	switch {
	case m.Quota > 0 && last > m.Quota && (m.Logical == 0 || m.Quota < logical):
		g.say("few-processors", "Up to %s shared %s processors' worth of time: a quota (of a container, say) allows no more, so work that computes cannot gain from more workers. Raise the quota, or measure fewer levels.",
			words.Workers(last), words.Number(m.Quota))
	case m.Logical > 0 && last > logical:
		g.say("few-processors", "Up to %s shared %s. Work that computes cannot gain from more workers than processors; a container's quota or an affinity mask can allow even fewer.",
			words.Workers(last), words.Count(m.Logical, "processor"))
	}
}

// waits says that the work waits, and how much at least. A task that computes for the
// time c of T(1) cannot have a speedup S above P·T(1)/c on P processors, which compute all
// the time at the most. So
//
//	c/T(1) ≤ P/S
//
// and the work waits more than it computes where S is above 2P.
func (g *diagnosis) waits() bool {
	p := float64(g.d.curve.Machine.Logical)
	if p == 0 || g.first < 0 || g.weak() {
		return false
	}
	more := 0.0 // levels with more workers than processors
	for _, n := range g.d.n {
		if n > p {
			more++
		}
	}
	for i := len(g.d.n) - 1; i > g.first && g.d.n[i] > p; i-- {
		log, half, ok := g.d.speedup(g.first, i, 1-0.02/more)
		if log < math.Log(1.1*p) || ok && log-half < math.Log(1.02*p) || !ok && log < math.Log(1.5*p) {
			continue
		}
		computes := p / math.Exp(log-half) // at most, of T(1)
		what := fmt.Sprintf("a task computes for at most %s of its time and waits for the rest", words.Share(computes))
		if computes < 0.5 {
			what = "the work waits more than it computes"
		}
		g.say("waits", "It is %s times as fast with %s on %s: %s, so more workers than processors pay.",
			words.Number(math.Exp(log)), words.Workers(g.d.n[i]), words.Count(int(p), "processor"), what)
		return true
	}
	return false
}

// processorsNear names the processors of the machine that a curve was measured
// on if there are about n of them; "" if not.
func processorsNear(c *results.Curve, n float64) string {
	if c.Name.Source() != results.Real {
		return ""
	}
	m := c.Machine
	for _, p := range []struct {
		count int
		kind  string
	}{{m.Physical, "physical"}, {m.Logical, "logical"}} {
		if p.count > 0 && math.Abs(math.Log(n/float64(p.count))) < 0.15 {
			return fmt.Sprintf("%d %s processors", p.count, p.kind)
		}
	}
	return ""
}

// kink reports whether scaling breaks at p processors: the first level beyond
// takes at least 10 % longer than the serial fraction seen up to p explains, and
// longer than the intervals of both levels allow. A law that bends has said so
// itself, and an overhead that fits explains the long times without a kink.
func (g *diagnosis) kink(p int) bool {
	d := g.d
	if g.first < 0 || g.weak() {
		return false
	}
	if f := g.a.Chosen; f != nil && (f.Law.kinks != nil || f.Law.Overhead != "" && (f.LackOfFit == nil || *f.LackOfFit > rejectAt)) {
		return false
	}
	at, beyond := -1, -1
	for i, n := range d.n {
		if n > 1 && n <= float64(p) {
			at = i
		}
		if n > float64(p) && beyond < 0 {
			beyond = i
		}
	}
	if at < 0 || beyond < 0 {
		return false
	}
	e := math.Max(SerialFraction(g.speedup(d.n[at]), d.n[at]), 0)
	log, half, ok := d.speedup(beyond, g.first, g.a.Confidence) // log T(beyond)/T(1)
	_, below, _ := d.speedup(at, g.first, g.a.Confidence)
	over := log - math.Log(Amdahl.Ratio(d.n[beyond], []float64{e}))
	if over < math.Log(1.1) || ok && over < half+below {
		return false
	}
	kind := "logical"
	if p == d.curve.Machine.Physical {
		kind = "physical"
	}
	g.say("kink", "Scaling breaks at the %d %s processors: %s take %s times as long as the serial fraction seen up to %s, %s, would give.",
		p, kind, words.Workers(d.n[beyond]), words.Number(math.Exp(over)), words.Workers(d.n[at]), percent(e))
	return true
}

// trend reports that the machine got slower or faster from round to round: the
// slope of the round means over the rounds, where it is significant at 1 % and
// adds up to 2 % or more.
func (g *diagnosis) trend() {
	rows := g.d.rounds
	if rows == nil || g.d.loss != LogTime {
		return
	}
	x, y := make([]float64, len(rows)), make([]float64, len(rows))
	for r, row := range rows {
		x[r] = float64(r)
		y[r], _ = stats.MeanSS(row)
	}
	t := stats.TrendOf(x, y)
	total := t.Slope * t.Span
	if t.P() > 0.01 || math.Abs(total) < 0.02 {
		return
	}
	way := "slower"
	if total < 0 {
		way = "faster"
	}
	g.say("drift", "The machine got %s by %s from the first round to the last. Rounds keep that out of the fractions, but T(1) is an average over %d rounds.",
		way, words.Percent(math.Abs(math.Expm1(total))), len(rows))
}
