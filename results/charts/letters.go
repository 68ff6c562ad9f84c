package charts

import (
	"image/color"
	"sort"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	xfont "golang.org/x/image/font"

	"amdahl/results/words"
)

var (
	titleText   = letters(13, xfont.WeightBold, palette[0].light, draw.YTop)
	subText     = letters(8.5, xfont.WeightNormal, muted.light, draw.YTop)
	axisText    = centred(letters(9.5, xfont.WeightNormal, palette[0].light, draw.YBottom))
	panelText   = letters(9.5, xfont.WeightBold, palette[0].light, draw.YBottom)
	tickText    = letters(8.5, xfont.WeightNormal, muted.light, draw.YTop)
	legendText  = letters(9, xfont.WeightNormal, palette[0].light, draw.YCenter)
	refText     = letters(7.5, xfont.WeightNormal, muted.light, draw.YCenter)
	captionText = letters(7.5, xfont.WeightNormal, muted.light, draw.YTop)
)

func letters(size float64, weight xfont.Weight, c color.Color, y text.YAlignment) text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight, Size: font.Points(size)}
	return text.Style{Color: c, Font: f, YAlign: y, Handler: plot.DefaultTextHandler}
}

func centred(s text.Style) text.Style {
	s.XAlign = draw.XCenter
	return s
}

// fit shortens a text in its middle until it is no wider than width.
func fit(style text.Style, s string, width vg.Length) string {
	return words.Shorten(words.Clean(s), func(t string) bool { return style.Width(t) <= width })
}

// wrap breaks a text between words into lines no wider than width.
func wrap(style text.Style, s string, width vg.Length) []string {
	if s = words.Clean(s); strings.TrimSpace(s) == "" {
		return nil
	}
	lines := words.FoldFunc(s, func(line string) bool { return style.Width(line) <= width })
	for i, l := range lines {
		lines[i] = fit(style, l, width)
	}
	return lines
}

// foldTo breaks a text into so many lines at most, none wider than width: between
// words, and inside a word that is wider. A text that is too long is shortened in its
// middle.
func foldTo(style text.Style, s string, width vg.Length, most int) []string {
	if s = words.Clean(s); strings.TrimSpace(s) == "" {
		return nil
	}
	if r := []rune(s); len(r) > longestText { // measuring costs time
		s = string(r[:longestText/2]) + "…" + string(r[len(r)-longestText/2:])
	}
	lines := folded(style, s, width)
	if len(lines) <= most {
		return lines
	}
	return folded(style, words.Shorten(s, func(t string) bool { return len(folded(style, t, width)) <= most }), width)
}

// balanced is [foldTo] with lines of about one length.
func balanced(style text.Style, s string, width vg.Length, most int) []string {
	lines := foldTo(style, s, width, most)
	if len(lines) < 2 {
		return lines
	}
	const steps = 16
	i := sort.Search(steps, func(i int) bool { return len(foldTo(style, s, width*vg.Length(i+1)/steps, most+1)) <= len(lines) })
	return foldTo(style, s, width*vg.Length(min(i+1, steps))/steps, most)
}

// longestText is how many letters of a text are drawn at most.
const longestText = 2000

// folded breaks a text into lines no wider than width, between words where it can. A
// line has one letter at least.
func folded(style text.Style, s string, width vg.Length) []string {
	fits := func(line string) bool { return measured(style, line) <= width }
	var lines []string
	for _, line := range words.FoldFunc(s, fits) {
		for r := []rune(line); ; {
			if fits(string(r)) || len(r) < 2 {
				lines = append(lines, string(r))
				break
			}
			n := max(1, sort.Search(len(r), func(n int) bool { return !fits(string(r[:n+1])) }))
			lines, r = append(lines, string(r[:n])), r[n:]
		}
	}
	return lines
}

// A face is a size and a weight of letters.
type face struct {
	size font.Length
	bold bool
}

// widths are the widths of the letters of one face. A text is broken into lines by
// measuring its parts again and again: so each letter is measured once.
type widths struct {
	ascii  [utf8.RuneSelf]vg.Length
	mu     sync.RWMutex
	others map[rune]vg.Length
}

// faces has the widths of every face that was used.
var faces sync.Map // of face to *widths

// widthsOf measures the letters of a face when it is used first.
func widthsOf(style text.Style) *widths {
	key := face{size: style.Font.Size, bold: style.Font.Weight >= xfont.WeightBold}
	if w, ok := faces.Load(key); ok {
		return w.(*widths)
	}
	w := &widths{others: map[rune]vg.Length{}}
	for r := range w.ascii {
		w.ascii[r] = style.Width(string(rune(r)))
	}
	first, _ := faces.LoadOrStore(key, w)
	return first.(*widths)
}

// other is the width of a letter outside of ASCII.
func (w *widths) other(style text.Style, r rune) vg.Length {
	w.mu.RLock()
	width, ok := w.others[r]
	w.mu.RUnlock()
	if !ok {
		width = style.Width(string(r))
		w.mu.Lock()
		w.others[r] = width
		w.mu.Unlock()
	}
	return width
}

// measured is the width of a text without kerning: at least about what Style.Width says,
// and much faster. It is safe for concurrent use.
func measured(style text.Style, s string) (width vg.Length) {
	w := widthsOf(style)
	for _, r := range s {
		if r < utf8.RuneSelf {
			width += w.ascii[r]
		} else {
			width += w.other(style, r)
		}
	}
	return width
}

// outlines is a canvas that draws text as the shapes of its letters. For PDF these
// are texts that the canvas under it cannot encode, Greek letters or bold ones; for
// PNG all texts: vgimg moves letters apart or together by whole pixels, whatever
// their size.
type outlines struct {
	vg.Canvas
	all bool
}

func (o outlines) FillString(face font.Face, at vg.Point, s string) {
	if ascii := strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0; !o.all && ascii && face.Font.Weight == xfont.WeightNormal {
		o.Canvas.FillString(face, at, s)
		return
	}
	var buf sfnt.Buffer
	scale := fixed.Int26_6(face.Face.UnitsPerEm())
	unit := face.Font.Size / vg.Length(face.Face.UnitsPerEm())
	x := at.X
	var before sfnt.GlyphIndex
	for _, r := range s {
		i, err := face.Face.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		if kern, err := face.Face.Kern(&buf, before, i, scale<<6, xfont.HintingNone); err == nil && x > at.X {
			x += vg.Length(kern) / 64 * unit
		}
		before = i
		if segments, err := face.Face.LoadGlyph(&buf, i, scale<<6, nil); err == nil {
			o.Fill(outline(segments, x, at.Y, unit))
		}
		if advance, err := face.Face.GlyphAdvance(&buf, i, scale<<6, xfont.HintingNone); err == nil {
			x += vg.Length(advance) / 64 * unit
		}
	}
}

// outline turns a glyph, whose y axis points down, into a path at (x, y).
func outline(segments sfnt.Segments, x, y, unit vg.Length) vg.Path {
	place := func(p fixed.Point26_6) vg.Point {
		return vg.Point{X: x + vg.Length(p.X)/64*unit, Y: y - vg.Length(p.Y)/64*unit}
	}
	var path vg.Path
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if len(path) > 0 {
				path.Close()
			}
			path.Move(place(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			path.Line(place(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			path.QuadTo(place(s.Args[0]), place(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			path.CubeTo(place(s.Args[0]), place(s.Args[1]), place(s.Args[2]))
		}
	}
	if len(path) > 0 {
		path.Close()
	}
	return path
}
