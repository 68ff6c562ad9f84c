package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"

	"amdahl/results"
	"amdahl/results/charts"
)

// figure shows on the left what each attempt found, beside what was planted,
// and on the right how far off it was, with the median of each method. An exact
// hit has no place on the logarithmic axis on the right and is left out there.
func figure(c *contest, config []results.Setting, m results.Machine) charts.Figure {
	left := charts.Panel{
		X: charts.Axis{Label: "repeat", Scale: charts.Linear, Min: 0.4},
		Y: charts.Axis{Label: "serial fraction found (share of T(1))", Scale: charts.Linear, Min: math.Inf(1), Max: math.Inf(-1)},
	}
	right := charts.Panel{
		X: charts.Axis{Label: "method", Scale: charts.Categories, Min: 0.5, Max: float64(len(c.Methods)) + 0.5},
		Y: charts.Axis{Label: "|found − planted| (share of T(1))", Min: math.Inf(1), Max: math.Inf(-1)},
	}
	f := charts.Figure{
		Title:    fmt.Sprintf("Measured while other work comes and goes: %s and %s", c.Methods[0].Name, c.Methods[1].Name),
		Subtitle: c.String(),
	}
	medians := charts.Points{Name: "median"}
	last := 1
	var planted []float64
	for i, m := range c.Methods {
		ink, x := charts.Ink(i+1), float64(i+1)
		found, off := charts.Points{Name: m.Name, Ink: ink}, charts.Points{Name: m.Name, Ink: ink}
		for k, a := range m.Attempts {
			planted = append(planted, a.Planted)
			last = max(last, a.Repeat)
			found.At = append(found.At, charts.Point{X: float64(a.Repeat), Y: a.Found.Value})
			include(&left.Y, a.Found.Value, a.Planted)
			if a.Error() > 0 {
				off.At = append(off.At, charts.Point{X: x - 0.35 + 0.5*float64(k)/float64(len(m.Attempts)), Y: a.Error()})
				include(&right.Y, a.Error())
			}
		}
		if m.Error.Value > 0 {
			at := charts.Point{X: x + 0.3, Y: m.Error.Value}
			if iv := m.Error.Interval; iv != nil && iv.Low > 0 {
				at.Bar = &charts.Bar{Low: iv.Low, High: iv.High}
				include(&right.Y, iv.Low, iv.High)
			}
			medians.At = append(medians.At, at)
		}
		left.Points, right.Points = append(left.Points, found), append(right.Points, off)
		right.X.Ticks = append(right.X.Ticks, charts.Tick{Value: x, Label: m.Name})
		f.Legend = append(f.Legend, charts.Entry{Text: m.Name, Ink: ink, Marker: true})
	}
	right.Points = append(right.Points, medians)
	slices.Sort(planted)
	for _, p := range slices.Compact(planted) {
		left.Refs = append(left.Refs, charts.Ref{Label: fmt.Sprintf("planted %g", p), Dash: charts.Solid, At: p})
	}
	left.X.Max = float64(last) + 0.6
	left.X.Ticks = ticks(plot.DefaultTicks{}, left.X)
	air := 0.06 * max(left.Y.Max-left.Y.Min, 0.01)
	left.Y.Min, left.Y.Max = left.Y.Min-air, left.Y.Max+air
	left.Y.Ticks = ticks(plot.DefaultTicks{}, left.Y)
	f.Panels = []charts.Panel{left}
	if right.Y.Max > 0 {
		right.Y.Min, right.Y.Max = right.Y.Min/1.5, right.Y.Max*1.5
		right.Y.Ticks = ticks(plot.LogTicks{Prec: -1}, right.Y)
		f.Panels = append(f.Panels, right)
	}
	f.Legend = append(f.Legend, charts.Entry{Text: "median with its 95 % interval", Marker: true})
	f.Caption = []string{
		fmt.Sprintf("Left: every repeat, both methods under the same conditions. Right: the same %d repeats by their errors, on a logarithmic scale.", last),
		strings.Join(conditions(config), "; "),
	}
	if env := charts.Environment(m); env != "" {
		f.Caption = append(f.Caption, env)
	}
	return f
}

// include widens an axis to show the values.
func include(a *charts.Axis, values ...float64) {
	a.Min, a.Max = min(a.Min, slices.Min(values)), max(a.Max, slices.Max(values))
}

// ticks are those of an axis, as gonum/plot chooses them, inside its limits.
func ticks(from plot.Ticker, a charts.Axis) []charts.Tick {
	var list []charts.Tick
	for _, t := range from.Ticks(a.Min, a.Max) {
		if t.Value >= a.Min && t.Value <= a.Max {
			list = append(list, charts.Tick{Value: t.Value, Label: t.Label})
		}
	}
	slices.SortFunc(list, func(x, y charts.Tick) int { return int(math.Copysign(1, x.Value-y.Value)) })
	return list
}
