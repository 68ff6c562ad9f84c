package charts

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
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
		return write(w, svg)
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

func write(w io.Writer, s string) error {
	if _, err := io.WriteString(w, s); err != nil {
		return fmt.Errorf("charts: %w", err)
	}
	return nil
}

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
	columns       int // of the legend
	rows          int
	entry         vg.Length // width of a legend entry
	panelHeight   vg.Length
}

const (
	gap       = vg.Length(8)  // between blocks
	between   = vg.Length(18) // between panels side by side
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
	p.panelHeight = 222
	if !l.Bare {
		p.title = fit(titleText, f.Title, p.inner)
		p.sub = fit(subText, f.Subtitle, p.inner)
		for _, c := range f.Caption {
			p.caption = append(p.caption, wrap(captionText, c, p.inner)...)
		}
	}
	p.legend()
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

// legend finds the number of columns that the longest entry allows.
func (p *page) legend() {
	for _, e := range p.f.Legend {
		p.entry = max(p.entry, sampleLen+6+legendText.Width(Clean(e.Text))+16)
	}
	p.entry = min(p.entry, p.inner)
	n := len(p.f.Legend)
	if n == 0 {
		return
	}
	p.columns = min(n, max(1, int(p.inner/p.entry)))
	p.rows = (n + p.columns - 1) / p.columns
	p.columns = (n + p.rows - 1) / p.rows
}

func (p *page) header() vg.Length {
	h := vg.Length(0)
	if p.title != "" {
		h += 17
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
	if p.stacked {
		return len(p.f.Panels)
	}
	return 1
}

func (p *page) draw(c draw.Canvas) {
	c.SetColor(paper.light)
	c.Fill(c.Rectangle.Path())
	y := c.Max.Y - p.edge
	left := c.Min.X + p.edge
	if p.title != "" {
		c.FillText(titleText, vg.Point{X: left, Y: y}, p.title)
		y -= 17
	}
	if p.sub != "" {
		c.FillText(subText, vg.Point{X: left, Y: y}, p.sub)
		y -= 12
	}
	if p.title != "" || p.sub != "" {
		y -= 4
	}
	y = p.drawPanels(c, left, y)
	if p.rows > 0 {
		y -= gap
		for i, e := range p.f.Legend {
			row, col := i/p.columns, i%p.columns
			p.drawEntry(c, e, vg.Point{X: left + vg.Length(col)*p.entry, Y: y - (vg.Length(row)+0.5)*legendRow})
		}
		y -= vg.Length(p.rows) * legendRow
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
	n := vg.Length(len(p.f.Panels))
	w, dx, dy := p.inner, vg.Length(0), p.panelHeight
	if !p.stacked {
		w = (p.inner - (n-1)*between) / n
		dx, dy = w+between, 0
	}
	frames := make([]frame, len(p.f.Panels))
	for i, panel := range p.f.Panels {
		x, top := left+vg.Length(i)*dx, y-vg.Length(i)*dy
		frames[i] = newFrame(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: x, Y: top - p.panelHeight},
			Max: vg.Point{X: x + w, Y: top},
		}}, panel)
	}
	align(frames, p.stacked)
	for _, f := range frames {
		f.plot.Draw(f.canvas)
	}
	return y - vg.Length(p.panelRows())*p.panelHeight
}

// drawEntry draws one entry of the legend; at is the middle of its left edge.
func (p *page) drawEntry(c draw.Canvas, e Entry, at vg.Point) {
	if e.Dash != "" {
		c.StrokeLine2(lineStyle(e.Ink, e.Dash, false), at.X, at.Y, at.X+sampleLen, at.Y)
	}
	if e.Marker {
		drawMarker(&c, e.Source, e.Ink, vg.Point{X: at.X + sampleLen/2, Y: at.Y}, 3.2)
	}
	text := fit(legendText, e.Text, p.entry-sampleLen-6)
	c.FillText(legendText, vg.Point{X: at.X + sampleLen + 6, Y: at.Y}, text)
}
