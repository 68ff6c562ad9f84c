package charts

import (
	"cmp"
	"slices"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/laws"
)

// A Look is how one series is told from the others of its figure.
type Look struct {
	Ink  Ink  // colour and marker
	Mark int  // small mark inside the marker: 0 none, 1 a dot, 2 a slit
	Dash Dash // of its law
}

// Looks gives each series of a figure its look. Colour and marker follow the
// strategy, the same in every figure with the same slots; slots may be nil.
// Where the strategies are all one they follow the variant, if that differs, else
// the machine (machines[i] is that of series i; nil is one machine), else the
// file. Series of the same colour, on other cores say, have other dashes, and
// where their points are of one source too, a mark inside the marker. plain says
// which have the neutral ink unless they are known by a strategy, or all would;
// nil is none.
func Looks(series []results.Name, plain []bool, slots Slots, machines []string) []Look {
	keys, strategies := lookKeys(series, machines)
	inks := map[string]Ink{}
	taken := map[Ink]bool{}
	if strategies && slots == nil {
		slots = SlotsOf(series)
	}
	for i, k := range keys {
		ink, ok := Ink(0), false
		if strategies {
			ink, ok = slots.Of(k)
		}
		if !ok {
			if i >= len(plain) || !plain[i] || !slices.Contains(plain, false) {
				continue
			}
			ink = 0
		}
		inks[k], taken[ink] = ink, true
	}
	for _, k := range keys {
		if _, ok := inks[k]; !ok {
			i := firstFree(taken)
			inks[k], taken[i] = i, true
		}
	}
	return marked(series, keys, inks)
}

// LooksOf are the looks that [Scaling] gives to the series of one figure, for a
// program that draws the same figure itself. No analysis is nil or without a curve.
func LooksOf(as []*laws.Analysis, slots Slots) []Look {
	if len(as) == 0 {
		return nil
	}
	return newBuilder(as, Options{Slots: slots}).looks
}

// lookKeys is what the ink of each series stands for, and whether that is its
// strategy.
func lookKeys(series []results.Name, machines []string) (keys []string, strategies bool) {
	keys = make([]string, len(series))
	key := contract.NameStrategy
	if !differ(series, key) {
		switch {
		case differ(series, contract.NameVariant):
			key = contract.NameVariant
		case len(machines) == len(series) && slices.ContainsFunc(machines, func(m string) bool { return m != machines[0] }):
			return slices.Clone(machines), false
		case differ(series, "file"):
			key = "file"
		}
	}
	for i, s := range series {
		keys[i] = cmp.Or(s.Value(key), s.Without(contract.NameCores).String())
	}
	return keys, key == contract.NameStrategy
}

// marked tells series of one ink apart: by a mark where their points are of one
// source, and by the dash of their law.
func marked(series []results.Name, keys []string, inks map[string]Ink) []Look {
	dashes := []Dash{Solid, Dashed, DashDot, LongDash}
	type point struct {
		ink    Ink
		source results.Source
	}
	marks := map[point]int{}
	same := map[Ink]int{} // ink → series so far
	all := make([]Look, len(series))
	for _, real := range []bool{true, false} { // as it is: plain and solid
		for i, s := range series {
			if (s.Cores() == contract.CoresReal) != real {
				continue
			}
			ink := inks[keys[i]]
			p := point{ink, s.Source()}
			all[i] = Look{ink, marks[p], dashes[same[ink]%len(dashes)]}
			marks[p]++
			same[ink]++
		}
	}
	return all
}

// differ reports whether the series have different values of a key.
func differ(series []results.Name, key string) bool {
	return slices.ContainsFunc(series, func(n results.Name) bool { return n.Value(key) != series[0].Value(key) })
}
