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
func (g *diagnosis) processors() {
	if g.d.curve.Name.Source() != results.Real {
		return
	}
	m, n := g.d.curve.Machine, g.d.n
	last := n[len(n)-1]
	logical := float64(m.Logical)
	if m.Logical > 0 && g.first >= 0 && g.d.curve.Kind != results.Weak {
		for i := len(n) - 1; i > g.first; i-- {
			if s, _ := g.measured(g.first, n[i]); s > 1.1*logical {
				g.say("waits", "It is %s times faster with %s workers on %d processors: the work waits more than it computes, so the number of processors is not its limit.",
					words.Number(s), words.Number(n[i]), m.Logical)
				return
			}
		}
	}
	for _, p := range slices.Compact([]int{m.Physical, m.Logical}) {
		if p > 0 && g.kink(p) {
			break
		}
	}
	switch {
	case m.Quota > 0 && last > m.Quota && (m.Logical == 0 || m.Quota < logical):
		g.say("few-processors", "Up to %s workers shared %s processors' worth of time: a quota (of a container, say) allows no more, so work that computes cannot gain from more workers. Raise the quota, or measure fewer levels.",
			words.Number(last), words.Number(m.Quota))
	case m.Logical > 0 && last > logical:
		g.say("few-processors", "Up to %s workers shared %d processors. Work that computes cannot gain from more workers than processors; a container's quota or an affinity mask can allow even fewer.",
			words.Number(last), m.Logical)
	}
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
// takes clearly longer than the serial fraction seen up to p explains.
func (g *diagnosis) kink(p int) bool {
	d := g.d
	if g.first < 0 || d.curve.Kind == results.Weak {
		return false
	}
	if f := g.a.Chosen; f != nil && (f.Law.kinks != nil || f.Law.Overhead != "" && (f.LackOfFit == nil || *f.LackOfFit > rejectAt)) {
		return false // an overhead explains the long times without a kink, or the law's own kink has been said
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
	s, _ := g.measured(g.first, d.n[at])
	e := math.Max(SerialFraction(s, d.n[at]), 0)
	log, half, ok := d.speedup(beyond, g.first, g.a.Confidence) // log T(beyond)/T(1)
	over := log - math.Log(Amdahl.Ratio(d.n[beyond], []float64{e}))
	if over < math.Log(1.1) || ok && over < half {
		return false
	}
	kind := "logical"
	if p == d.curve.Machine.Physical {
		kind = "physical"
	}
	g.say("kink", "Scaling breaks at the %d %s processors: %s workers take %s times as long as the serial fraction seen up to %s workers, %s, would give.",
		p, kind, words.Number(d.n[beyond]), words.Number(math.Exp(over)), words.Number(d.n[at]), words.Percent(e))
	return true
}

// noisy names the level whose samples spread far more than the samples of the
// other levels.
func (g *diagnosis) noisy() {
	d := g.d
	var sds []float64
	worst, most := -1, 0.0
	for i, c := range d.count {
		if c < 3 {
			continue
		}
		sd := math.Sqrt(d.yy[i] / (c - 1))
		sds = append(sds, sd)
		if sd > most {
			worst, most = i, sd
		}
	}
	if worst < 0 || most < 0.02 {
		return
	}
	slices.Sort(sds)
	typical := sds[(len(sds)-1)/2]
	var ss, df float64
	for i, c := range d.count {
		if i != worst && c >= 2 {
			ss += d.yy[i]
			df += c - 1
		}
	}
	// The worst of several levels is compared: each gets its share of 1 %.
	spread := df > 0 && stats.FTail(most*most, ss/df, int(d.count[worst])-1, int(df)) < 0.01/float64(len(sds))
	switch {
	case spread && most > 2*typical:
		g.say("noisy-level", "The %.0f samples at %s workers spread by %s, those of a typical level by %s: something else ran then, or the load is at its limit. Measure that level again.",
			d.count[worst], words.Number(d.n[worst]), words.Percent(most), words.Percent(typical))
	case typical > 0.1:
		g.say("noisy", "Samples of one level spread by %s: close other programs, or make the tasks longer.", words.Percent(typical))
	}
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
