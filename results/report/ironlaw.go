package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchunit"

	"amdahl/results"
	"amdahl/results/groups"
	"amdahl/results/ironlaw"
	"amdahl/results/laws"
	"amdahl/results/report/page"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// HasIronLaw says whether a run asked for hardware counters: it has counts, or
// says why not.
func HasIronLaw(as []*laws.Analysis, o Options) bool {
	return ironlaw.Counters(o.Environment) != "" || slices.ContainsFunc(as, func(a *laws.Analysis) bool {
		return a != nil && a.Curve != nil && slices.ContainsFunc(a.Curve.Points, func(p results.Point) bool { return len(p.Extra["instructions/op"]) > 0 })
	})
}

// IronLaw prints where the time of a task goes, for every series and every level
// of workers: the time that passes, the processors that are busy, the CPU time, and
// its factors (instructions, cycles per instruction, clock), each with its
// multiple of the first level; then what the factors say. Without counters in
// the run the factors are missing, and a footnote says why.
func IronLaw(w io.Writer, as []*laws.Analysis, o Options) error {
	counters := ironlaw.Counters(o.Environment)
	p := newPrinter(w, o)
	t := &tables{} // its Notes
	var said []findings
	for i, g := range groups.Of(as) {
		if i > 0 {
			p.line("")
		}
		s := section{Key: words.Clean(orSeries(g.Key))}
		if len(g.Analyses) > 1 {
			s.Heading = words.Clean(g.Common)
		}
		p.heading(s)
		rows := [][]string{ironHead(s.Key)}
		for k, a := range g.Analyses {
			l := ironlaw.Of(a.Curve, ironlaw.Options{Counters: counters, Confidence: o.Confidence})
			rows = append(rows, t.ironRows(words.Clean(g.Short[k]), l)...)
			f := findings{heading: s.Heading, Series: words.Clean(g.Short[k])}
			for _, x := range l.Findings {
				if x.Code != "no-cpu" && x.Code != "no-counters" { // those stand in the footnotes
					f.Texts = append(f.Texts, x.Text)
				}
			}
			said = append(said, f)
		}
		p.table(rows, 5, 7, 9, 11, 10, 8, 6, 3)
	}
	if len(said) == 0 {
		return fmt.Errorf("report: the iron law: %w", ErrNoAnalysis)
	}
	if !o.Brief {
		p.line("")
		for _, l := range words.Fold("time = CPU time / busy, and CPU time = instructions × CPI / clock, for a task; behind a number, its multiple of the first level", p.o.Width) {
			p.line(p.style(dim, l))
		}
		p.findings(said)
	}
	p.notes(t)
	return p.flush()
}

// ironHead heads the rows of a table.
func ironHead(key string) []string {
	return []string{key, "workers", "time", "busy", "CPU time", "", "instructions", "", "CPI", "", "clock", "", "notes"}
}

// newIronSection takes the series of a group apart, for the page; nil if the run did
// not ask for it.
func newIronSection(g groups.Group, o Options) *page.Detail {
	if !HasIronLaw(g.Analyses, o) {
		return nil
	}
	out := &page.Detail{Summary: "The iron law: time = instructions × cycles per instruction / clock / busy processors"}
	out.Table = page.Table{Label: "The iron law: " + words.Clean(g.Common), Sections: []page.Section{{}}}
	for _, h := range ironHead(words.Clean(orSeries(g.Key))) {
		out.Table.Head = append(out.Table.Head, page.Head{Text: h})
	}
	t := &tables{} // its Notes
	for i, a := range g.Analyses {
		l := ironlaw.Of(a.Curve, ironlaw.Options{Counters: ironlaw.Counters(o.Environment), Confidence: o.Confidence})
		name := words.Clean(g.Short[i])
		for _, texts := range t.ironRows(name, l) {
			out.Table.Sections[0].Rows = append(out.Table.Sections[0].Rows, textRow(texts))
		}
		f := page.Finding{Series: name}
		for _, x := range l.Findings {
			f.Texts = append(f.Texts, x.Text)
		}
		if len(f.Texts) > 0 {
			out.Findings = append(out.Findings, f)
		}
	}
	out.Table = out.Table.Trimmed(words.None)
	out.Notes = t.Notes
	return out
}

// textRow makes a row of texts, of which the first is its name.
func textRow(texts []string) page.Row {
	r := page.Row{Name: texts[0]}
	for _, t := range texts[1:] {
		r.Cells = append(r.Cells, page.Cell{Value: t})
	}
	return r
}

// ironRows are the levels of one series, and their footnotes.
func (t *tables) ironRows(name string, l *ironlaw.Law) [][]string {
	var rows [][]string
	for _, v := range l.Levels {
		row := []string{name, words.Number(v.Workers)}
		value := func(q *ironlaw.Quantity, format func(float64) string) string {
			if q == nil || !stats.Finite(q.Value) {
				return words.None
			}
			return format(q.Value)
		}
		factor := func(q *ironlaw.Quantity) string {
			if q == nil || q.Factor == nil || !stats.Finite(q.Factor.Value) {
				return ""
			}
			return words.Even(q.Factor.Value) + "×"
		}
		time := func(s float64) string { return seconds(laws.Estimate{Value: s}).Value }
		row = append(row, value(v.Wall, time), value(v.Busy, words.Even),
			value(v.CPU, time), factor(v.CPU),
			value(v.Instructions, scaled("")), factor(v.Instructions),
			value(v.CPI, words.Even), factor(v.CPI),
			value(v.Clock, scaled("Hz")), factor(v.Clock))
		var notes []string
		for _, m := range v.Missing {
			notes = append(notes, strconv.Itoa(t.note(m)))
		}
		rows = append(rows, append(row, strings.Join(notes, " ")))
	}
	for _, err := range l.Warnings {
		last := rows[len(rows)-1]
		last[len(last)-1] = strings.TrimSpace(last[len(last)-1] + " " + strconv.Itoa(t.note(err.Error())))
	}
	return rows
}

// scaled prints a count with a prefix: "1.234 M", "2.600 GHz".
func scaled(unit string) func(float64) string {
	return func(v float64) string {
		s := benchunit.CommonScale([]float64{v}, benchunit.Decimal)
		return strings.TrimSpace(fmt.Sprintf("%.*f %s%s", s.Prec, v/s.Factor, s.Prefix, unit))
	}
}
