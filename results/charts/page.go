package charts

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"amdahl/results/words"
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
	title         []string  // lines
	sub           string
	caption       []string // lines
	dropped       []string // texts that have no room
	legend        []block
	bare          bool // the legend is left out
	legendHeight  vg.Length
	panelHeight   vg.Length
	abreast       int // panels side by side
}

const (
	gap       = vg.Length(8)  // between blocks
	between   = vg.Length(18) // between panels side by side
	titleRow  = vg.Length(17)
	legendRow = vg.Length(14)
	moreRow   = vg.Length(11) // a further line of an entry of the legend
	capRow    = vg.Length(10.5)
	sampleLen = vg.Length(26) // of a legend entry
)

// The most lines that texts may take: a longer one is shortened in its middle.
const (
	mostTitle   = 3
	mostCaption = 6 // of one note
	mostEntry   = 3
)

const usualPanel = vg.Length(222) // height of a panel with its labels

// layOut places everything at one scale, without what a trim leaves out. The panels
// are not arranged yet.
func layOut(f Figure, l Layout, scale float64, t trim) *page {
	p := &page{f: f}
	inches := l.inches()
	p.scaleTo(l, scale)
	p.width = vg.Length(inches) * vg.Inch / p.scale
	switch p.edge = 12; {
	case l.Bare:
		p.edge = 2
	case t.tight:
		p.edge = 6
	}
	p.inner = p.width - 2*p.edge
	if !l.Bare {
		p.title = foldTo(titleText, f.Title, p.inner, mostTitle)
		if len(foldTo(titleText, f.Title, p.inner, math.MaxInt)) > mostTitle {
			p.drop("all of the title, " + f.Title)
		}
		if !t.subtitle {
			p.sub = fit(subText, f.Subtitle, p.inner)
		} else if f.Subtitle != "" {
			p.drop(f.Subtitle)
		}
		for i, note := range f.Caption {
			if i >= len(f.Caption)-t.notes {
				p.drop(note)
				continue
			}
			p.caption = append(p.caption, foldTo(captionText, note, p.inner, mostCaption)...)
		}
	}
	switch {
	case !t.legend:
		if t.short && slices.ContainsFunc(f.Legend, func(e Entry) bool { return e.Short != "" && e.Short != e.Text }) {
			p.drop("what the legend says beside the names, such as the laws")
		}
		p.layLegend(t.short, t.packed)
	case len(f.Legend) > 0:
		p.bare = true
		p.drop("the legend, whose lines have their names at their ends")
	}
	return p
}

// drop notes a text that has no room, a very long one shortened.
func (p *page) drop(text string) {
	p.dropped = append(p.dropped, words.Shorten(words.Clean(text), func(t string) bool { return len(t) <= longestNote }))
}

// longestNote is how many bytes of a text without room are said at most.
const longestNote = 600

// scaleTo sets the scale and the resolution. Resolutions are whole numbers, so
// the scale is rounded to what makes one of them.
func (p *page) scaleTo(l Layout, scale float64) {
	resolution := cmp.Or(l.DPI, dpi)
	p.dpi = max(1, int(math.Round(resolution*scale)))
	p.scale = vg.Length(float64(p.dpi) / resolution)
}

// beside is the height of all but the panels.
func (p *page) beside() vg.Length {
	h := 2*p.edge + p.header() + p.legendHeight + vg.Length(len(p.caption))*capRow
	if p.legendHeight > 0 {
		h += gap
	}
	if len(p.caption) > 0 {
		h += gap
	}
	return h
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
	if p.legendHeight > 0 {
		y -= gap
		for _, b := range p.legend {
			y = b.draw(c, left, y)
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
	for _, f := range p.frames(c, left, y) {
		f.plot.Draw(f.canvas)
	}
	return y - vg.Length(p.panelRows())*p.panelHeight
}

// frames are the panels in their places from y downward.
func (p *page) frames(c draw.Canvas, left, y vg.Length) []frame {
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
		f.thin()
	}
	return frames
}
