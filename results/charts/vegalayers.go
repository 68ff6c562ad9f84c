package charts

import (
	"gonum.org/v1/plot/vg"

	"amdahl/results/words"
)

// A vegaPanel is one view while its layers are made.
type vegaPanel struct {
	*vega
	Panel
	legend    bool // of points and lines
	boxLegend bool
	layers    []object
}

// add adds a layer with its data, if there are any.
func (q *vegaPanel) add(values []object, mark, encoding object) {
	if len(values) > 0 {
		q.layers = append(q.layers, object{"data": object{"values": values}, "mark": mark, "encoding": encoding})
	}
}

// at are the encodings of the two axes.
func (q *vegaPanel) at() object {
	return object{"x": q.axis(q.X, "x"), "y": q.axis(q.Y, "y")}
}

// withEnds adds the other ends of ranges along the axes.
func withEnds(e object, axes ...string) object {
	for _, a := range axes {
		e[a+"2"] = object{"field": a + "2"}
	}
	return e
}

// nameLooks are the values of a field, and what each looks like.
type nameLooks struct {
	domain []string
	looks  []any
}

func (n *nameLooks) add(name string, look any) {
	for _, d := range n.domain {
		if d == name {
			return
		}
	}
	n.domain, n.looks = append(n.domain, name), append(n.looks, look)
}

// channel is the encoding of a field by looks; a legend of nil is none.
func (n *nameLooks) channel(field string, legend any) object {
	return object{"field": field, "type": "nominal", "scale": object{"domain": n.domain, "range": n.looks}, "legend": legend}
}

// legendOf is a legend under a title, in the panel that has the legends.
func (q *vegaPanel) legendOf(title string) any {
	if !q.legend {
		return nil
	}
	return object{"title": title}
}

func (q *vegaPanel) bands() {
	var rows []object
	for _, b := range q.Bands {
		rows = append(rows, object{"x": q.X.Min, "x2": q.X.Max, "y": max(b.Low, q.Y.Min), "y2": min(b.High, q.Y.Max), "band": words.Clean(b.Label)})
	}
	q.add(rows, object{"type": "rect", "color": q.colour(shade), "tooltip": object{"content": "data"}}, withEnds(q.at(), "x", "y"))
}

func (q *vegaPanel) boxes() {
	var rows, labels []object
	var fillNames nameLooks
	texts := map[Fill]string{}
	var named []string
	for _, e := range q.f.Legend {
		if e.Fill != "" && e.Fill != SeriesFill {
			texts[e.Fill] = words.Clean(e.Text)
			named = append(named, texts[e.Fill])
		}
	}
	for _, b := range q.Boxes {
		what, look := texts[b.Fill], hex(fills[b.Fill])
		if b.Fill == SeriesFill {
			look = q.ink(b.Ink)
			what = look
			if i := int((b.Y0 + b.Y1) / 2); q.Y.Scale == Categories && i >= 1 && i <= len(q.Y.Ticks) {
				what = words.Clean(q.Y.Ticks[i-1].Label)
			}
		}
		if what == "" {
			what = string(b.Fill)
		}
		fillNames.add(what, look)
		opacity := 1.0
		if b.Faint {
			opacity = 0.5
		}
		row := object{"x": b.X0, "x2": b.X1, "y": b.Y0, "y2": b.Y1, "what": what, "opacity": opacity}
		if b.Beside != "" {
			row["value"] = words.Clean(b.Beside)
			labels = append(labels, object{"x": b.X1, "y": (b.Y0 + b.Y1) / 2, "text": words.Clean(b.Beside)})
		}
		rows = append(rows, row)
	}
	e := withEnds(q.at(), "x", "y")
	var legend any
	if q.boxLegend && len(texts) > 0 {
		legend = object{"title": "", "values": named} // not those that are too small to be seen
	}
	e["color"] = fillNames.channel("what", legend)
	e["opacity"] = object{"field": "opacity", "type": "quantitative", "scale": nil}
	q.add(rows, object{"type": "rect", "tooltip": object{"content": "data"}}, e)
	for i := range labels { // beside the interval, where that is longer
		for _, s := range q.Points {
			for _, p := range s.At {
				if p.Across != nil && p.Y == labels[i]["y"] {
					labels[i]["x"] = max(p.Across.High, p.X)
				}
			}
		}
	}
	e = q.at()
	e["text"] = object{"field": "text", "type": "nominal"}
	q.add(labels, object{"type": "text", "align": "left", "dx": 8}, e)
}

func (q *vegaPanel) outlines() {
	var rows []object
	for _, o := range q.Outlines {
		rows = append(rows, object{"x": o.X0, "x2": o.X1, "y": o.Y0, "y2": o.Y1})
	}
	q.add(rows, object{"type": "rect", "filled": false, "stroke": hex(onLight), "strokeWidth": 0.6}, withEnds(q.at(), "x", "y"))
}

// lines are the models: those that are grey or faint first.
func (q *vegaPanel) lines() {
	for _, kind := range []struct{ grey, faint bool }{{true, true}, {true, false}, {false, true}, {false, false}} {
		var rows, ends []object
		var inks, dashes nameLooks
		for _, p := range q.f.Panels { // the legend is of all
			for _, l := range p.Lines {
				if l.Grey == kind.grey && l.Faint == kind.faint {
					inks.add(words.Clean(l.Name), q.lineColour(l))
					dashes.add(words.Clean(l.Name), strokeDash(l.Dash))
				}
			}
		}
		for i, l := range q.Lines {
			if l.Grey != kind.grey || l.Faint != kind.faint {
				continue
			}
			name := words.Clean(l.Name)
			var last *XY
			for k, at := range l.At {
				rows = append(rows, object{"x": at.X, "y": at.Y, "law": name, "line": i})
				if at.Y >= q.Y.Min && at.Y <= q.Y.Max {
					last = &l.At[k]
				}
			}
			if l.Label != "" && last != nil {
				ends = append(ends, object{"x": last.X, "y": last.Y, "law": name, "text": words.Clean(l.Label)})
			}
		}
		legend := q.legendOf("models")
		if kind.grey {
			legend = nil
		}
		e := q.at()
		e["color"], e["strokeDash"] = inks.channel("law", legend), dashes.channel("law", legend)
		e["detail"] = object{"field": "line", "type": "nominal"}
		mark := object{"type": "line", "clip": true, "strokeWidth": 1.8, "tooltip": object{"content": "data"}}
		if kind.faint {
			mark["opacity"], mark["strokeWidth"] = 0.5, 1.2
		}
		q.add(rows, mark, e)
		e = q.at()
		e["text"] = object{"field": "text", "type": "nominal"}
		e["color"] = inks.channel("law", nil)
		q.add(ends, object{"type": "text", "align": "left", "dx": 6}, e)
	}
}

// lineColour is the colour of a model.
func (q *vegaPanel) lineColour(l Line) string {
	switch {
	case l.Grey:
		return q.colour(faint)
	case l.Ink <= 0:
		return q.colour(muted)
	}
	return q.ink(l.Ink)
}

// strokeDash is the pattern of a dash; that of a solid line has no gap.
func strokeDash(d Dash) []vg.Length {
	if p := d.pattern(); p != nil {
		return p
	}
	return []vg.Length{1, 0}
}

func (q *vegaPanel) refs() {
	for _, r := range q.Refs {
		along, value := "y", object{"y": r.At, "text": words.Clean(r.Label)}
		place := object{"align": "left", "dx": 4, "x": "width"}
		if r.Vertical {
			along, value = "x", object{"x": r.At, "text": words.Clean(r.Label)}
			place = object{"align": "center", "dy": -6, "y": 0}
		}
		ink := q.ink(r.Ink)
		if r.Ink <= 0 {
			ink = q.colour(muted)
		}
		a := q.X
		if along == "y" {
			a = q.Y
		}
		e := object{along: q.axis(a, along)}
		q.add([]object{value}, object{"type": "rule", "color": ink, "strokeDash": strokeDash(r.Dash), "tooltip": object{"content": "data"}}, e)
		if r.Label == "" {
			continue
		}
		place["type"], place["color"] = "text", ink
		q.add([]object{value}, place, object{along: q.axis(a, along), "text": object{"field": "text", "type": "nominal"}})
	}
}
