package charts

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"

	"amdahl/results"
	"amdahl/results/words"
)

// vegaSchema names the version of Vega-Lite, as its documentation asks for.
const vegaSchema = "https://vega.github.io/schema/vega-lite/v5.json"

// VegaLiteMIME is the type under which Jupyter knows a specification.
const VegaLiteMIME = "application/vnd.vegalite.v5+json"

// An object is a JSON object.
type object = map[string]any

// VegaLite writes the figure as a specification for Vega-Lite 5, for Jupyter
// ([VegaLiteMIME]), Observable or any page. The data are in it. Its panels have
// one layer for each kind of thing: bands, boxes, laws, references, intervals,
// points; each with what it stands for in its tooltip. Names are data there and
// never code. Of the layout it takes width, height, letters and theme.
//
// Equal figures give equal bytes.
func VegaLite(w io.Writer, f Figure, l Layout) error {
	if err := f.check(); err != nil {
		return fmt.Errorf("charts: %w", err)
	}
	v := vega{f: f, theme: l.Theme, scale: 1}
	if l.FontSize > 0 {
		v.scale = l.FontSize / usualFont
	}
	columns := len(f.Panels)
	if f.Columns > 0 {
		columns = min(columns, f.Columns)
	}
	if l.Stacked {
		columns = 1
	}
	v.size(l, columns)
	var panels []object
	for i, p := range f.Panels {
		panels = append(panels, v.panel(p, i == len(f.Panels)-1))
	}
	spec := object{"concat": panels, "columns": columns}
	if len(panels) == 1 {
		spec = panels[0]
	}
	spec["$schema"], spec["description"], spec["config"] = vegaSchema, words.Clean(f.Title), v.config()
	spec["title"] = object{"text": words.Clean(f.Title), "subtitle": v.subtitle(columns), "anchor": "start", "fontSize": v.pixels(17), "offset": v.pixels(10)}
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	if err := enc.Encode(spec); err != nil {
		return fmt.Errorf("charts: writing Vega-Lite: %w", err)
	}
	return nil
}

// vega holds a specification while it is made.
type vega struct {
	f             Figure
	theme         Theme
	scale         float64
	width, height float64 // of a panel, in pixels
	boxes         bool    // a panel before had some
}

// size finds the size of a panel.
func (v *vega) size(l Layout, columns int) {
	const (
		axes   = 90  // pixels beside a panel, of its axis and labels
		legend = 220 // beside the last one
	)
	inches := l.Width
	if !(inches > 0) || math.IsInf(inches, 0) {
		inches = usualSize
	}
	room := 96 * inches
	if len(v.f.Legend) > 0 {
		room -= legend * v.scale
	}
	v.width = math.Max(math.Round(room/float64(max(columns, 1))-axes*v.scale), 120)
	v.height = math.Round(260 * v.scale)
	if v.f.Height > 0 {
		v.height = math.Round(v.f.Height * 1.2)
	}
	if l.Height > 0 {
		rows := (len(v.f.Panels) + columns - 1) / max(columns, 1)
		v.height = math.Max(math.Round(96*l.Height/float64(max(rows, 1))-150*v.scale), 80)
	}
}

// subtitle is what stands under the title: the names' common part and the
// caption.
func (v *vega) subtitle(columns int) []string {
	lines := known(words.Clean(v.f.Subtitle))
	across := int(v.width*float64(columns)/(6*v.scale)) + 8
	for _, c := range v.f.Caption {
		lines = append(lines, words.Fold(words.Clean(c), across)...)
	}
	return lines
}

// colour is a hue under the theme.
func (v *vega) colour(h hue) string { return hex(v.theme.of(h)) }

func (v *vega) ink(i Ink) string { return v.colour(palette[i.Index()]) }

// pixels is a size of letters.
func (v *vega) pixels(px float64) float64 { return math.Round(px * v.scale) }

// config is the look of everything that has none of its own.
func (v *vega) config() object {
	text, second := v.colour(palette[0]), v.colour(muted)
	return object{
		"background": v.colour(paper),
		"font":       "Liberation Sans, Arimo, Arial, Helvetica, sans-serif",
		"view":       object{"stroke": nil},
		"title":      object{"color": text, "subtitleColor": second, "fontSize": v.pixels(13), "subtitleFontSize": v.pixels(11), "anchor": "start"},
		"axis": object{"labelColor": second, "titleColor": text, "gridColor": v.colour(grid), "domainColor": v.colour(faint), "tickColor": v.colour(faint),
			"labelFontSize": v.pixels(11), "titleFontSize": v.pixels(12), "titleFontWeight": "normal"},
		"legend": object{"labelColor": text, "titleColor": second, "labelFontSize": v.pixels(12), "titleFontSize": v.pixels(11), "titleFontWeight": "normal",
			"labelLimit": 0, "titleLimit": 0, "offset": v.legendOffset()},
		"text": object{"color": second, "fontSize": v.pixels(11)},
	}
}

// legendOffset is how far a legend is from its panel: clear of the labels at the end
// of lines.
func (v *vega) legendOffset() float64 {
	most := vg.Length(0)
	for _, p := range v.f.Panels {
		right, _ := p.labelRoom()
		most = max(most, right)
	}
	return math.Round(18 + float64(most)*1.6*v.scale)
}

// axis is the encoding of one axis.
func (v *vega) axis(a Axis, field string) object {
	var values []float64
	labels := map[string]string{}
	for _, t := range a.Ticks {
		if t.Label != "" {
			values = append(values, t.Value)
			labels[scriptNumber(t.Value)] = words.Clean(t.Label)
		}
	}
	scale := object{"type": "linear", "domain": []float64{a.Min, a.Max}, "nice": false, "zero": false}
	if a.Scale == Log2 {
		scale = object{"type": "log", "base": 2, "domain": []float64{a.Min, a.Max}, "nice": false}
	}
	text, err := json.Marshal(labels) // an object of texts: data, whatever is in them
	if err != nil {
		text = []byte("{}")
	}
	axis := object{"title": words.Clean(a.Name()), "values": values, "labelExpr": string(text) + "[toString(datum.value)]"}
	if a.Scale == Categories {
		axis["grid"], axis["labelLimit"], axis["labelOverlap"] = false, 0, false
	}
	return object{"field": field, "type": "quantitative", "scale": scale, "axis": axis}
}

// scriptNumber is a number as JavaScript writes it.
func scriptNumber(v float64) string {
	if v == 0 {
		return "0" // also of −0
	}
	if a := math.Abs(v); a >= 1e-6 && a < 1e21 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	s := strconv.FormatFloat(v, 'e', -1, 64)
	return strings.NewReplacer("e-0", "e-", "e+0", "e+").Replace(s)
}

// panel is one view with its layers; legends of points and lines stand beside the
// last one, for all of them, those of boxes beside the first that has some.
func (v *vega) panel(p Panel, last bool) object {
	q := vegaPanel{vega: v, Panel: p, legend: last, boxLegend: !v.boxes}
	v.boxes = v.boxes || len(p.Boxes) > 0
	q.bands()
	q.boxes()
	q.outlines()
	q.lines()
	q.refs()
	q.points()
	return object{
		"title": words.Clean(p.Title), "width": v.width, "height": v.height,
		"layer": q.layers, "resolve": object{"scale": object{"color": "independent", "fill": "independent", "stroke": "independent", "shape": "independent", "strokeDash": "independent"}},
	}
}

// entry is what the legend says of points, with their verdict; "" where it says the
// law, which is in the legend of the models.
func (v *vega) entry(i Ink, from results.Source) string {
	for _, e := range v.f.Legend {
		if e.Marker && e.Ink == i && source(e.Source) == source(from) && e.Dash == "" {
			return words.Clean(e.Text)
		}
	}
	return ""
}
