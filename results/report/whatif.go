package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"amdahl/results/laws"
	"amdahl/results/whatif"
	"amdahl/results/words"
)

// wayOff is by how much a replay may differ from what was measured before a
// warning says so.
const wayOff = 0.05

// WhatIf prints a recorded run against what it would be: what was replayed,
// work and span with the bounds that they give, a table of the numbers of
// workers, a sentence, and warnings. Speedups are over the own time at one
// worker of each column.
func WhatIf(w io.Writer, a *whatif.Answer, o Options) error {
	p := newPrinter(w, o)
	p.line(p.style(bold, words.Clean(a.Series)))
	p.hanging("", replayedText(a))
	p.line("")
	p.table(boundRows(a))
	p.line("")
	p.table(whatIfRows(a))
	p.line("")
	p.hanging("", words.Clean(a.Sentence()))
	for _, text := range whatIfWarnings(a) {
		p.hanging("warning: ", words.Clean(text))
	}
	return p.flush()
}

// replayedText says what was replayed on what.
func replayedText(a *whatif.Answer) string {
	j, m := a.Job, a.Machine
	text := fmt.Sprintf("Replayed: the %s of the operation at %s", words.Count(len(j.Serial)+len(j.Tasks), "task"), words.Count(a.Workers, "worker"))
	if n := len(j.Serial); n > 0 {
		text += fmt.Sprintf(", %d of them serial", n)
	}
	switch {
	case m.Interpreter && m.Processes:
		text += ", with an interpreter lock in each worker's process"
	case m.Interpreter:
		text += ", under one interpreter lock"
	case m.Cores > 0:
		text += ", on " + words.Count(m.Cores, "core")
	default:
		text += ", with a core for every worker"
	}
	if a.HandOuts > 0 {
		text += fmt.Sprintf("; handing out a task cost %s (median of %d at %s)", span(m.Dispatch), a.HandOuts, words.Count(a.HandOutsAt, "worker"))
	}
	return text + "."
}

// span prints a time as the tables do.
func span(d time.Duration) string {
	if d == 0 {
		return "0 s"
	}
	return seconds(laws.Estimate{Value: d.Seconds()}).String()
}

// boundRows is the table of work and span.
func boundRows(a *whatif.Answer) [][]string {
	rows := [][]string{{"", "work", "span", "work/span", "burdened span", "work/burdened span", "at most", "because of"}}
	row := func(name string, c whatif.Curve) {
		over := func(t time.Duration) string { return times(whatif.Ratio(c.Bounds.Work, t)) }
		b, l := c.Bounds, c.Lowest()
		rows = append(rows, []string{name, span(b.Work), span(b.Span), over(b.Span), span(b.BurdenedSpan), over(b.BurdenedSpan), times(whatif.Ratio(c.One, l.Time)), "the " + l.Name})
	}
	row("as recorded", a.Recorded)
	if a.Asked != nil {
		row("what if", *a.Asked)
	}
	return rows
}

// times prints a ratio of times.
func times(v float64, ok bool) string {
	if !ok {
		return words.None
	}
	return words.Even(v)
}

// whatIfRows is the table of the numbers of workers.
func whatIfRows(a *whatif.Answer) [][]string {
	head := []string{"workers", "measured", "speedup", "replayed", "speedup", "off"}
	last := "lost"
	if a.Asked != nil {
		head, last = append(head, "what if", "speedup", "gain"), "lost then"
	}
	rows := [][]string{append(head, last)}
	base, _ := a.Base()
	for i, n := range a.At {
		row := []string{fmt.Sprint(n), words.None, words.None, "", "", words.None}
		if m, ok := measuredAt(a, n); ok {
			row[1], row[2] = span(m.Time), times(whatif.Ratio(base, m.Time))
			if off, ok := a.Off(m); ok {
				row[5] = fmt.Sprintf("%+.1f %%", 100*off)
			}
		}
		run := a.Recorded.Runs[i]
		row[3], row[4] = span(run.Time), times(whatif.Ratio(a.Recorded.One, run.Time))
		if a.Asked != nil {
			then := a.Asked.Runs[i]
			row = append(row, span(then.Time), times(whatif.Ratio(a.Asked.One, then.Time)), times(whatif.Ratio(run.Time, then.Time)))
			run = then
		}
		rows = append(rows, append(row, lostThen(run)))
	}
	return rows
}

func measuredAt(a *whatif.Answer, n int) (m whatif.Measured, ok bool) {
	for _, m := range a.Measured {
		if m.Workers == n {
			return m, true
		}
	}
	return m, false
}

// lostThen names the two largest losses of a run.
func lostThen(r whatif.Run) string {
	var texts []string
	for _, p := range r.Losses(2) {
		texts = append(texts, words.Share(p.Share)+" "+p.Title)
	}
	if len(texts) == 0 {
		return "nothing"
	}
	return strings.Join(texts, ", ")
}

// whatIfWarnings are those of the recording, and what is doubtful in the
// answer.
func whatIfWarnings(a *whatif.Answer) []string {
	var texts []string
	for _, w := range a.Warnings {
		texts = append(texts, w.Error())
	}
	if _, measured := a.Base(); !measured {
		texts = append(texts, "not measured at 1 worker, so the measured speedups are over the replayed time there: measure at 1 worker too")
	}
	var off []string
	for _, m := range a.Measured {
		v, ok := a.Off(m)
		if !ok || v >= -wayOff && v <= wayOff {
			continue
		}
		text := fmt.Sprintf("by %+.1f %% at %s", 100*v, words.Count(m.Workers, "worker"))
		var beyond []string
		for _, p := range m.Beyond {
			beyond = append(beyond, words.Share(p.Share)+" "+p.Title)
		}
		if len(beyond) > 0 {
			text += " (where the account has " + strings.Join(beyond, ", ") + ")"
		}
		off = append(off, text)
	}
	if len(off) > 0 {
		texts = append(texts, fmt.Sprintf("the replay as recorded is off by more than %.0f %%: %s. It knows tasks, locks, cores and handing out, and nothing else of a machine",
			100*wayOff, strings.Join(off, ", ")))
	}
	return texts
}
