// Package words is the only place that knows how numbers, units, counts, lists
// and widths are written, for tables, figures, sentences and messages.
//
// Every function is pure and independent of the locale. A number that is not
// finite is written as the caller gave it: callers leave such numbers out.
package words

import (
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/perf/benchunit"
)

// None is written where there is no number.
const None = "—"

// Number writes a number in three digits: "0.103", "9.51", "12600", "8e-5". It
// has an exponent only below 0.001 and from a million on.
func Number(v float64) string { return digits(v, 3) }

// Ratio writes a number without a unit, as of a share, in three digits. What is nothing
// but rounding of the computer, below 1e-12, is 0.
func Ratio(v float64) string {
	if math.Abs(v) < 1e-12 {
		v = 0
	}
	return Number(v)
}

// digits writes a number in so many digits, as [Number] does.
func digits(v float64, n int) string {
	switch a := math.Abs(v); {
	case a >= math.Pow(10, float64(n)) && a < 1e6:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case a > 0 && a < 1e-3:
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', n-1, 64), "e-")
		if strings.Contains(mantissa, ".") {
			mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
		}
		return mantissa + "e-" + strings.TrimLeft(exponent, "0")
	}
	s := strconv.FormatFloat(v, 'g', n, 64)
	if strings.Contains(s, "e+") && math.Abs(v) < 1e6 { // rounded up to a power of ten
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return s
}

// Even writes a number of everyday size in three digits and keeps zeros, so that
// a column of them is even: "0.72", "3.87", "56.5", "120".
func Even(v float64) string {
	n := 2
	for a := math.Abs(v); a >= 9.995 && n > 0; a /= 10 {
		n--
	}
	return strconv.FormatFloat(v, 'f', n, 64)
}

// Exact writes a number in all its digits: what somebody typed.
func Exact(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// Apart writes a number in three digits, or in as many more as it takes to look
// different from another number that it is not.
func Apart(v, other float64) string {
	for n := 3; ; n++ {
		s := digits(v, n)
		if s != digits(other, n) || v == other || n > 9 {
			return s
		}
	}
}

// Percent writes a share in three digits: "61.8 %", "4.07 %".
func Percent(share float64) string { return Number(100*share) + " %" }

// Share writes a share of a whole as roughly as a reader needs it: one decimal
// below ten per cent, none above: "4.1 %", "62 %". A share of nothing can be told
// from one that is small: "0 %", "< 0.1 %".
func Share(share float64) string {
	n := 0
	if share > 0 && share < 0.0005 {
		return "< 0.1 %"
	}
	if share < 0.0995 && math.Round(1000*share) > 0 {
		n = 1
	}
	return strconv.FormatFloat(100*share, 'f', n, 64) + " %"
}

// Seconds writes a time in three digits with its unit: "58.8 ms", "5.12 µs".
func Seconds(t float64) string {
	v, unit := inUnit(t)
	return Number(v) + " " + unit
}

// EvenSeconds writes a time as [Seconds] does, but keeps zeros: "5.10 ms".
func EvenSeconds(t float64) string {
	v, unit := inUnit(t)
	return Even(v) + " " + unit
}

// inUnit is a time in the largest of s, ms, µs and ns that is not above it.
func inUnit(t float64) (v float64, unit string) {
	scale := benchunit.Scaler{Factor: 1}
	if t < 1 {
		scale = benchunit.CommonScale([]float64{t}, benchunit.Decimal)
	}
	return t / scale.Factor, scale.Prefix + "s"
}

// Duration writes a time in three digits with its unit: "58.8 ms".
func Duration(d time.Duration) string { return Seconds(d.Seconds()) }
