package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A trim is what a page leaves out for want of room, in this order: lines of the legend,
// by more columns; notes of the caption, the last first; the subtitle and half of the
// margin; what entries of the legend say beside their names; the legend, where the lines
// have their names at their ends.
type trim struct {
	packed          bool // the legend
	notes           int  // of the caption
	subtitle, tight bool
	short, legend   bool
}

// trims are the ways to lay out a figure, the fullest first. One whose height is free
// has room for all.
func trims(f Figure, l Layout) []trim {
	all := []trim{{}}
	if l.Height <= 0 {
		return all
	}
	for n := range len(f.Caption) + 1 {
		all = append(all, trim{packed: true, notes: n})
	}
	least := trim{packed: true, notes: len(f.Caption), subtitle: true, tight: true}
	all = append(all, least)
	least.short = true
	if all = append(all, least); f.named() {
		least.legend = true
		all = append(all, least)
	}
	return all
}

// named reports whether every line that stands for a series has its name at its end,
// and there is nothing else.
func (f Figure) named() bool {
	for _, p := range f.Panels {
		if len(p.Points)+len(p.Boxes) > 0 || slices.ContainsFunc(p.Lines, func(l Line) bool { return l.Label == "" && l.Ink > 0 }) {
			return false
		}
	}
	return true
}

// scales are the sizes of everything that a layout may have, the usual one first.
// Where nobody asked for a size of letters they may be a quarter smaller than usual.
func (l Layout) scales() []float64 {
	switch {
	case l.FontSize > 0:
		return []float64{l.FontSize / usualFont}
	case l.Height <= 0:
		return []float64{1}
	}
	all := []float64{math.Max(l.inches()/usualSize, handyFont)}
	for _, s := range []float64{1, handyFont, leastFont} {
		if s < all[len(all)-1] {
			all = append(all, s)
		}
	}
	return all
}

// inches is the width.
func (l Layout) inches() float64 {
	inches := l.Width
	if !(inches > 0) || math.IsInf(inches, 0) {
		inches = usualSize
		if l.Stacked {
			inches = 3.9
		}
	}
	return math.Max(inches, 3)
}

// newPage lays out a figure: the fullest way in which its panels are large enough to
// be read, or else the one in which they are largest. Panels that are too small for
// anything are a [SizeError].
func newPage(f Figure, l Layout) (*page, error) {
	var best *page
	most := math.Inf(-1)
	for _, scale := range l.scales() {
		for _, t := range trims(f, l) {
			p := layOut(f, l, scale, t)
			room := p.arrange(l)
			if room >= 1 {
				return p, nil
			}
			if room > most {
				best, most = p, room
			}
		}
	}
	if most >= 0 {
		return best, nil
	}
	return nil, &SizeError{Layout: l}
}

// The area inside the axes of a panel: below the least one nothing can be read, and
// below the good one it is worth leaving out texts.
var (
	leastArea = vg.Point{X: 66, Y: 44}
	goodArea  = vg.Point{X: 100, Y: 84}
)

// arrange places the panels side by side, or below one another where that leaves them
// more room. The result is 1 where all have good room, and below 0 where one has too
// little.
func (p *page) arrange(l Layout) float64 {
	n := len(p.f.Panels)
	usual := n
	if p.f.Columns > 0 {
		usual = min(n, p.f.Columns)
	}
	if l.Stacked {
		usual = min(n, 1)
	}
	if n == 0 || l.Height <= 0 && l.FontSize <= 0 {
		p.place(usual, l)
		return 1
	}
	best, most := usual, math.Inf(-1)
	for abreast := usual; abreast >= 1 && most < 1; abreast-- {
		p.place(abreast, l)
		if room := p.room(l); room > most {
			best, most = abreast, room
		}
	}
	p.place(best, l)
	return most
}

// place gives the panels their places in so many columns.
func (p *page) place(abreast int, l Layout) {
	p.abreast = abreast
	rows := vg.Length(p.panelRows())
	if l.Height > 0 {
		p.height = vg.Length(l.Height) * vg.Inch / p.scale
		p.panelHeight = (p.height - p.beside()) / max(rows, 1)
	} else {
		p.panelHeight = usualPanel
		if p.f.Height > 0 {
			p.panelHeight = vg.Length(p.f.Height)
		}
		p.height = p.beside() + rows*p.panelHeight
	}
}

// room says how much room the panel with the least has; see arrange.
func (p *page) room(l Layout) float64 {
	if w := (p.inner - vg.Length(p.abreast-1)*between) / vg.Length(p.abreast); w < leastArea.X || p.panelHeight < 20 {
		return -1 // without its labels
	}
	room := 1.0
	for i, f := range p.frames(draw.Canvas{}, p.edge, p.height-p.edge-p.header()) {
		if p.bare && !f.names(len(p.f.Panels[i].Lines)) {
			return -1
		}
		room = math.Min(room, f.room(l.Height > 0))
	}
	return room
}

// names reports whether the names of all of so many lines stand at their ends.
func (f frame) names(lines int) bool {
	named := 0
	for _, l := range f.Lines {
		if l.Label != "" || l.Ink <= 0 {
			named++
		}
	}
	return named == lines && vg.Length(named)*refRow <= f.plot.DataCanvas(f.canvas).Size().Y
}

// room says how large the area inside the axes is: 1 where it is good, 0 where it is
// the least, less below. The height counts only where it is not free.
func (f frame) room(height bool) float64 {
	area := f.plot.DataCanvas(f.canvas).Size()
	share := func(is, least, good vg.Length) float64 { return math.Min(float64((is-least)/(good-least)), 1) }
	room := share(area.X, leastArea.X, goodArea.X)
	if !height {
		return room
	}
	least, good := leastArea.Y, goodArea.Y
	if f.Y.Scale == Categories { // a row each
		rows := vg.Length(f.Y.Max - f.Y.Min)
		least, good = max(10.5*rows, 20), max(13*rows, 26)
	}
	return math.Min(room, share(area.Y, least, good))
}

// A SizeError says that a figure has no room in a layout.
type SizeError struct{ Layout Layout }

func (e *SizeError) Error() string {
	if e.Layout.Height > 0 {
		return fmt.Sprintf("no room for the figure and its texts in %.3g × %.3g inches", e.Layout.inches(), e.Layout.Height)
	}
	return fmt.Sprintf("letters of %g points are too large for a figure %.3g inches wide", e.Layout.FontSize, e.Layout.inches())
}

// Room says what a layout leaves of a figure.
type Room struct {
	Dropped []string // texts that have no room
	Crowded bool     // the series hide one another
}

// RoomFor lays a figure out without drawing it. Its error is that of [Draw].
func RoomFor(f Figure, l Layout) (Room, error) {
	p, err := newPage(f, l)
	if err != nil {
		return Room{}, fmt.Errorf("charts: %w", err)
	}
	return Room{Dropped: p.dropped, Crowded: p.crowded()}, nil
}

// leastEach is the area of a panel, in square points, that each of many series needs
// to be told from the others.
const leastEach = 1500

// crowded reports whether more than a few series share too little room.
func (p *page) crowded() bool {
	for _, f := range p.frames(draw.Canvas{}, p.edge, p.height-p.edge-p.header()) {
		area := f.plot.DataCanvas(f.canvas).Size()
		n := vg.Length(len(f.Points))
		if n > 8 && area.X*area.Y*p.scale*p.scale < leastEach*n {
			return true
		}
	}
	return false
}

// mostInches is the size of a proposal at most, 8000 pixels.
const mostInches = 8000.0 / 96

// Larger is the smallest layout that has good room for a figure: as wide as l if that
// does, else wider. ok is false if there is none up to eight times as large. Sizes are
// whole pixels at 96 an inch.
func Larger(f Figure, l Layout) (larger Layout, ok bool) {
	const pixels = 96
	up := func(inches float64) float64 { return math.Ceil(inches*pixels/20-1e-9) * 20 / pixels }
	height := l.Height
	if height <= 0 {
		height = l.inches() * 9 / 16
	}
	steps := []float64{1, 1.15, 1.3, 1.5, 1.75, 2, 2.5, 3, 4, 5.5, 8}
	type size struct{ w, h float64 }
	var sizes []size
	for _, w := range steps {
		for _, h := range steps {
			s := size{up(l.inches() * w), up(height * h)}
			if w == 1 {
				s.w = l.inches()
			}
			if (s.w <= 3*s.h || h == 1) && (s.h <= 2*s.w || w == 1 && h == 1) && max(s.w, s.h) <= mostInches {
				sizes = append(sizes, s)
			}
		}
	}
	cost := func(s size) float64 { // its area, and how far its shape is from that of l
		return s.w * s.h * (1 + math.Abs(math.Log(s.w/s.h*height/l.inches())))
	}
	slices.SortStableFunc(sizes, func(a, b size) int { return cmp.Compare(cost(a), cost(b)) })
	for _, s := range sizes {
		try := l
		try.Width, try.Height, try.DPI = s.w, s.h, pixels
		if try.good(f) {
			return try, true
		}
	}
	return l, false
}

// leastLetters is the smallest size of letters that is proposed, in points.
const leastLetters = 6

// Smaller is the largest size of letters, in points, that a figure has good room for
// in a layout; ok is false if there is none.
func Smaller(f Figure, l Layout) (size float64, ok bool) {
	from := l.FontSize
	if from <= 0 {
		from = usualFont
	}
	for l.FontSize = math.Floor(from*0.95*2) / 2; l.FontSize >= leastLetters; l.FontSize = math.Floor(l.FontSize*0.92*2) / 2 {
		if l.good(f) {
			return l.FontSize, true
		}
	}
	return 0, false
}

// good reports whether a figure has good room in a layout, with its legend and without
// being crowded.
func (l Layout) good(f Figure) bool {
	for _, scale := range l.scales() {
		for _, t := range trims(f, l) {
			if t.legend || t.short {
				break
			}
			if p := layOut(f, l, scale, t); p.arrange(l) >= 1 {
				return !p.crowded()
			}
		}
	}
	return false
}
