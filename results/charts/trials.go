package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// Trials are the attempts of one method to find a planted serial fraction.
type Trials struct {
	Name  string
	At    []Trial
	Error laws.Estimate // the median of |found − planted|, with its interval
}

// A Trial is one attempt. Trials of one number were made under the same
// conditions.
type Trial struct {
	Number         int
	Found, Planted float64 // shares of the one-worker time
}

// TrialsOptions steer the figure. The zero value is the default.
type TrialsOptions struct {
	Title, Subtitle string
	Notes           []string // lines of the caption
}

// TrialsFigure shows on the left what each trial found, beside what was
// planted, and on the right how far off it was, with the median of each
// method. What is no number is left out.
func TrialsFigure(methods []Trials, o TrialsOptions) Figure {
	f := Figure{Title: cmp.Or(o.Title, "A planted serial fraction, found again"), Subtitle: o.Subtitle}
	left := Panel{X: Axis{Label: "repeat", Scale: Linear}, Y: Axis{Label: "serial fraction found (share of T(1))", Scale: Linear}}
	right := Panel{Y: Axis{Label: "|found − planted| (share of T(1))"}}
	var names []string
	var planted []float64
	lo, hi, last := math.Inf(1), math.Inf(-1), 1
	medians := Points{Name: "median"}
	for i, m := range methods {
		names = append(names, m.Name)
		found, off := Points{Name: m.Name, Ink: Ink(i + 1)}, Points{Name: m.Name, Ink: Ink(i + 1)}
		for k, t := range m.At {
			if !stats.Finite(t.Found) || !stats.Finite(t.Planted) {
				continue
			}
			planted = append(planted, t.Planted)
			lo, hi, last = min(lo, t.Found, t.Planted), max(hi, t.Found, t.Planted), max(last, t.Number)
			found.At = append(found.At, Point{X: float64(t.Number), Y: t.Found})
			if e := math.Abs(t.Found - t.Planted); stats.Positive(e) {
				off.At = append(off.At, Point{X: float64(i+1) - 0.35 + 0.5*float64(k)/float64(len(m.At)), Y: e})
			}
		}
		left.Points, right.Points = append(left.Points, found), append(right.Points, off)
		if stats.Positive(m.Error.Value) {
			at := Point{X: float64(i+1) + 0.3, Y: m.Error.Value}
			if iv := m.Error.Interval; bounded(iv) {
				at.Bar = &Bar{iv.Low, iv.High}
			}
			medians.At = append(medians.At, at)
		}
		f.Legend = append(f.Legend, Entry{Text: m.Name, Ink: Ink(i + 1), Marker: true})
	}
	right.Points = append(right.Points, medians)
	if len(planted) > 0 {
		slices.Sort(planted)
		for _, p := range slices.Compact(planted) {
			left.Refs = append(left.Refs, Ref{Label: "planted " + words.Number(p), Dash: Solid, At: p})
		}
		air := 0.06 * max(hi-lo, 0.01)
		left.Y.Min, left.Y.Max = lo-air, hi+air
		left.Y.Ticks = linearTicks(left.Y.Min, left.Y.Max)
		left.X.Min, left.X.Max = 0.4, float64(last)+0.6
		left.X.Ticks = whole(last)
		f.Panels = append(f.Panels, left)
	}
	if low, high, ok := right.span(); ok {
		right.X = categories("method", names)
		right.Y.Min, right.Y.Max = margin(low, high, 0.06)
		right.Y.Ticks = niceTicks(right.Y.Min, right.Y.Max)
		f.Panels = append(f.Panels, right)
	}
	f.Legend = append(f.Legend, Entry{Text: "median with its 95 % interval", Marker: true})
	f.Caption = append([]string{fmt.Sprintf("Left: every repeat, both methods under the same conditions. Right: the same %d repeats by their errors, on a logarithmic scale.", last)}, o.Notes...)
	return f
}

// whole labels 1 to last, at most about ten of them.
func whole(last int) []Tick {
	every := 1 + (last-1)/10
	var ticks []Tick
	for n := 1; n <= last; n++ {
		t := Tick{Value: float64(n)}
		if n%every == 0 || every == 1 {
			t.Label = number(float64(n))
		}
		ticks = append(ticks, t)
	}
	return ticks
}
