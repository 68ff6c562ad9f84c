package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"amdahl/results/stats"
	"amdahl/results/words"
)

// A Picture is a figure that needs no measurement: a law with parameters of one's
// own, as on the first slide of a course. It is given as a literal, and listed in
// [Pictures].
type Picture struct {
	Name       string // for the command line: "amdahl"
	Title      string // "Amdahl's law"
	Doc        string // what it shows, in one line
	Parameters []Parameter

	// Panels makes the panels for values of the parameters, which are in their
	// ranges. The figure has the title, and the notes of all its pictures.
	Panels func(v Values, o PictureOptions) (Drawn, error)
}

// A Parameter is one number of a picture; more values of it are more lines.
// Parameters of one name are one flag of the command.
type Parameter struct {
	Name     string    // "sigma"
	Symbol   string    // "σ"
	Doc      string    // what it measures, range, unit
	Min, Max float64   // the range, ends included; Max 0 is mostValue
	Above    bool      // Min itself is not in the range
	Default  []float64 // at least one
	Like     string    // another parameter, whose values it has if it has none of its own
}

// Values are the values of parameters by name.
type Values map[string][]float64

// PictureOptions steer the figure of pictures. The zero value is the default.
type PictureOptions struct {
	Title  string   // "" is that of the pictures
	To     float64  // the right end of the x axis, in workers; 0 is 256
	Only   Quantity // "" is speedup
	Linear bool     // axes with even steps; else logarithmic ones
}

// Drawn is what a picture adds to its figure.
type Drawn struct {
	Panels  []Panel
	Legend  []Entry
	Notes   []string // lines of the caption: how to read it, sources
	Formula string   // the subtitle of a picture that stands alone
}

const (
	usualTo   = 256 // workers
	mostTo    = 1 << 30
	mostLines = 20        // of one picture
	mostValue = 1_000_000 // of a parameter without a bound of its own
)

// FindPicture returns the picture of that name, or nil.
func FindPicture(name string) *Picture {
	for _, p := range Pictures {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// DrawPictures makes one figure of the pictures, side by side. Panels that show
// the same quantity against the same axis have equal axes, so that they can be
// compared. Values of parameters that none of the pictures has are an error, as
// are values outside their range.
func DrawPictures(pictures []*Picture, v Values, o PictureOptions) (Figure, error) {
	if o.To == 0 {
		o.To = usualTo
	}
	if !(o.To >= 2 && o.To <= mostTo) {
		return Figure{}, fmt.Errorf("up to %s workers: write a number from 2 to %d", words.Number(o.To), mostTo)
	}
	known := map[string]bool{}
	f := Figure{Title: o.Title}
	var titles, formulas []string
	for _, p := range pictures {
		own, err := p.values(v)
		if err != nil {
			return Figure{}, err
		}
		for _, q := range p.Parameters {
			known[q.Name], known[q.Like] = true, true
		}
		d, err := p.Panels(own, o)
		if err != nil {
			return Figure{}, err
		}
		if len(pictures) > 1 {
			for i := range d.Panels {
				d.Panels[i].Title = cmp.Or(d.Panels[i].Title, p.Title)
			}
		}
		f.Panels = append(f.Panels, d.Panels...)
		for _, e := range d.Legend {
			if len(pictures) > 1 && e.Ink > 0 {
				e.Text = p.Title + ", " + e.Text
				if e.Short != "" {
					e.Short = p.Title + ", " + e.Short
				}
			}
			if !slices.Contains(f.Legend, e) {
				f.Legend = append(f.Legend, e)
			}
		}
		for _, n := range d.Notes {
			if !slices.Contains(f.Caption, n) {
				f.Caption = append(f.Caption, n)
			}
		}
		titles, formulas = append(titles, p.Title), append(formulas, d.Formula)
	}
	for _, name := range sortedNames(v) {
		if !known[name] {
			return Figure{}, fmt.Errorf("%s is no parameter of %s", name, words.List(titles))
		}
	}
	if f.Title = cmp.Or(f.Title, words.List(titles)); len(pictures) == 1 {
		f.Subtitle = formulas[0]
	}
	if len(f.Panels) > 3 {
		f.Columns = 2
	}
	shareAxes(f.Panels)
	return f, nil
}

func sortedNames(v Values) []string {
	var names []string
	for n := range v {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// values are those of the parameters of a picture, with the defaults. Where
// several values of one parameter are given, another has one default value.
func (p *Picture) values(v Values) (Values, error) {
	own := Values{}
	most := 0
	for _, q := range p.Parameters {
		list := v[q.Name]
		if len(list) == 0 && q.Like != "" {
			list = v[q.Like]
		}
		if len(list) > mostLines {
			return nil, fmt.Errorf("%s: %d values are too many for one figure: give %d at most", q.Name, len(list), mostLines)
		}
		for _, x := range list {
			switch {
			case !stats.Finite(x) || x < q.Min || x == q.Min && q.Above || q.Max > 0 && x > q.Max:
				return nil, fmt.Errorf("%s %s is out of range: %s", q.Name, words.Exact(x), q.Doc)
			case x > mostValue:
				return nil, fmt.Errorf("%s %s is too large for a figure: write %d at most; %s", q.Name, words.Exact(x), mostValue, q.Doc)
			}
		}
		own[q.Name], most = list, max(most, len(list))
	}
	for _, q := range p.Parameters {
		if len(own[q.Name]) > 0 {
			continue
		}
		if own[q.Name] = q.Default; most > 1 {
			own[q.Name] = q.Default[len(q.Default)/2:][:1]
		}
	}
	return own, nil
}

// shareAxes gives panels with the same axes the same limits on them.
func shareAxes(panels []Panel) {
	for i := range panels {
		for k := range panels {
			a, b := &panels[i].Y, &panels[k].Y
			if panels[i].X.Name() != panels[k].X.Name() || a.Name() != b.Name() || a.Scale != b.Scale || a.Scale == Categories {
				continue
			}
			if b.Min < a.Min {
				a.Min = b.Min
			}
			if b.Max > a.Max {
				a.Max = b.Max
			}
		}
	}
	for i := range panels {
		switch y := &panels[i].Y; {
		case y.Scale == Linear:
			y.Ticks = linearTicks(y.Min, y.Max)
		case y.Scale == Log2 && y.Unit == "×":
			y.Ticks = speedupTicks(y.Min, y.Max)
		case y.Scale == Log2:
			y.Ticks = niceTicks(y.Min, y.Max)
		}
	}
}

// combined makes one list of parameter values for each line: lists of one length
// are taken together, and one value holds for all lines.
func combined(parameters []Parameter, v Values) ([][]float64, error) {
	n := 1
	for _, q := range parameters {
		n = max(n, len(v[q.Name]))
	}
	lines := make([][]float64, n)
	for _, q := range parameters {
		list := v[q.Name]
		if len(list) != 1 && len(list) != n {
			var all []string
			for _, r := range parameters {
				all = append(all, fmt.Sprintf("%d of %s", len(v[r.Name]), r.Name))
			}
			return nil, fmt.Errorf("%s: give as many values of each, or one that holds for all lines", strings.Join(all, ", "))
		}
		for i := range lines {
			lines[i] = append(lines[i], list[min(i, len(list)-1)])
		}
	}
	var different [][]float64
	for _, l := range lines {
		if !slices.ContainsFunc(different, func(d []float64) bool { return slices.Equal(d, l) }) {
			different = append(different, l)
		}
	}
	return different, nil
}

// quantity turns a law, T(n)/T(1), into what the panel shows.
func (o PictureOptions) quantity(ratio func(n float64) float64) func(n float64) float64 {
	switch o.Only {
	case Time:
		return func(n float64) float64 { return 100 * ratio(n) }
	case Efficiency:
		return func(n float64) float64 { return 100 / (n * ratio(n)) }
	}
	return func(n float64) float64 { return 1 / ratio(n) }
}

// panel is a panel with lines of what is asked for against the workers, its axes,
// and the ideal line.
func (o PictureOptions) panel(lines []Line) (Panel, Entry) {
	style := Options{Linear: o.Linear}
	p := Panel{Lines: lines, X: style.workersAxis("workers", 1, o.To, 0.03, nil)}
	lo, hi, ok := p.span()
	if !ok {
		lo, hi = 1, 2
	}
	ideal, entry := ideal(1, o.To)
	switch o.Only {
	case Time:
		ideal.At = sample(o.quantity(func(n float64) float64 { return 1 / n }), 1, o.To)
		p.Y = Axis{Label: "time T(n)/T(1)", Unit: "% of one worker"}
		if o.Linear {
			p.Y.Scale, p.Y.Max = Linear, 1.06*math.Max(hi, 100)
			p.Y.Ticks = linearTicks(0, p.Y.Max)
		} else {
			p.Y.Min, p.Y.Max = margin(lo/2, math.Max(hi, 100), 0.04)
			p.Y.Ticks = niceTicks(p.Y.Min, p.Y.Max)
		}
	case Efficiency:
		ideal.At = sample(func(float64) float64 { return 100 }, 1, o.To)
		p.Y = Axis{Label: "efficiency T(1)/(n·T(n))", Unit: "%", Scale: Linear, Max: 1.06 * math.Max(hi, 100)}
		p.Y.Ticks = linearTicks(0, p.Y.Max)
	default:
		top := math.Max(hi, math.Min(o.To, 1.25*hi))
		p.Y = style.speedupAxis("speedup", math.Min(lo, 1), top)
	}
	p.Lines = append(p.Lines, ideal)
	return p, entry
}
