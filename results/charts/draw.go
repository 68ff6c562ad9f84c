package charts

import (
	"amdahl/results/save"
	"amdahl/results/words"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Formats are the kinds of picture that [Draw] knows; they are also the
// extensions of [Save].
var Formats = []string{"svg", "png", "pdf"}

// A Layout says how large a figure is. The zero value is 11 inches wide with
// the panels side by side, about 4.6 inches high; a longer legend makes it
// higher.
type Layout struct {
	Width   float64 // inches; 0 is 11, or 3.9 if stacked; at least 3
	Stacked bool    // panels below one another, for narrow screens
	Bare    bool    // without title, subtitle and caption: they stand around it
	Themed  bool    // SVG only: colours are CSS variables, see [Variables]
}

// dpi is the resolution of a PNG.
const dpi = 144

// ErrEmpty says that a figure holds no data.
var ErrEmpty = errors.New("nothing to draw: no point and no law")

// Draw draws the figure in one of the [Formats]. Equal figures give equal SVG
// and PNG bytes on any machine.
func Draw(w io.Writer, f Figure, format string, l Layout) error {
	if err := f.check(); err != nil {
		return fmt.Errorf("charts: %w", err)
	}
	p := newPage(f, l)
	switch format {
	case "svg":
		c := vgsvg.New(p.width, p.height)
		p.draw(draw.New(c))
		var b bytes.Buffer
		if _, err := c.WriteTo(&b); err != nil {
			return fmt.Errorf("charts: %w", err)
		}
		svg := fontStack.Replace(b.String())
		if l.Themed {
			svg = themed(svg)
		}
		return to(w, strings.NewReader(svg))
	case "png":
		c := vgimg.NewWith(vgimg.UseWH(p.width, p.height), vgimg.UseDPI(dpi))
		p.draw(draw.New(c))
		return to(w, vgimg.PngCanvas{Canvas: c})
	case "pdf":
		c := vgpdf.New(p.width, p.height)
		p.draw(draw.NewCanvas(outlines{c}, p.width, p.height))
		return to(w, c)
	}
	return fmt.Errorf("charts: unknown format %q: use one of %s", format, strings.Join(Formats, ", "))
}

// fontStack names fonts of the same widths for readers without Liberation
// Sans.
var fontStack = strings.NewReplacer("font-family:Liberation Sans;",
	"font-family:'Liberation Sans',Arimo,Arial,Helvetica,sans-serif;")

func to(w io.Writer, c io.WriterTo) error {
	if _, err := c.WriteTo(w); err != nil {
		return fmt.Errorf("charts: %w", err)
	}
	return nil
}

// A page is a figure with the place of everything on it, in points.
type page struct {
	f             Figure
	width, height vg.Length
	edge          vg.Length // margin around everything
	inner         vg.Length // width without the margins
	stacked       bool
	title, sub    string
	caption       []string
	legend        []block
	rows          int // of the legend
	panelHeight   vg.Length
	abreast       int // panels side by side
}

const (
	gap       = vg.Length(8)  // between blocks
	between   = vg.Length(18) // between panels side by side
	titleRow  = vg.Length(17)
	legendRow = vg.Length(14)
	capRow    = vg.Length(10.5)
	sampleLen = vg.Length(26) // of a legend entry
)

func newPage(f Figure, l Layout) *page {
	p := &page{f: f, stacked: l.Stacked}
	inches := l.Width
	if !(inches > 0) || math.IsInf(inches, 0) {
		inches = 11
		if l.Stacked {
			inches = 3.9
		}
	}
	p.width = vg.Length(math.Max(inches, 3)) * vg.Inch
	p.edge = 12
	if l.Bare {
		p.edge = 2
	}
	p.inner = p.width - 2*p.edge
	if p.panelHeight = 222; f.Height > 0 {
		p.panelHeight = vg.Length(f.Height)
	}
	if p.abreast = len(f.Panels); f.Columns > 0 {
		p.abreast = min(p.abreast, f.Columns)
	}
	if p.stacked {
		p.abreast = 1
	}
	if !l.Bare {
		p.title = fit(titleText, f.Title, p.inner)
		p.sub = fit(subText, f.Subtitle, p.inner)
		for _, c := range f.Caption {
			p.caption = append(p.caption, wrap(captionText, c, p.inner)...)
		}
	}
	p.layLegend()
	p.height = 2*p.edge + p.header() + vg.Length(p.panelRows())*p.panelHeight +
		vg.Length(p.rows)*legendRow + vg.Length(len(p.caption))*capRow
	if p.rows > 0 {
		p.height += gap
	}
	if len(p.caption) > 0 {
		p.height += gap
	}
	return p
}

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

func (p *page) header() vg.Length {
	h := vg.Length(0)
	if p.title != "" {
		h += titleRow
	}
	if p.sub != "" {
		h += 12
	}
	if h > 0 {
		h += 4
	}
	return h
}

func (p *page) panelRows() int {
	if p.abreast == 0 {
		return 0
	}
	return (len(p.f.Panels) + p.abreast - 1) / p.abreast
}

func (p *page) draw(c draw.Canvas) {
	c.SetColor(paper.light)
	c.Fill(c.Rectangle.Path())
	y := c.Max.Y - p.edge
	left := c.Min.X + p.edge
	below := y // the title
	if p.title != "" {
		c.FillText(titleText, vg.Point{X: left, Y: y}, p.title)
		below -= titleRow
	}
	if p.sub != "" {
		c.FillText(subText, vg.Point{X: left, Y: below}, p.sub)
	}
	y = p.drawPanels(c, left, y-p.header())
	if p.rows > 0 {
		y -= gap
		for _, b := range p.legend {
			for i, e := range b.entries {
				row, col := i/b.columns, i%b.columns
				drawEntry(c, e, vg.Point{X: left + vg.Length(col)*b.width, Y: y - (vg.Length(row)+0.5)*legendRow}, b.width)
			}
			y -= vg.Length(b.rows) * legendRow
		}
	}
	if len(p.caption) > 0 {
		y -= gap
	}
	for _, line := range p.caption {
		c.FillText(captionText, vg.Point{X: left, Y: y}, line)
		y -= capRow
	}
}

// drawPanels draws the panels from y downward and returns where they end.
func (p *page) drawPanels(c draw.Canvas, left, y vg.Length) vg.Length {
	n := vg.Length(p.abreast)
	w := (p.inner - (n-1)*between) / n
	frames := make([]frame, len(p.f.Panels))
	for i, panel := range p.f.Panels {
		x, top := left+vg.Length(i%p.abreast)*(w+between), y-vg.Length(i/p.abreast)*p.panelHeight
		frames[i] = newFrame(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: x, Y: top - p.panelHeight},
			Max: vg.Point{X: x + w, Y: top},
		}}, panel)
	}
	align(frames, p.abreast)
	for _, f := range frames {
		f.plot.Draw(f.canvas)
	}
	return y - vg.Length(p.panelRows())*p.panelHeight
}

// drawEntry draws one entry of the legend; at is the middle of its left edge.
func drawEntry(c draw.Canvas, e Entry, at vg.Point, width vg.Length) {
	if e.Fill != "" {
		const half = 4
		c.SetColor(fills[e.Fill])
		c.Fill(vg.Rectangle{Min: vg.Point{X: at.X, Y: at.Y - half - 1}, Max: vg.Point{X: at.X + sampleLen, Y: at.Y + half - 1}}.Path())
	}
	if e.Dash != "" {
		c.StrokeLine2(lineStyle(e.Ink, e.Dash, false), at.X, at.Y, at.X+sampleLen, at.Y)
	}
	if e.Marker {
		drawMarker(&c, e.Source, e.Ink, vg.Point{X: at.X + sampleLen/2, Y: at.Y}, 3.2)
	}
	text := fit(legendText, e.Text, width-sampleLen-6)
	c.FillText(legendText, vg.Point{X: at.X + sampleLen + 6, Y: at.Y}, text)
}

// Save draws the figure into a file, in the format that its extension names.
// The file is either complete or untouched.
func Save(path string, f Figure, l Layout) error {
	var b bytes.Buffer
	if err := Draw(&b, f, strings.ToLower(strings.TrimPrefix(filepath.Ext(path), ".")), l); err != nil {
		return fmt.Errorf("%w (%s)", err, path)
	}
	return save.File(path, b.Bytes())
}
