package truth

import (
	"math"
	"strconv"
	"strings"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/hillmarty"
	"amdahl/results/laws"
	"amdahl/results/stats"
)

// A Chip is one measured chip of Hill and Marty beside their formula: the speedup
// over one base core, that of the same work on slow cores with one worker.
type Chip struct {
	Curve     *results.Curve
	Design    hillmarty.Design
	F         float64 // parallel fraction: 1 − the planted serial one
	R         int     // base cores of the large core
	Measured  laws.Estimate
	Predicted float64
	Verdict   Verdict // Holds within Tolerance; Noisy where the interval is wider than that
}

// chipBudget is how many base cores the chips of the suite have.
const chipBudget = 16

// designs are the kinds of chips by their words in names: cores=hm-asym-4.
var designs = map[string]string{"sym": "symmetric", "asym": "asymmetric", "dyn": "dynamic"}

// parseChip reads the chip in the name of a series; ok is false without one.
func parseChip(n results.Name) (d hillmarty.Design, r int, ok bool) {
	rest, ok := strings.CutPrefix(n.Value(contract.NameCores), contract.CoresChip)
	if !ok {
		return d, 0, false
	}
	kind, size, sized := strings.Cut(rest, "-")
	r = chipBudget
	if sized {
		v, err := strconv.Atoi(size)
		if err != nil || v < 1 || v > chipBudget {
			return d, 0, false
		}
		r = v
	}
	d, err := hillmarty.Find(designs[kind])
	return d, r, err == nil
}

// Chips compares every chip among the analyses with its formula, where the same
// work was measured on slow cores with one worker. The largest level of a chip is
// the one with all its cores.
func Chips(as []*laws.Analysis) []Chip {
	base := map[string]laws.Estimate{}
	for _, a := range as {
		if n := a.Curve.Name; n.Slowdown() > 0 && !strings.Contains(n.Cores(), "+") && len(a.Levels) > 0 && a.Levels[0].N == 1 {
			base[n.Without(contract.NameCores).String()] = a.Levels[0].Time
		}
	}
	var out []Chip
	for _, a := range as {
		d, r, ok := parseChip(a.Curve.Name)
		one, measured := base[a.Curve.Name.Without(contract.NameCores).String()]
		p, planted, err := Parse(a.Curve.Name)
		if !ok || !measured || !planted || err != nil || p.Locked > 0 || len(a.Levels) == 0 {
			continue
		}
		c := Chip{Curve: a.Curve, Design: d, F: 1 - p.Serial, R: r, Measured: stats.Quotient(one, a.Levels[len(a.Levels)-1].Time)}
		c.Predicted = d.Speedup(c.F, chipBudget, float64(r))
		c.Verdict = c.judge()
		out = append(out, c)
	}
	return out
}

func (c Chip) judge() Verdict {
	i := c.Measured.Interval
	limit := Tolerance * c.Predicted
	switch {
	case i == nil || max(i.High-c.Measured.Value, c.Measured.Value-i.Low) > limit:
		return Noisy
	case math.Abs(c.Measured.Value-c.Predicted) <= limit:
		return Holds
	case i.Low-limit <= c.Predicted && c.Predicted <= i.High+limit:
		return Noisy
	}
	return Wrong
}
