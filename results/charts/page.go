package charts

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A page is a figure with the place of everything on it, in points before they
// are scaled.
type page struct {
	f             Figure
	scale         vg.Length // of everything
	dpi           int       // of a PNG of width and height, so with the scale in it
	width, height vg.Length
	edge          vg.Length // margin around everything
	inner         vg.Length // width without the margins
	stacked       bool
	title         []string // lines
	sub           string
	caption       []string
	dropped       []string // of the caption, for want of room
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

// mostTitle is the number of lines that a title may take.
const mostTitle = 2

const (
	usualPanel = vg.Length(222) // height of a panel with its labels
	leastPanel = vg.Length(118) // the same where the height of a figure is given
)

func newPage(f Figure, l Layout) (*page, error) {
	p := &page{f: f, stacked: l.Stacked}
	inches := l.Width
	if !(inches > 0) || math.IsInf(inches, 0) {
		inches = usualSize
		if l.Stacked {
			inches = 3.9
		}
	}
	inches = math.Max(inches, 3)
	p.scaleTo(l, inches)
	p.width = vg.Length(inches) * vg.Inch / p.scale
	p.edge = 12
	if l.Bare {
		p.edge = 2
	}
	p.inner = p.width - 2*p.edge
	if p.panelHeight = usualPanel; f.Height > 0 {
		p.panelHeight = vg.Length(f.Height)
	}
	if p.abreast = len(f.Panels); f.Columns > 0 {
		p.abreast = min(p.abreast, f.Columns)
	}
	if p.stacked {
		p.abreast = 1
	}
	if !l.Bare {
		p.title = wrap(titleText, f.Title, p.inner)
		if len(p.title) > mostTitle {
			p.title = []string{fit(titleText, f.Title, p.inner)}
		}
		p.sub = fit(subText, f.Subtitle, p.inner)
		for _, c := range f.Caption {
			p.caption = append(p.caption, wrap(captionText, c, p.inner)...)
		}
	}
	p.layLegend()
	if l.Height > 0 {
		return p, p.fill(vg.Length(l.Height)*vg.Inch/p.scale, l)
	}
	p.height = p.beside() + vg.Length(p.panelRows())*p.panelHeight
	return p, nil
}

// scaleTo sets the scale and the resolution. Resolutions are whole numbers, so
// the scale is rounded to what makes one of them.
func (p *page) scaleTo(l Layout, inches float64) {
	scale := 1.0
	switch {
	case l.FontSize > 0:
		scale = l.FontSize / usualFont
	case l.Height > 0:
		scale = math.Max(inches/usualSize, leastFont)
	}
	resolution := cmp.Or(l.DPI, dpi)
	p.dpi = max(1, int(math.Round(resolution*scale)))
	p.scale = vg.Length(float64(p.dpi) / resolution)
}

// beside is the height of all but the panels.
func (p *page) beside() vg.Length {
	h := 2*p.edge + p.header() + vg.Length(p.rows)*legendRow + vg.Length(len(p.caption))*capRow
	if p.rows > 0 {
		h += gap
	}
	if len(p.caption) > 0 {
		h += gap
	}
	return h
}

// fill makes the panels as high as the page leaves room for. Lines of the caption
// give way to them, the last first.
func (p *page) fill(height vg.Length, l Layout) error {
	p.height = height
	rows := vg.Length(max(p.panelRows(), 1))
	least := leastPanel
	if p.f.Height > 0 { // as many rows of bars, closer
		least = max(least, vg.Length(p.f.Height)*0.7)
	}
	for p.height-p.beside() < rows*least && len(p.caption) > 0 {
		last := len(p.caption) - 1
		p.dropped = append([]string{p.caption[last]}, p.dropped...)
		p.caption = p.caption[:last]
	}
	p.panelHeight = (p.height - p.beside()) / rows
	if p.panelHeight >= least {
		return nil
	}
	need := float64((p.beside() + rows*least) * p.scale / vg.Inch)
	return &SizeError{Height: l.Height, Least: need}
}

// A SizeError says that a figure has no room in its height.
type SizeError struct {
	Height, Least float64 // inches
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("too many series for a figure %.3g inches high: it takes %.3g with letters of this size", e.Height, e.Least)
}

// Dropped are the lines of the caption that a layout has no room for.
func Dropped(f Figure, l Layout) []string {
	if p, err := newPage(f, l); err == nil {
		return p.dropped
	}
	return nil
}

// sized gives an SVG the size of the page, where its letters are scaled: its own
// coordinates stay.
func (p *page) sized(svg string) string {
	if p.scale == 1 {
		return svg
	}
	head, rest, _ := strings.Cut(svg, "viewBox=")
	head = sizeOfSVG.ReplaceAllStringFunc(head, func(s string) string {
		of := p.width
		if strings.HasPrefix(s, "height") {
			of = p.height
		}
		name, _, _ := strings.Cut(s, "=")
		return fmt.Sprintf(`%s="%.5gpt"`, name, float64(of*p.scale))
	})
	return head + "viewBox=" + rest
}

var sizeOfSVG = regexp.MustCompile(`(width|height)="[0-9.]+pt"`)

func (p *page) header() vg.Length {
	h := vg.Length(0)
	h += titleRow * vg.Length(len(p.title))
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
	for _, line := range p.title {
		c.FillText(titleText, vg.Point{X: left, Y: below}, line)
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
