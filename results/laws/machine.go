package laws

import (
	"fmt"
	"math"
	"slices"

	"amdahl/results"
)

// processors compares the levels with the processors of the machine, which
// bound only what ran on them.
func (doc *doctor) processors() {
	if doc.d.curve.Name.Source() != results.Real {
		return
	}
	m, n := doc.d.curve.Machine, doc.d.n
	last := n[len(n)-1]
	logical := float64(m.Logical)
	if m.Logical > 0 && doc.first >= 0 && doc.d.curve.Kind != results.Weak {
		for i := len(n) - 1; i > doc.first; i-- {
			if s, _ := doc.measured(doc.first, n[i]); s > 1.1*logical {
				doc.say("waits", "It is %s times faster with %s workers on %d processors: the work waits more than it computes, so the number of processors is not its limit.",
					short(s), short(n[i]), m.Logical)
				return
			}
		}
	}
	for _, p := range slices.Compact([]int{m.Physical, m.Logical}) {
		if p > 0 && doc.kink(p) {
			break
		}
	}
	switch {
	case m.Quota > 0 && last > m.Quota && (m.Logical == 0 || m.Quota < logical):
		doc.say("few-processors", "Up to %s workers shared %s processors' worth of time: a quota (of a container, say) allows no more, so work that computes cannot gain from more workers. Raise the quota, or measure fewer levels.",
			short(last), short(m.Quota))
	case m.Logical > 0 && last > logical:
		doc.say("few-processors", "Up to %s workers shared %d processors. Work that computes cannot gain from more workers than processors; a container's quota or an affinity mask can allow even fewer.",
			short(last), m.Logical)
	}
}

// processorsNear names the processors of the machine if there are about n.
func (doc *doctor) processorsNear(n float64) string {
	if doc.d.curve.Name.Source() != results.Real {
		return ""
	}
	m := doc.d.curve.Machine
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

// kink says whether scaling breaks at p processors: the first level beyond
// takes clearly longer than the serial fraction seen up to p explains.
func (doc *doctor) kink(p int) bool {
	d := doc.d
	if doc.first < 0 || d.curve.Kind == results.Weak {
		return false
	}
	if f := doc.a.Chosen; f != nil && (f.Law == Bottleneck || (f.Law == USL || f.Law == Log) && (f.LackOfFit == nil || *f.LackOfFit > rejectAt)) {
		return false // a law without a kink explains it, or the bottleneck's own has been said
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
	s, _ := doc.measured(doc.first, d.n[at])
	e := math.Max(SerialFraction(s, d.n[at]), 0)
	log, half, ok := d.speedup(beyond, doc.first, doc.conf) // log T(beyond)/T(1)
	over := log - math.Log(Amdahl.Ratio(d.n[beyond], []float64{e}))
	if over < math.Log(1.1) || ok && over < half {
		return false
	}
	kind := "logical"
	if p == d.curve.Machine.Physical {
		kind = "physical"
	}
	doc.say("kink", "Scaling breaks at the %d %s processors: %s workers take %s times as long as the serial fraction seen up to %s workers, %s, would give.",
		p, kind, short(d.n[beyond]), short(math.Exp(over)), short(d.n[at]), percent(e))
	return true
}

// noisy names the level whose samples spread far more than those of the others.
func (doc *doctor) noisy() {
	d := doc.d
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
	spread := df > 0 && fTail(most*most, ss/df, int(d.count[worst])-1, int(df)) < 0.01/float64(len(sds))
	switch {
	case spread && most > 2*typical:
		doc.say("noisy-level", "The %.0f samples at %s workers spread by %s, those of a typical level by %s: something else ran then, or the load is at its limit. Measure that level again.",
			d.count[worst], short(d.n[worst]), percent(most), percent(typical))
	case typical > 0.1:
		doc.say("noisy", "Samples of one level spread by %s: close other programs, or make the tasks longer.", percent(typical))
	}
}

// drift says whether the machine got slower or faster from round to round.
func (doc *doctor) drift() {
	rows := doc.d.rounds
	if rows == nil || doc.d.loss != LogTime {
		return
	}
	// Slope of the round means over the rounds, against its own scatter.
	R := float64(len(rows))
	mid := (R - 1) / 2
	var sxy, sxx, all float64
	means := make([]float64, len(rows))
	for r, row := range rows {
		means[r], _ = meanSS(row)
		all += means[r] / R
		x := float64(r) - mid
		sxy += x * means[r]
		sxx += x * x
	}
	slope := sxy / sxx
	var ss float64
	for r, m := range means {
		e := m - all - slope*(float64(r)-mid)
		ss += e * e
	}
	total := slope * (R - 1)
	if fTail(slope*slope*sxx, ss/(R-2), 1, len(rows)-2) > 0.01 || math.Abs(total) < 0.02 {
		return
	}
	way := "slower"
	if total < 0 {
		way = "faster"
	}
	doc.say("drift", "The machine got %s by %s from the first round to the last. Rounds keep that out of the fractions, but T(1) is an average over %d rounds.",
		way, percent(math.Abs(math.Expm1(total))), len(rows))
}
