package report

import (
	"fmt"
	"io"
	"slices"

	"amdahl/results"
	"amdahl/results/ironlaw"
	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// simpleHeads are the columns of [Simple] after the name.
var simpleHeads = []string{"a task, 1 worker", "a task, most", "workers", "speedup", "busy", "serial part"}

// Simple prints the analyses for a first reading, as a course needs it: one row a series
// with what a task takes with one worker and with the most that were measured, the
// measured speedup between them, the processors that were busy meanwhile (CPU time over
// the time that passed; only of real processors), and the serial part; then the
// sentences about what limits each series. It has no footnotes, and of intervals only
// that of the serial part. What forbids to believe a series is said.
func Simple(w io.Writer, as []*laws.Analysis, o Options) error {
	b := newTables(as, o)
	if len(b.Sections) == 0 {
		return fmt.Errorf("report: %w", ErrNoAnalysis)
	}
	p := newPrinter(w, o)
	for _, text := range unsound(as) {
		p.hanging("", text)
	}
	for i, s := range b.Sections {
		if i > 0 {
			p.line("")
		}
		all := slices.Concat(s.Rows, s.lone)
		rows := [][]string{append([]string{s.Key}, simpleHeads...)}
		for _, r := range all {
			rows = append(rows, append([]string{r.Name}, simpleCells(r.analysis)...))
		}
		if len(all) == 1 { // its name is the heading
			s.Heading = all[0].Name
			for i := range rows {
				rows[i] = rows[i][1:]
			}
		}
		p.heading(section{Heading: s.Heading})
		p.table(withoutEmpty(rows))
		for _, r := range s.Rows {
			label := r.Name + ", level by level:"
			if len(all) == 1 {
				label = "Level by level:"
			}
			p.byLevel(label, r.analysis)
		}
	}
	if !o.Brief {
		p.diagnosis(b)
	}
	return p.flush()
}

// byLevel prints, of a series that no law fits, the speedup of every level and the serial
// part that it would need by itself (the Karp–Flatt fraction): a serial part would be the
// same at all of them.
func (p *printer) byLevel(label string, a *laws.Analysis) {
	if a.Verdict != laws.NoneFits || len(a.KarpFlatt) == 0 {
		return
	}
	rows := [][]string{{"workers", "speedup", "as with a serial part of"}}
	for _, k := range a.KarpFlatt {
		for _, l := range a.Levels {
			if l.N == k.N && l.Speedup != nil {
				rows = append(rows, []string{words.Number(l.N), words.Even(l.Speedup.Value), words.Percent(k.Value)})
			}
		}
	}
	p.line("")
	p.hanging("", label)
	p.table(rows)
}

// simpleCells are the cells of one series.
func simpleCells(a *laws.Analysis) []string {
	one, most, workers, speedup, serial := words.None, words.None, words.None, words.None, words.None
	if a.Verdict == laws.TooFewSoundRounds {
		return []string{one, most, workers, speedup, words.None, "the machine was too busy"}
	}
	levels := a.Levels
	if len(levels) > 0 && levels[0].N == 1 && !a.Curve.Relative {
		one = seconds(levels[0].Time).Value
	}
	if n := len(levels); n > 0 && levels[n-1].N != 1 {
		last := levels[n-1]
		workers = words.Number(last.N)
		if !a.Curve.Relative {
			most = seconds(last.Time).Value
		}
		if last.Speedup != nil {
			speedup = words.Even(last.Speedup.Value)
		}
	}
	switch {
	case a.Verdict == laws.NoneFits:
		serial = "no law fits"
	case a.Sigma != nil:
		serial = words.Percent(a.Sigma.Value)
		if iv := a.Sigma.Interval; iv != nil && stats.Finite(iv.Low) && stats.Finite(iv.High) {
			serial += fmt.Sprintf(" (%s to %s)", words.Number(100*iv.Low), words.Percent(iv.High))
		}
	}
	return []string{one, most, workers, speedup, busy(a), serial}
}

// busy is the number of processors that were busy at the most workers, "" where the lines
// do not say, or where the processors are imitated.
func busy(a *laws.Analysis) string {
	if a.Curve.Name.Source() != results.Real || len(a.Curve.Points) == 0 {
		return ""
	}
	law := ironlaw.Of(a.Curve, ironlaw.Options{})
	if law == nil || len(law.Levels) == 0 {
		return ""
	}
	q := law.Levels[len(law.Levels)-1].Busy
	if q == nil || !stats.Finite(q.Value) {
		return ""
	}
	return words.Number(q.Value)
}

// withoutEmpty takes out the columns that have no value in any row: neither text nor
// anything but a dash. The first column stays.
func withoutEmpty(rows [][]string) [][]string {
	out := make([][]string, len(rows))
	for column := range rows[0] {
		has := column == 0 || slices.ContainsFunc(rows[1:], func(r []string) bool { return r[column] != "" && r[column] != words.None })
		if !has {
			continue
		}
		for i, r := range rows {
			cell := r[column]
			if cell == "" {
				cell = words.None
			}
			out[i] = append(out[i], cell)
		}
	}
	return out
}
