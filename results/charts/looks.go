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
	Dash Dash // of its law
}

// Looks gives each series of a figure its look. Colour and marker follow the
// strategy, the same in every figure with the same slots; slots may be nil.
// Where the strategies are all one they follow the variant, if that differs, else
// the machine (machines[i] is that of series i; nil is one machine), else the
// file. Series of the same colour, on other cores say, have other dashes, and
// where their points are of one source too, another marker: the same one for all
// that are of one machine or on one kind of cores. No two points of a figure with up to
// 42 series look alike. plain says
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
	return apart(series, keys, inks, machines)
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

// apart tells series of one ink apart: by another marker of the same colour where their
// points are of one source, and by the dash of their law.
func apart(series []results.Name, keys []string, inks map[string]Ink, machines []string) []Look {
	dashes := []Dash{Solid, Dashed, DashDot, LongDash}
	type point struct {
		ink    Ink
		source results.Source
	}
	taken := map[point]bool{}   // by a series before
	wanted := map[Ink]bool{}    // the first of each key
	same := map[Ink]int{}       // of the first of each key → series so far
	like := map[string]Marker{} // of one machine and kind of cores → marker
	for _, ink := range inks {
		wanted[ink] = true
	}
	all := make([]Look, len(series))
	for _, real := range []bool{true, false} { // as it is: its own marker, and solid
		for i, s := range series {
			if (s.Cores() == contract.CoresReal) != real {
				continue
			}
			own := inks[keys[i]]
			p := point{own, s.Source()}
			if taken[p] {
				others := s.Cores() + "\x00" + s.Value("file")
				if i < len(machines) {
					others = s.Cores() + "\x00" + machines[i]
				}
				free := func(i Ink) bool { return !taken[point{i, p.source}] && !wanted[i] }
				p.ink = p.ink.another(like[others], free)
				like[others] = p.ink.Marker()
			}
			taken[p] = true
			all[i] = Look{p.ink, dashes[same[own]%len(dashes)]}
			same[own]++
		}
	}
	return all
}

// another is an ink of the same colour that is free, with the marker if it can be; of
// another colour if there is none. Markers are tried from the last: the first ones are
// those of the most usual strategies.
func (i Ink) another(marker Marker, free func(Ink) bool) Ink {
	if j := i.with(marker); j != i && j.Marker() == marker && free(j) {
		return j
	}
	for _, m := range slices.Backward(Markers) {
		if j := i.with(m); j != i && free(j) {
			return j
		}
	}
	for j := Ink(1); j <= pairs; j++ {
		if free(j) {
			return j
		}
	}
	return i
}

// differ reports whether the series have different values of a key.
func differ(series []results.Name, key string) bool {
	return slices.ContainsFunc(series, func(n results.Name) bool { return n.Value(key) != series[0].Value(key) })
}
