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
	lines   [][]string // the text of each
	width   vg.Length  // of an entry
	columns int

	shortened bool // an entry is, for want of lines
}

// layLegend makes a block of the colours of boxes and one of the other entries, each in
// as many columns as its longest entry allows. short makes the texts short. packed
// chooses the columns that make the block lowest, where long entries may take several
// lines.
func (p *page) layLegend(short, packed bool) {
	var fills, others []Entry
	for _, e := range p.f.Legend {
		if short && e.Short != "" {
			e.Text = e.Short
		}
		if e.Fill != "" {
			fills = append(fills, e)
		} else {
			others = append(others, e)
		}
	}
	for _, entries := range [][]Entry{fills, others} {
		if len(entries) == 0 {
			continue
		}
		natural := vg.Length(0)
		for _, e := range entries {
			natural = max(natural, sampleLen+6+measured(legendText, words.Clean(e.Text))+16)
		}
		best := newBlock(entries, p.inner, natural, max(1, int(p.inner/natural)))
		for columns := best.columns + 1; packed && columns <= min(len(entries), 6) && p.inner/vg.Length(columns) >= sampleLen+70; columns++ {
			if b := newBlock(entries, p.inner, p.inner/vg.Length(columns), columns); !b.shortened && b.height() < best.height()-1 {
				best = b
			}
		}
		p.legend = append(p.legend, best)
		p.legendHeight += best.height()
	}
}

// newBlock lays entries out in columns of a width, no more than there is.
func newBlock(entries []Entry, room, width vg.Length, columns int) block {
	b := block{entries: entries, width: min(width, room), columns: min(len(entries), columns)}
	rows := (len(entries) + b.columns - 1) / b.columns
	b.columns = (len(entries) + rows - 1) / rows
	for _, e := range entries {
		b.shortened = b.shortened || len(foldTo(legendText, e.Text, b.width-sampleLen-6-4, mostEntry+1)) > mostEntry
		b.lines = append(b.lines, foldTo(legendText, e.Text, b.width-sampleLen-6-4, mostEntry))
	}
	return b
}

// rowHeight is the height of the row that begins with an entry.
func (b block) rowHeight(first int) vg.Length {
	most := 1
	for _, l := range b.lines[first:min(first+b.columns, len(b.lines))] {
		most = max(most, len(l))
	}
	return legendRow + vg.Length(most-1)*moreRow
}

func (b block) height() (h vg.Length) {
	for i := 0; i < len(b.entries); i += b.columns {
		h += b.rowHeight(i)
	}
	return h
}

// draw draws the block from y downward and returns where it ends.
func (b block) draw(c draw.Canvas, left, y vg.Length) vg.Length {
	for i := 0; i < len(b.entries); i += b.columns {
		for k := i; k < min(i+b.columns, len(b.entries)); k++ {
			drawEntry(c, b.entries[k], vg.Point{X: left + vg.Length(k-i)*b.width, Y: y - 0.5*legendRow}, b.lines[k])
		}
		y -= b.rowHeight(i)
	}
	return y
}

// drawEntry draws one entry of the legend with its text in lines; at is the middle of
// the left edge of the first.
func drawEntry(c draw.Canvas, e Entry, at vg.Point, lines []string) {
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
		dot{e.Source, e.Ink, e.Faint}.draw(&c, vg.Point{X: at.X + sampleLen/2, Y: at.Y}, 3.2)
	}
	for i, line := range lines {
		c.FillText(legendText, vg.Point{X: at.X + sampleLen + 6, Y: at.Y - vg.Length(i)*moreRow}, line)
	}
}
