package charts

import (
	"bytes"
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

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
	c := vgsvg.New(sampleLen, height)
	drawEntry(draw.New(c), e, vg.Point{Y: height / 2}, nil)
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
