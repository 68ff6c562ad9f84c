package charts

import (
	"fmt"
	"math"
	"strings"

	"amdahl/results/laws"
	"amdahl/results/words"
)

// Pictures lists the pictures. To add one, write one file and one line here.
var Pictures = []*Picture{
	lawPicture(laws.Amdahl, "never above 1/σ, however many workers", []float64{0.5, 0.25, 0.1, 0.05}),
	lawPicture(laws.Gustafson, "the work grows with the workers, and so does the speedup", []float64{0.5, 0.25, 0.1, 0.05}),
	lawPicture(laws.USL, "a cost for every pair of workers bends the curve down again", []float64{0.1, 0.1, 0.1}, []float64{0, 0.0005, 0.005}),
	lawPicture(laws.Log, "a cost for every doubling of the workers, as of a tree", []float64{0.1, 0.1, 0.1}, []float64{0, 0.005, 0.05}),
	lawPicture(laws.Bottleneck, "one resource is full at n* workers, and more change nothing", []float64{4, 16, 64}),
	lawPicture(laws.Convoy, "a contended lock makes more workers slower than one", []float64{1.2, 2, 5}),
	hillMarty,
}

// lawPicture is the picture of a law, with default values of its terms in their
// order.
func lawPicture(law *laws.Law, shows string, defaults ...[]float64) *Picture {
	p := &Picture{Name: law.Name, Title: law.Title, Doc: shows}
	for i, t := range law.Terms {
		q := Parameter{Name: t.Name, Symbol: t.Symbol, Doc: t.Symbol + " is the " + t.Doc, Max: t.Max, Default: defaults[i]}
		switch law {
		case laws.Bottleneck:
			q.Min = 1
		case laws.Convoy:
			q.Min, q.Above = 1, true
		case laws.Gustafson:
			q.Like = laws.Amdahl.Terms[0].Name // one number f is both on a slide
		}
		p.Parameters = append(p.Parameters, q)
	}
	p.Panels = func(v Values, o PictureOptions) (Drawn, error) { return drawLaw(law, p.Parameters, v, o) }
	return p
}

// lineDashes tell lines of one colour apart.
var lineDashes = []Dash{Solid, Dashed, DashDot, LongDash}

// mostLabels is how many lines can have a label at their end.
const mostLabels = 10

// drawLaw draws one line for each set of parameters.
func drawLaw(law *laws.Law, parameters []Parameter, v Values, o PictureOptions) (Drawn, error) {
	sets, err := combined(parameters, v)
	if err != nil {
		return Drawn{}, err
	}
	d := Drawn{Formula: law.Formula, Notes: []string{fmt.Sprintf("%s: %s; %s. Source: %s.", law.Title, law.Doc, terms(parameters), law.Source)}}
	var lines []Line
	varies := varying(sets)
	for i, set := range sets {
		ink, dash := Ink(i+1), lineDashes[i/colours%len(lineDashes)]
		ratio := func(n float64) float64 { return law.Ratio(n, set) }
		var label []string
		for k, q := range parameters {
			if varies[k] || len(sets) == 1 {
				label = append(label, q.Symbol+" = "+words.Number(set[k]))
			}
		}
		text := strings.Join(label, ", ")
		var bend []float64
		if law.Peak != nil {
			bend = append(bend, law.Peak(set))
		}
		end := text
		if len(sets) > mostLabels {
			end = "" // the legend has it
		}
		lines = append(lines, Line{Name: text, Ink: ink, Dash: dash, Label: end, At: sample(o.quantity(ratio), 1, o.To, bend...)})
		all := text
		for k, q := range parameters {
			if !varies[k] && len(sets) > 1 {
				all += ", " + q.Symbol + " = " + words.Number(set[k])
			}
		}
		d.Legend = append(d.Legend, Entry{Text: all + ": " + outcome(law, set, o.To), Short: all, Ink: ink, Dash: dash})
	}
	panel, entry := o.panel(lines)
	d.Panels, d.Legend = []Panel{panel}, append(d.Legend, entry)
	return d, nil
}

// terms says what the parameters are.
func terms(parameters []Parameter) string {
	var list []string
	for _, q := range parameters {
		list = append(list, q.Doc)
	}
	return strings.Join(list, "; ")
}

// varying reports which parameters differ between the lines.
func varying(sets [][]float64) []bool {
	varies := make([]bool, len(sets[0]))
	for _, set := range sets {
		for k := range set {
			varies[k] = varies[k] || set[k] != sets[0][k]
		}
	}
	return varies
}

// outcome is what a law with these parameters comes to: its peak, its ceiling or,
// where it has neither, its speedup at the right end.
func outcome(law *laws.Law, set []float64, to float64) string {
	peak := math.Inf(1)
	if law.Peak != nil {
		peak = law.Peak(set)
	}
	most := math.Inf(1)
	if law.Limit != nil {
		most = law.Limit(set)
	}
	switch {
	case peak <= 1:
		return "best with 1 worker"
	case !math.IsInf(peak, 1):
		return fmt.Sprintf("at most %s times, with %s workers", words.Number(most), words.Number(peak))
	case !math.IsInf(most, 1):
		return fmt.Sprintf("never above %s times", words.Number(most))
	}
	return fmt.Sprintf("%s times with %s workers", words.Number(1/law.Ratio(to, set)), words.Number(to))
}
