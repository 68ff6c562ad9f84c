package report

import (
	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/charts"
	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/truth"
)

// TruthsFigure draws the same: how far each truth was missed, and the speedups
// of real processors, slow cores and the simulator with the exact law.
func TruthsFigure(r *truth.Report) charts.Figure {
	var cases []charts.Case
	for _, f := range r.Findings {
		cases = append(cases, charts.Case{Name: f.Planted.String(), Source: f.Curve.Name.Source(), Planted: f.Value(), Found: f.Found})
	}
	o := charts.VerificationOptions{Goal: truth.Goal}
	if len(r.Findings) > 0 {
		c := r.Findings[0].Curve
		if w, s := c.Name.Value(contract.NameWorkload), c.Name.Value(contract.NameStrategy); w != "" && s != "" {
			o.Subtitle = w + " under " + s
		}
		o.Notes = []string{charts.Environment(c.Machine)}
	}
	return charts.Verification(cases, curves(r.Agreements), o)
}

// curves are the speedups by truth and by source.
func curves(as []truth.Agreement) []charts.Curve {
	type id struct {
		truth.Planted
		source results.Source
	}
	at := map[id]int{}
	var out []charts.Curve
	add := func(a truth.Agreement, s results.Source, e *laws.Estimate) {
		if e == nil {
			return
		}
		k := id{a.Planted, s}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, charts.Curve{Name: a.Planted.String(), Source: s, Truth: exactly(a.Planted)})
		}
		p := charts.Point{X: float64(a.N), Y: e.Value}
		if v := e.Interval; v != nil && stats.Finite(v.Low) && stats.Finite(v.High) {
			p.Bar = &charts.Bar{Low: v.Low, High: v.High}
		}
		out[i].Points = append(out[i].Points, p)
	}
	for _, a := range as {
		add(a, results.Real, a.Measured)
		add(a, results.Slow, a.Slow)
		add(a, results.Simulated, &laws.Estimate{Value: a.Simulated})
	}
	return out
}

// exactly is the law of what was planted.
func exactly(p truth.Planted) func(n float64) float64 {
	if p.Locked > 0 {
		return func(n float64) float64 { return 1 / laws.Bottleneck.Ratio(n, []float64{1 / p.Locked}) }
	}
	return func(n float64) float64 { return 1 / laws.Amdahl.Ratio(n, []float64{p.Serial}) }
}
