package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"amdahl/results"
	"amdahl/results/charts"
	"amdahl/results/groups"
	"amdahl/results/laws"
	"amdahl/results/report/page"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// part is one group in the section of its workload.
func (m *pageMaker) part(d drawing, id string, index int) (p page.Part, err error) {
	g := d.group
	p = page.Part{ID: id, Index: index, Heading: heading(g), Subtitle: words.Clean(g.Common), Base: base(g), Findings: diagnoses(g)}
	points, text := pointsOf(g)
	p.Points = text
	if p.Figure, err = m.figure(d.pageScaling, id, describe(g), d.scalingSVG); err != nil {
		return p, err
	}
	if p.Lost, err = m.lost(id+"-why", d); err != nil {
		return p, err
	}
	p.Table = page.Table{Label: "The series: " + words.Clean(g.Common), Head: seriesHead(), Noted: true, Sections: []page.Section{{}}}
	for i, a := range g.Analyses {
		if points[a] {
			continue
		}
		r := m.row[a]
		r.Name = rowName(words.Clean(g.Short[i]), a.Curve)
		p.Table.Sections[0].Rows = append(p.Table.Sections[0].Rows, pageRow(r))
	}
	p.Table = p.Table.Trimmed(words.None)
	p.Numbers = numbersOf(d).Trimmed(words.None)
	if iron := newIronSection(g, m.o); iron != nil {
		p.Details = append(p.Details, *iron)
	}
	return p, nil
}

// heading says what a group keeps fixed.
func heading(g groups.Group) string {
	a := answerOf(g)
	switch {
	case len(levelsIn(g)) < 2 && g.Analyses[0].Curve.Relative:
		return "One given speedup"
	case len(levelsIn(g)) < 2:
		return "Time per task"
	case a.Kind == results.Weak:
		return "Growing work (weak scaling)"
	}
	return "Fixed work (strong scaling)"
}

// levelsIn are the levels of all series of a group, each once.
func levelsIn(g groups.Group) []float64 {
	var all []float64
	for _, a := range g.Analyses {
		for _, l := range a.Levels {
			all = append(all, l.N)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// figure draws a figure for the page, each of its panels for itself.
func (m *pageMaker) figure(f charts.Figure, id, description, file string) (out page.Figure, err error) {
	out.File = file
	if f.Empty() {
		return out, nil
	}
	out.Caption = f.Caption
	for i, alone := range f.Alone() {
		var b strings.Builder
		if alone.Empty() {
			continue
		}
		if err := charts.Draw(&b, alone, "svg", charts.Layout{Bare: true, Themed: true, Width: panelWidth}); err != nil {
			return out, fmt.Errorf("report: figure %q: %w", f.Title, err)
		}
		out.Panels = append(out.Panels, m.styles.Drawing(b.String(), fmt.Sprintf("p%d-%s", i+1, id), words.Clean(f.Title), words.Clean(description)))
	}
	for _, e := range f.Legend {
		svg, err := charts.Key(e)
		if err != nil {
			return out, fmt.Errorf("report: figure %q: %w", f.Title, err)
		}
		out.Legend = append(out.Legend, page.Key{Sample: m.styles.Key(svg), Text: words.Clean(e.Text)})
	}
	return out, nil
}

// panelWidth is the width of a panel in inches: its letters can be read on a phone
// and are not huge on a wide screen.
const panelWidth = 5

// diagnoses is what limits each series.
func diagnoses(g groups.Group) []page.Finding {
	var all []page.Finding
	for i, a := range g.Analyses {
		f := page.Finding{Series: words.Clean(g.Short[i])}
		for _, d := range a.Diagnosis {
			f.Texts = append(f.Texts, d.Text)
		}
		if len(f.Texts) > 0 {
			all = append(all, f)
		}
	}
	return all
}

// seriesHead heads a table of series.
func seriesHead() []page.Head {
	all := []page.Head{{Text: "series"}}
	for _, c := range columns {
		all = append(all, page.Head{Text: c.Head, Doc: c.Doc})
	}
	return all
}

// full is the table of all series.
func (m *pageMaker) full() page.Table {
	t := page.Table{Label: "All series", Head: seriesHead(), Noted: true}
	rows, all := 0, 0
	for _, s := range m.tables.Sections {
		all += len(s.Rows)
	}
	for _, s := range m.tables.Sections {
		section := page.Section{Heading: s.Heading, Base: s.Base, Points: s.Points}
		for _, r := range s.Rows[:min(len(s.Rows), mostRows-rows)] {
			section.Rows = append(section.Rows, pageRow(r))
		}
		t.Sections = append(t.Sections, section)
		if rows += len(section.Rows); rows == mostRows && rows < all {
			m.page.FullText = rowsText(rows, all)
			break
		}
	}
	return t.Trimmed(words.None)
}

func pageRow(r row) page.Row {
	out := page.Row{Name: r.Name, Notes: r.Notes}
	for _, c := range r.Cells {
		out.Cells = append(out.Cells, page.Cell(c))
	}
	return out
}

// numbersOf is the table of what was measured. A series that is not sound has its
// numbers of samples only.
func numbersOf(d drawing) page.Table {
	x := "workers"
	t := page.Table{Label: "What was measured: " + words.Clean(d.group.Common), Sections: []page.Section{{}}}
	for i, a := range d.group.Analyses {
		x = cmp.Or(words.Clean(a.Curve.X), x)
		for _, l := range a.Levels {
			t.Sections[0].Rows = append(t.Sections[0].Rows, numbers(words.Clean(d.group.Short[i]), l, a))
		}
	}
	for _, h := range []string{"series", x, "samples", "median time", "speedup", "efficiency", "Karp–Flatt"} {
		t.Head = append(t.Head, page.Head{Text: h})
	}
	return t
}

func numbers(name string, l stats.Level, a *laws.Analysis) page.Row {
	none := page.Cell{Value: words.None}
	n := []page.Cell{{Value: words.Number(l.N)}, {Value: fmt.Sprint(l.Samples)}, page.Cell(seconds(l.Time)), none, none, none}
	if a.Verdict == laws.TooFewSoundRounds {
		n[2] = page.Cell{Value: "not sound"}
		return page.Row{Name: name, Cells: n}
	}
	if a.Curve.Relative { // speedups were given, and no times
		n[2] = none
	}
	if l.Speedup != nil {
		n[3] = page.Cell(plain(*l.Speedup))
		n[4] = page.Cell{Value: words.Share(l.Speedup.Value / l.N)}
	}
	for _, k := range a.KarpFlatt {
		if k.N == l.N {
			n[5] = page.Cell(plain(laws.Estimate{Value: k.Value, Interval: k.Interval}))
		}
	}
	return page.Row{Name: name, Cells: n}
}

// describe says in words what a figure shows, for those who cannot see it.
func describe(g groups.Group) string {
	var b strings.Builder
	b.WriteString("Time per task or speedup against the number of workers, with the ideal and the fitted laws.")
	for i, a := range g.Analyses {
		if len(a.Levels) < 2 || a.Verdict == laws.TooFewSoundRounds {
			continue
		}
		if last := a.Levels[len(a.Levels)-1]; last.Speedup != nil {
			fmt.Fprintf(&b, " %s: speedup %s at %s.", g.Short[i], words.Number(last.Speedup.Value), words.Number(last.N))
		}
	}
	b.WriteString(" The numbers stand in the table below the figure.")
	return b.String()
}
