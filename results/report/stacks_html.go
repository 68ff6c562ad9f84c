package report

import (
	"fmt"
	"slices"
	"strings"

	"amdahl/results/charts"
	"amdahl/results/laws"
	"amdahl/results/report/page"
	"amdahl/results/why"
	"amdahl/results/words"
)

// lost lays out where the worker time of a group went; nil if nothing says so.
func (m *pageMaker) lost(id string, d drawing) (*page.Lost, error) {
	if d.pageLost.Empty() {
		return nil, nil
	}
	g, l := d.group, &page.Lost{ID: id}
	var told strings.Builder
	told.WriteString("Bars of the worker time that was paid for, split by cause, for every number of workers.")
	for i, a := range g.Analyses {
		s := stackOf(a)
		if s == nil || len(s.Levels) == 0 || a.Verdict == laws.TooFewSoundRounds {
			continue
		}
		name, texts := words.Clean(g.Short[i]), s.Sentences()
		l.Findings = append(l.Findings, page.Finding{Series: name, Texts: texts})
		fmt.Fprintf(&told, " %s: %s", name, texts[0])
		rows := s.rows(a.Curve.X)
		t := page.Table{Label: "What was paid: " + name + ", " + words.Clean(g.Common), Sections: []page.Section{{}}}
		for _, h := range rows[0] {
			t.Head = append(t.Head, page.Head{Text: h})
		}
		for _, texts := range rows[1:] {
			t.Sections[0].Rows = append(t.Sections[0].Rows, textRow(texts))
		}
		l.Details = append(l.Details, page.Detail{Summary: "What was paid: " + name, Table: t})
		if rows := s.efficiency(a.Curve.X); rows != nil {
			e := page.Table{Label: "Efficiency as a product: " + name + ", " + words.Clean(g.Common), Sections: []page.Section{{}}}
			for _, h := range rows[0] {
				e.Head = append(e.Head, page.Head{Text: h})
			}
			for _, texts := range rows[1:] {
				e.Sections[0].Rows = append(e.Sections[0].Rows, textRow(texts))
			}
			l.Details = append(l.Details, page.Detail{Summary: "Efficiency as a product: " + name, Table: e})
		}
	}
	var err error
	for i, a := range g.Analyses {
		w := m.o.Where[a.Curve.Name.String()]
		if w == nil || a.Verdict == laws.TooFewSoundRounds {
			continue
		}
		name := words.Clean(g.Short[i])
		if len(w.Places) > 0 {
			rows := whereRows(w)
			t := page.Table{Label: "What does not scale: " + name + ", " + words.Clean(g.Common), Sections: []page.Section{{}}}
			for _, h := range rows[0] {
				t.Head = append(t.Head, page.Head{Text: h})
			}
			for _, texts := range rows[1:] {
				t.Sections[0].Rows = append(t.Sections[0].Rows, textRow(texts))
			}
			l.Details = append(l.Details, page.Detail{Summary: "What does not scale: " + name, Table: t, Notes: []string{lossText(w), whereMethod(w)}})
		}
		if f := charts.Flame(w); !f.Empty() {
			drawn, err := m.figure(f, fmt.Sprintf("%s-flame-%d", id, i), f.Title+": "+name+". The table above it has the places.", "")
			if err != nil {
				return nil, err
			}
			l.Flames = append(l.Flames, page.Flame{Heading: f.Title + ": " + name, Figure: drawn})
		}
	}
	told.WriteString(" The numbers stand in the table below the figure.")
	l.Figure, err = m.figure(d.pageLost, id, told.String(), d.stackSVG)
	return l, err
}

// causesOf are the causes that the stacks of the analyses have.
func causesOf(as []*laws.Analysis) []*why.Cause {
	known := map[*why.Cause]bool{}
	for _, a := range as {
		if s := stackOf(a); s != nil {
			some, less := s.Causes()
			for _, c := range append(some, less...) {
				known[c] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(why.All), func(c *why.Cause) bool { return !known[c] })
}
