package charts

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"

	"amdahl/results/words"
)

// powersOfTwo gives the powers of two in [lo, hi], at most about a dozen of
// them labelled, and the levels that are none as minor ticks. Where the
// powers are fewer than two, the levels themselves carry the labels.
func powersOfTwo(lo, hi float64, levels []float64) []Tick {
	first, last := int(math.Ceil(math.Log2(lo)-1e-9)), int(math.Floor(math.Log2(hi)+1e-9))
	every := 1 + (last-first)/12
	var ticks []Tick
	seen := map[float64]bool{}
	labelled := 0
	for e := first; e <= last; e++ {
		v := math.Ldexp(1, e)
		t := Tick{Value: v}
		if (e-first)%every == 0 {
			t.Label = number(v)
			labelled++
		}
		seen[v] = true
		ticks = append(ticks, t)
	}
	for _, v := range levels {
		if v < lo || v > hi || seen[v] {
			continue
		}
		seen[v] = true
		t := Tick{Value: v}
		if labelled < 2 && len(levels) <= 8 {
			t.Label = number(v)
		}
		ticks = append(ticks, t)
	}
	sortTicks(ticks)
	return ticks
}

// niceTicks gives four to nine labelled ticks on a logarithmic axis of any
// span: a decade's 1, 2, 5; all nine digits; or steps of equal length.
func niceTicks(lo, hi float64) []Tick {
	for _, mantissas := range [][]float64{{1}, {1, 3}, {1, 2, 5}, {1, 1.5, 2, 3, 4, 5, 7}} {
		if t := decades(lo, hi, mantissas); len(t) >= 4 {
			return thin(t)
		}
	}
	return linearTicks(lo, hi)
}

// linearTicks gives four to ten labelled ticks in steps of 1, 2 or 5 times a
// power of ten. Zero is one of them where it is inside the limits.
func linearTicks(lo, hi float64) []Tick {
	step := math.Pow(10, math.Floor(math.Log10((hi-lo)/4)))
	for _, m := range []float64{5, 2} {
		if (hi-lo)/(step*m) >= 4 {
			step *= m
			break
		}
	}
	digits := max(0, int(math.Ceil(-math.Log10(step)-1e-9)))
	var ticks []Tick
	for i := math.Ceil(lo/step - 1e-9); i*step <= hi+1e-9*step && len(ticks) < 20; i++ {
		v := math.Min(math.Max(i*step, lo), hi)
		if i == 0 {
			v = 0 // not the -0 of a small negative number
		}
		ticks = append(ticks, Tick{v, strconv.FormatFloat(v, 'f', digits, 64)})
	}
	return ticks
}

// categories is an axis of names, the first at 1.
func categories(label string, names []string) Axis {
	a := Axis{Label: label, Scale: Categories, Min: 0.5, Max: float64(len(names)) + 0.5}
	for i, n := range names {
		a.Ticks = append(a.Ticks, Tick{float64(i + 1), n})
	}
	return a
}

func decades(lo, hi float64, mantissas []float64) []Tick {
	var ticks []Tick
	for e := math.Floor(math.Log10(lo)); e <= math.Ceil(math.Log10(hi)); e++ {
		for _, m := range mantissas {
			if v := m * math.Pow(10, e); v >= lo && v <= hi {
				ticks = append(ticks, Tick{v, number(v)})
			}
		}
	}
	return ticks
}

// thin takes labels away until at most nine are left.
func thin(ticks []Tick) []Tick {
	every := (len(ticks) + 8) / 9
	for i := range ticks {
		if i%every != 0 {
			ticks[i].Label = ""
		}
	}
	return ticks
}

// labels is the number of ticks with a label.
func (a Axis) labels() int {
	n := 0
	for _, t := range a.Ticks {
		if t.Label != "" {
			n++
		}
	}
	return n
}

// thinned is the axis without the labels that would touch one another where it has
// that length: of a logarithmic axis in tens the powers of ten stay where there are
// two, else every second label, or third, and so on. y says that it is an axis
// upward.
func (a Axis) thinned(length vg.Length, y bool) Axis {
	if a.Scale == Categories {
		return a
	}
	var labelled []int
	for i, t := range a.Ticks {
		if t.Label != "" {
			labelled = append(labelled, i)
		}
	}
	size := func(t Tick) vg.Length {
		if y {
			return tickText.Font.Size + 1
		}
		return tickText.Width(words.Clean(t.Label)) + 4
	}
	touch := func(kept []int) bool {
		for k := 1; k < len(kept); k++ {
			s, t := a.Ticks[kept[k-1]], a.Ticks[kept[k]]
			if vg.Length(a.along(t.Value)-a.along(s.Value))*length < (size(s)+size(t))/2 {
				return true
			}
		}
		return false
	}
	kept := labelled
	if touch(kept) && a.Scale == Log2 {
		if tens := powersOfTen(a.Ticks, labelled); len(tens) >= 2 {
			labelled, kept = tens, tens
		}
	}
	for every := 2; touch(kept); every++ {
		kept = nil
		for k := 0; k < len(labelled); k += every {
			kept = append(kept, labelled[k])
		}
	}
	a.Ticks = slices.Clone(a.Ticks)
	for i := range a.Ticks {
		if !slices.Contains(kept, i) {
			a.Ticks[i].Label = ""
		}
	}
	return a
}

// powersOfTen are those of the ticks, unless they are powers of two.
func powersOfTen(ticks []Tick, labelled []int) (tens []int) {
	for _, i := range labelled {
		if e := math.Log10(ticks[i].Value); math.Abs(e-math.Round(e)) < 1e-9 {
			tens = append(tens, i)
		}
	}
	return tens
}

// speedupTicks prefers powers of two: they are where the workers' ticks are. Speedups far
// below 1 have powers of ten.
func speedupTicks(lo, hi float64) []Tick {
	if math.Log2(hi/lo) >= 2.5 && lo > 1.0/40 { // a smaller one has too many digits
		return powersOfTwo(lo, hi, nil)
	}
	return niceTicks(lo, hi)
}

// number prints up to four digits, and a whole number in full up to ten of them.
// Beyond that, and below 0.0001, it has an exponent: "2e12".
func number(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v >= 1e4 && v < 1e10:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 1e10 || v < 1e-4:
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', 3, 64), "e")
		if strings.Contains(mantissa, ".") {
			mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
		}
		e, _ := strconv.Atoi(exponent)
		return mantissa + "e" + strconv.Itoa(e)
	}
	digits := max(0, 3-int(math.Floor(math.Log10(v))))
	s := strconv.FormatFloat(v, 'f', digits, 64)
	f, _ := strconv.ParseFloat(s, 64)
	return strconv.FormatFloat(f, 'f', -1, 64)
}
