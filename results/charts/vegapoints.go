package charts

import (
	"cmp"

	"amdahl/results"
	"amdahl/results/words"
)

// vegaShapes are what the markers are called there.
var vegaShapes = map[Marker]string{
	Circle: "circle", Square: "square", Triangle: "triangle-up", Diamond: "diamond", TriangleDown: "triangle-down", Cross: "cross",
}

// points are one layer for each source, with the intervals before it.
func (q *vegaPanel) points() {
	for _, from := range results.Sources {
		for _, weak := range []bool{true, false} {
			q.pointsFrom(from, weak)
		}
	}
}

// pointsName is what a legend calls points.
func (q *vegaPanel) pointsName(s Points) string {
	return cmp.Or(q.entry(s.Ink, s.Source), words.Clean(s.Name), "points")
}

func (q *vegaPanel) pointsColour(s Points) string {
	if s.Bare {
		return q.colour(palette[0])
	}
	return q.ink(s.Ink)
}

func (q *vegaPanel) pointsFrom(from results.Source, weak bool) {
	var rows, bars, wide []object
	var inks, shapes nameLooks
	for _, p := range q.f.Panels { // the legend is of all
		for _, s := range p.Points {
			if source(s.Source) == from && s.Faint == weak {
				inks.add(q.pointsName(s), q.pointsColour(s))
				shapes.add(q.pointsName(s), vegaShapes[s.Ink.Marker()])
			}
		}
	}
	for _, s := range q.Points {
		if source(s.Source) != from || s.Faint != weak {
			continue
		}
		name := q.pointsName(s)
		for _, at := range s.At {
			row := object{"x": at.X, "y": at.Y, "series": name, "shift": at.Shift * 96 / 72}
			if at.Bar != nil {
				row["low"], row["high"] = at.Bar.Low, at.Bar.High
				bars = append(bars, object{"x": at.X, "y": at.Bar.Low, "y2": at.Bar.High, "series": name, "shift": row["shift"]})
			}
			if at.Across != nil {
				wide = append(wide, object{"x": at.Across.Low, "x2": at.Across.High, "y": at.Y, "series": name})
			}
			if !s.Bare {
				rows = append(rows, row)
			}
		}
	}
	opacity := 1.0
	if weak {
		opacity = 0.45
	}
	shift := object{"expr": "datum.shift"}
	e := withEnds(q.at(), "y")
	e["color"] = inks.channel("series", nil)
	q.add(bars, object{"type": "rule", "clip": true, "opacity": opacity, "xOffset": shift}, e)
	e = withEnds(q.at(), "x")
	e["color"] = inks.channel("series", nil)
	q.add(wide, object{"type": "rule", "clip": true, "opacity": opacity, "strokeWidth": 1.4}, e)
	e = q.at()
	legend := q.legendOf(sourceTexts[from])
	e["color"], e["shape"] = inks.channel("series", legend), shapes.channel("series", legend)
	mark := object{"type": "point", "filled": true, "size": 60, "opacity": opacity, "xOffset": shift, "tooltip": object{"content": "data"}}
	switch f := fillings[from]; {
	case f.half:
		delete(e, "color")
		e["fill"], e["stroke"], mark["fillOpacity"] = inks.channel("series", legend), inks.channel("series", legend), 0.4
		mark["size"] = 60 * f.size * f.size
	case !f.full:
		mark["filled"], mark["size"] = false, 60*f.size*f.size
	}
	q.add(rows, mark, e)
}
