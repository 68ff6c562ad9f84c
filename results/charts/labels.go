package charts

import (
	"amdahl/results/words"
	"cmp"
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const refRow = vg.Length(10)

// labelRoom is what the labels outside the axes need: room to the right, and
// rows above.
func (p Panel) labelRoom() (right vg.Length, rows int) {
	see := func(label string) {
		if label != "" {
			right = max(right, refText.Width(words.Clean(label))+tagRoom)
		}
	}
	for _, r := range p.Refs {
		if r.Vertical {
			rows++
		} else {
			see(r.Label)
		}
	}
	for _, b := range p.Bands {
		see(b.Label)
	}
	for _, l := range p.Lines {
		see(l.Label)
	}
	return right, rows
}

// bands shades the ranges, under everything else.
func (d contents) bands(c draw.Canvas, y func(float64) vg.Length) {
	for _, b := range d.Bands {
		low, high := max(y(b.Low), c.Min.Y), min(y(b.High), c.Max.Y)
		if low < high {
			c.SetColor(shade.light)
			c.Fill(vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: low}, Max: vg.Point{X: c.Max.X, Y: high}}.Path())
		}
	}
}

// vertical draws the vertical reference lines with their labels above the
// axes, each second one on a row of its own.
func (d contents) vertical(c draw.Canvas, x func(float64) vg.Length) {
	_, rows := d.labelRoom()
	row := 0
	for _, r := range d.Refs {
		if !r.Vertical {
			continue
		}
		at := x(r.At)
		top := c.Max.Y + 2 + vg.Length(row)*refRow
		c.StrokeLine2(lineStyle(r.Ink, r.Dash, false, false), at, c.Min.Y, at, top)
		label := words.Clean(r.Label)
		half := refText.Width(label) / 2
		middle := at
		if row < rows-1 {
			middle -= half // clear of the next line, which goes higher
		}
		style := refText
		style.XAlign, style.YAlign = draw.XCenter, draw.YBottom
		least, most := c.Min.X+half, c.Max.X-half
		if least > most { // wider than the axes
			most = max(d.outer.Max.X-half, d.outer.Min.X+half)
			least = min(least, most)
		}
		c.FillText(style, vg.Point{X: min(max(middle, least), most), Y: top + 1}, label)
		row++
	}
}

// A tag is a label to the right of the axes.
type tag struct {
	text  string
	at    vg.Length // y of what it names
	color color.Color
}

// horizontal draws the horizontal reference lines, and the labels of these,
// of bands and of lines to the right of the axes, pushed apart where they
// would overlap. Many reference lines would hide the data, so more than four
// are drawn at their right end only.
func (d contents) horizontal(c draw.Canvas, x, y func(float64) vg.Length) {
	var refs []Ref
	var tags []tag
	see := func(text string, at vg.Length, color color.Color) {
		if text != "" && c.ContainsY(at) {
			tags = append(tags, tag{words.Clean(text), at, color})
		}
	}
	for _, r := range d.Refs {
		if at := y(r.At); !r.Vertical && c.ContainsY(at) {
			refs = append(refs, r)
			see(r.Label, at, lineStyle(r.Ink, r.Dash, false, false).Color)
		}
	}
	for _, b := range d.Bands {
		see(b.Label, (max(y(b.Low), c.Min.Y)+min(y(b.High), c.Max.Y))/2, muted.light)
	}
	for _, l := range d.Lines {
		for _, at := range slices.Backward(l.At) { // the last corner in sight
			if q := (vg.Point{X: x(at.X), Y: y(at.Y)}); c.Contains(q) {
				see(l.Label, q.Y, lineStyle(l.Ink, l.Dash, l.Grey, l.Faint).Color)
				break
			}
		}
	}
	from := c.Min.X
	if len(refs) > 4 {
		from = c.Max.X - c.Size().X/12
	}
	for _, r := range refs {
		style := lineStyle(r.Ink, r.Dash, false, false)
		style.Width = 0.9
		c.StrokeLine2(style, from, y(r.At), c.Max.X, y(r.At))
	}
	if most := max(1, int(c.Size().Y/refRow)); len(tags) > most {
		tags = tags[:most] // more would stand above the panel
	}
	slices.SortStableFunc(tags, func(a, b tag) int { return cmp.Compare(a.at, b.at) })
	places := make([]vg.Length, len(tags))
	for i, t := range tags {
		places[i] = t.at
	}
	spread(places, refRow, c.Min.Y, c.Max.Y-2)
	for i, t := range tags {
		c.StrokeLine2(draw.LineStyle{Color: t.color, Width: 0.7}, c.Max.X, t.at, c.Max.X+8, places[i])
		c.FillText(refText, vg.Point{X: c.Max.X + 10, Y: places[i] + 1}, t.text)
	}
}

// spread moves ascending places apart to the distance, inside the limits as
// long as they have room.
func spread(places []vg.Length, distance, lo, hi vg.Length) {
	for i := 1; i < len(places); i++ {
		places[i] = max(places[i], places[i-1]+distance)
	}
	if n := len(places); n > 0 {
		places[n-1] = min(places[n-1], max(hi, lo+vg.Length(n-1)*distance))
		for i := n - 2; i >= 0; i-- {
			places[i] = min(places[i], places[i+1]-distance)
		}
	}
}
