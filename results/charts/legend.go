package charts

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"amdahl/results/words"
)

// A block is entries of the legend that are laid out in columns of their own.
type block struct {
	entries []Entry
	width   vg.Length // of an entry
	columns int
	rows    int
}

// layLegend makes a block of the colours of boxes and one of the other
// entries, each in as many columns as its longest entry allows.
func (p *page) layLegend() {
	var fills, others []Entry
	for _, e := range p.f.Legend {
		if e.Fill != "" {
			fills = append(fills, e)
		} else {
			others = append(others, e)
		}
	}
	for _, entries := range [][]Entry{fills, others} {
		n := len(entries)
		if n == 0 {
			continue
		}
		b := block{entries: entries}
		for _, e := range entries {
			b.width = max(b.width, sampleLen+6+legendText.Width(words.Clean(e.Text))+16)
		}
		b.width = min(b.width, p.inner)
		b.columns = min(n, max(1, int(p.inner/b.width)))
		b.rows = (n + b.columns - 1) / b.columns
		b.columns = (n + b.rows - 1) / b.rows
		p.rows += b.rows
		p.legend = append(p.legend, b)
	}
}

// drawEntry draws one entry of the legend; at is the middle of its left edge.
func drawEntry(c draw.Canvas, e Entry, at vg.Point, width vg.Length) {
	if e.Fill != "" {
		const half = 4
		var colour color.Color = fills[e.Fill]
		if e.Fill == SeriesFill {
			colour = e.Ink.color()
		}
		if e.Faint {
			colour = weak(colour)
		}
		c.SetColor(colour)
		c.Fill(vg.Rectangle{Min: vg.Point{X: at.X, Y: at.Y - half - 1}, Max: vg.Point{X: at.X + sampleLen, Y: at.Y + half - 1}}.Path())
	}
	if e.Dash != "" {
		c.StrokeLine2(lineStyle(e.Ink, e.Dash, false, e.Faint || e.FaintLine), at.X, at.Y, at.X+sampleLen, at.Y)
	}
	if e.Marker {
		dot{e.Source, e.Ink, e.Mark, e.Faint}.draw(&c, vg.Point{X: at.X + sampleLen/2, Y: at.Y}, 3.2)
	}
	text := fit(legendText, e.Text, width-sampleLen-6)
	c.FillText(legendText, vg.Point{X: at.X + sampleLen + 6, Y: at.Y}, text)
}
