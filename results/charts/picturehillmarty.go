package charts

import (
	"fmt"
	"slices"

	"amdahl/results/hillmarty"
	"amdahl/results/laws"
	"amdahl/results/words"
)

const hillMartySigma = "σ is the share of the work that is serial, on one base core, 0 to 1, no unit"

// hillMarty is the picture of Hill and Marty: what the size of the large core does on
// a chip with as many base cores as the axis is long. σ is 1 − f of the paper.
var hillMarty = &Picture{
	Name: "hill-marty", Title: "Amdahl's law in the multicore era",
	Doc: "a chip may spend r of its base cores on one that is √r times as fast: how many should it?",
	Parameters: []Parameter{{
		Name: laws.Amdahl.Terms[0].Name, Symbol: laws.Amdahl.Terms[0].Symbol, Max: laws.Amdahl.Terms[0].Max,
		Doc:     hillMartySigma,
		Default: []float64{0.5, 0.1, 0.025, 0.01},
	}},
	Panels: drawHillMarty,
}

func drawHillMarty(v Values, o PictureOptions) (Drawn, error) {
	var sigmas []float64
	for _, s := range v[laws.Amdahl.Terms[0].Name] {
		if !slices.Contains(sigmas, s) {
			sigmas = append(sigmas, s)
		}
	}
	d := Drawn{
		Formula: "symmetric: n/r cores of r; asymmetric: one core of r and n − r base cores; dynamic: all n, or one of r",
		Notes: []string{
			fmt.Sprintf("Chips of n = %s base cores. A core of r base cores runs serial work √r times as fast as one (Pollack's rule). %s.", words.Number(o.To), hillMartySigma),
			"Source: Hill and Marty, IEEE Computer 41(7), 2008.",
		},
	}
	for i, sigma := range sigmas {
		text := "σ = " + words.Number(sigma)
		all := text + ": at best"
		for k, design := range hillmarty.Designs {
			r, s := design.Best(1-sigma, o.To)
			if k > 0 {
				all += ","
			}
			all += fmt.Sprintf(" %s times %s (r = %s)", words.Number(s), design.Name, words.Number(r))
		}
		d.Legend = append(d.Legend, Entry{Text: all, Short: text, Ink: Ink(i + 1), Dash: lineDashes[i/colours%len(lineDashes)]})
	}
	for _, design := range hillmarty.Designs {
		var lines []Line
		for i, e := range d.Legend {
			sigma := sigmas[i]
			best, _ := design.Best(1-sigma, o.To)
			speedup := func(r float64) float64 { return design.Speedup(1-sigma, o.To, r) }
			label := "σ = " + words.Number(sigma)
			if len(sigmas) > mostLabels {
				label = "" // the legend has it
			}
			lines = append(lines, Line{Name: design.Name + ", σ = " + words.Number(sigma), Ink: e.Ink, Dash: e.Dash, Label: label,
				At: sample(o.ofChip(speedup), 1, o.To, best)})
		}
		d.Panels = append(d.Panels, o.chipPanel(design.Name, lines))
	}
	return d, nil
}

// ofChip turns the speedup of a chip of o.To base cores into what is asked for.
func (o PictureOptions) ofChip(speedup func(r float64) float64) func(r float64) float64 {
	switch o.Only {
	case Time:
		return func(r float64) float64 { return 100 / speedup(r) }
	case Efficiency:
		return func(r float64) float64 { return 100 * speedup(r) / o.To }
	}
	return speedup
}

// chipPanel is a panel of lines against the size of the large core.
func (o PictureOptions) chipPanel(title string, lines []Line) Panel {
	style := Options{Linear: o.Linear}
	p := Panel{Title: title, Lines: lines, X: style.workersAxis("base cores in the large core, r", 1, o.To, 0.03, nil)}
	lo, hi, _ := p.span()
	switch o.Only {
	case Time:
		p.Y = Axis{Label: "time", Unit: "% of one base core", Scale: Linear, Max: 1.06 * hi}
		p.Y.Ticks = linearTicks(0, p.Y.Max)
	case Efficiency:
		p.Y = Axis{Label: "speedup a base core", Unit: "%", Scale: Linear, Max: 1.06 * hi}
		p.Y.Ticks = linearTicks(0, p.Y.Max)
	default:
		p.Y = style.speedupAxis("speedup", lo, hi)
		p.Y.Label = "speedup over one base core"
	}
	return p
}
