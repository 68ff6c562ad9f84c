package charts

import (
	"bytes"
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"amdahl/results"
	"amdahl/results/laws"
)

// A SeriesStyle is how one series looks in its figure.
type SeriesStyle struct {
	Color string         // the name of a CSS variable of [Variables], without its hyphens: "blue"
	Shape string         // of its marker: "circle"
	Mark  int            // which mark stands inside the marker; 0 is none
	Dash  Dash           // of its law
	From  results.Source // the filling of its marker
}

// Styles are the styles of the series of a figure of [Scaling], one for each
// analysis, for a program that draws the same figure itself. No analysis is nil or
// without a curve.
func Styles(as []*laws.Analysis) []SeriesStyle {
	b := newBuilder(as, Options{})
	b.series()
	all := make([]SeriesStyle, len(as))
	for i, s := range b.styles {
		all[i] = SeriesStyle{palette[s.ink.baseColour()].name, "circle", s.ink.mark(), s.dash, source(as[i].Curve.Name.Source())}
	}
	return all
}

// Colors are the colours of boxes by the names of their causes, as CSS has them.
func Colors() map[string]string {
	all := map[string]string{}
	for f, c := range fills {
		all[string(f)] = hex(c)
	}
	return all
}

// Key draws the sample of one entry of a legend as a themed SVG, without its text.
func Key(e Entry) (string, error) {
	const height = vg.Length(12)
	e.Text = ""
	c := vgsvg.New(sampleLen, height)
	drawEntry(draw.New(c), e, vg.Point{Y: height / 2}, sampleLen+6)
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return "", fmt.Errorf("charts: %w", err)
	}
	return themed(b.String()), nil
}

// Alone are the panels of a figure as figures of their own, without a legend, for a
// page that places them itself.
func (f Figure) Alone() []Figure {
	var all []Figure
	for _, p := range f.Panels {
		all = append(all, Figure{Title: f.Title, Subtitle: f.Subtitle, Height: f.Height, Panels: slices.Clone([]Panel{p})})
	}
	return all
}
