package charts

import (
	"cmp"
	"slices"
	"strings"

	"amdahl/bench/contract"
	"amdahl/results"
)

// strategyInks are the colours that strategies have in every figure. Python's
// are told by the end of their names: see strategyInk.
var strategyInks = map[string]Ink{"serial": 0, "fixed": 1, "process": 2, "spawn": 3, "eventloop": 4}

// strategyInk is the colour of a known strategy.
func strategyInk(name string) (Ink, bool) {
	if kind, ok := strings.CutPrefix(name, "python-"); ok {
		switch {
		case strings.HasPrefix(kind, "async"):
			return 7, true
		case strings.HasPrefix(kind, "thread"):
			return 5, true
		case kind == "pool" || strings.HasPrefix(kind, "process") || strings.HasPrefix(kind, "multiprocess"):
			return 6, true
		}
	}
	i, ok := strategyInks[name]
	return i, ok
}

// A style is how one series is told from the others of its figure. The marker's
// shape is not part of it: that is the source of its points.
type style struct {
	ink  Ink
	dash Dash // of its law
}

// styles gives each series its style. Colour follows the strategy, the same in
// every figure; where the strategies are all one and the variants differ, the
// variant. Series of the same colour, on other cores say, have other dashes,
// and where their points are of one source too, a mark inside the marker.
// plain says which have the neutral ink unless their strategy has its own, or
// all would.
func styles(series []results.Name, plain []bool) []style {
	names := make([]string, len(series)) // what the colour stands for
	key := contract.NameStrategy
	if !differ(series, contract.NameStrategy) && differ(series, contract.NameVariant) {
		key = contract.NameVariant
	}
	for i, s := range series {
		names[i] = cmp.Or(s.Value(key), s.Without(contract.NameCores).String())
	}
	colors := map[string]Ink{}
	taken := map[Ink]bool{}
	for i, n := range names {
		ink, ok := strategyInk(n)
		if key != contract.NameStrategy || !ok {
			if !plain[i] || !slices.Contains(plain, false) {
				continue
			}
			ink = 0
		}
		colors[n], taken[ink] = ink, true
	}
	next := Ink(1)
	for _, n := range names {
		if _, ok := colors[n]; ok {
			continue
		}
		for taken[next] {
			next++
		}
		colors[n], taken[next] = next, true
	}
	dashes := []Dash{Solid, Dashed, DashDot, LongDash}
	type point struct {
		ink    Ink
		source results.Source
	}
	used := map[point]bool{}
	same := map[Ink]int{} // colour → series so far
	all := make([]style, len(series))
	for _, real := range []bool{true, false} { // as it is: plain and solid
		for i, s := range series {
			if (s.Cores() == contract.CoresReal) != real {
				continue
			}
			p := point{colors[names[i]], s.Source()}
			for used[p] {
				p.ink = p.ink.nextVariant()
			}
			used[p] = true
			color := p.ink.baseColour()
			all[i] = style{p.ink, dashes[same[color]%len(dashes)]}
			same[color]++
		}
	}
	return all
}

// differ says whether the series have different values of a key.
func differ(series []results.Name, key string) bool {
	return slices.ContainsFunc(series, func(n results.Name) bool { return n.Value(key) != series[0].Value(key) })
}

// nextVariant is the same colour with another mark inside the marker.
func (i Ink) nextVariant() Ink {
	if i <= 0 {
		return i - 1
	}
	return i + inks
}

// baseColour is the same colour without a mark.
func (i Ink) baseColour() Ink {
	if i <= 0 {
		return 0
	}
	return 1 + (i-1)%inks
}

// mark is which mark stands inside the marker; 0 is none.
func (i Ink) mark() int {
	if i <= 0 {
		return int(-i)
	}
	return int(i-1) / inks
}
