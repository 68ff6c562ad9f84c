package charts

import (
	"math"
	"strconv"
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

// speedupTicks prefers powers of two: they are where the workers' ticks are.
func speedupTicks(lo, hi float64) []Tick {
	if math.Log2(hi/lo) >= 2.5 {
		return powersOfTwo(lo, hi, nil)
	}
	return niceTicks(lo, hi)
}

// number prints up to four digits, never with an exponent below a million.
func number(v float64) string {
	if v >= 1e6 || v < 1e-4 {
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	digits := max(0, 3-int(math.Floor(math.Log10(v))))
	s := strconv.FormatFloat(v, 'f', digits, 64)
	f, _ := strconv.ParseFloat(s, 64)
	return strconv.FormatFloat(f, 'f', -1, 64)
}
