package charts

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"amdahl/results"
)

// A marker is a regular polygon; no corners is a disc.
type marker struct {
	corners int
	turn    float64 // radians
	size    float64 // relative radius, so that all look equally large
	hollow  bool
}

// markers tell the sources of points apart, in every figure. What is measured
// is filled. A simulated point mostly stands where a measured one does, so it
// is a frame that a square or a disc fits in.
var markers = map[results.Source]marker{
	results.Real:      {0, 0, 1, false},             // disc
	results.Slow:      {4, math.Pi / 4, 1.1, false}, // square
	results.Simulated: {4, 0, 1.95, true},           // diamond
	results.Model:     {3, math.Pi / 2, 1.6, true},  // triangle
}

// sourceTexts say in a legend what the markers mean.
var sourceTexts = map[results.Source]string{
	results.Real:      "measured on the processors as they are",
	results.Slow:      "measured on slow cores",
	results.Simulated: "simulated",
	results.Model:     "worked out from a law",
}

// Note says what points of a source cannot show; "" for real ones.
func Note(s results.Source) string {
	switch s {
	case results.Slow:
		return "Slow cores show the serial part, imbalance, locks, queues and the overlap of waiting; they cannot show caches, memory bandwidth, SMT or turbo."
	case results.Simulated:
		return "Simulated times are worked out from the times of single tasks: they hold what the simulator was told, and nothing else of a machine."
	case results.Model:
		return "The points of a model are worked out from its law: nothing was measured."
	}
	return ""
}

// source is the source as it is drawn: the zero value is real.
func source(s results.Source) results.Source {
	if _, ok := markers[s]; !ok {
		return results.Real
	}
	return s
}

// sourcesOf are the sources of all points of the panels, in their order.
func sourcesOf(panels ...Panel) []results.Source {
	var found []results.Source
	for _, p := range panels {
		for _, s := range p.Points {
			if at := source(s.Source); len(s.At) > 0 && !slices.Contains(found, at) {
				found = append(found, at)
			}
		}
	}
	slices.SortFunc(found, bySource)
	return found
}

// bySource is the order of results.Sources.
func bySource(a, b results.Source) int {
	return cmp.Compare(slices.Index(results.Sources, source(a)), slices.Index(results.Sources, source(b)))
}

// notesOf is what a caption says of points of the sources.
func notesOf(sources ...results.Source) []string {
	var notes []string
	for _, s := range sources {
		notes = append(notes, Note(s))
	}
	return known(notes...)
}

// explain gives the entries of a legend that say which marker is which, and
// what the caption says of them. There are none where all points are real.
func explain(found []results.Source) (entries []Entry, notes []string) {
	if len(found) == 0 || len(found) == 1 && found[0] == results.Real {
		return nil, nil
	}
	for _, s := range found {
		entries = append(entries, Entry{Text: sourceTexts[s], Marker: true, Source: s})
	}
	return entries, notesOf(found...)
}

// drawMarker draws the marker of a source in an ink at a place. A hollow one
// is an outline, so that what is under it shows.
func drawMarker(c *draw.Canvas, s results.Source, ink Ink, at vg.Point, radius vg.Length) {
	m := markers[source(s)]
	r := radius * vg.Length(m.size)
	inside := paper.light
	if m.hollow {
		inside = ink.color()
		for _, line := range []draw.LineStyle{{Color: paper.light, Width: 1.9}, {Color: inside, Width: 1.2}} {
			c.SetLineStyle(line)
			c.Stroke(m.path(at, r))
		}
	} else {
		c.SetColor(paper.light)
		c.Fill(m.path(at, r+0.9))
		c.SetColor(ink.color())
		c.Fill(m.path(at, r))
	}
	if ink.mark() == 0 {
		return
	}
	c.SetColor(inside)
	if ink.mark()%2 == 1 {
		c.Fill(marker{}.path(at, radius*0.42))
		return
	}
	c.Fill(polygon(at, radius, []vg.Point{{X: -0.62, Y: -0.2}, {X: 0.62, Y: -0.2}, {X: 0.62, Y: 0.2}, {X: -0.62, Y: 0.2}})) // a slit
}

// polygon has its corners at multiples of the radius from its middle.
func polygon(at vg.Point, radius vg.Length, corners []vg.Point) vg.Path {
	var p vg.Path
	for i, corner := range corners {
		q := vg.Point{X: at.X + radius*corner.X, Y: at.Y + radius*corner.Y}
		if i == 0 {
			p.Move(q)
		} else {
			p.Line(q)
		}
	}
	p.Close()
	return p
}

func (m marker) path(at vg.Point, r vg.Length) vg.Path {
	if m.corners == 0 {
		var p vg.Path
		p.Move(vg.Point{X: at.X + r, Y: at.Y})
		p.Arc(at, r, 0, 2*math.Pi)
		p.Close()
		return p
	}
	corners := make([]vg.Point, m.corners)
	for i := range corners {
		sin, cos := math.Sincos(m.turn + 2*math.Pi*float64(i)/float64(m.corners))
		corners[i] = vg.Point{X: vg.Length(cos), Y: vg.Length(sin)}
	}
	return polygon(at, r, corners)
}
