package read

import (
	"slices"
	"strings"
)

// hasWorkerUnits reports whether the cells of a column are numbers of workers with
// their word behind them: "4 threads", and "serial" for one.
func (t *table) hasWorkerUnits(at int) bool {
	n := 0
	for _, c := range t.cells(at) {
		q, ok := t.level(c, at)
		if !ok {
			return false
		}
		if isWorkerWord(q.unit) {
			n++
		}
	}
	return n > 1
}

// labelColumn finds the first column of texts in which numbers stand that may be
// levels, and differ: "8 threads", "./a.out -t 8"; -1 if there is none.
func (t *table) labelColumn(c *columns) int {
	if t.header == 0 {
		return -1
	}
	for i := range t.names {
		if i == c.x || slices.Contains(c.ys, i) || slices.Contains(c.series, i) || t.someNumbers(i) {
			continue
		}
		with, differ := 0, false
		var first []float64
		for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
			if i >= len(r.cells) {
				continue
			}
			var values []float64
			for _, n := range numbersIn(labelText(r.cells[i]), t.labelKind(i), "") {
				if !n.inBase || isWorkerWord(n.word) {
					values = append(values, n.value)
				}
			}
			if len(values) == 0 {
				continue
			}
			if with++; with == 1 {
				first = values
			}
			differ = differ || !slices.Equal(values, first)
		}
		if with > 1 && differ && 2*with >= min(len(t.rows), sampleRows) {
			return i
		}
	}
	return -1
}

// labelKind is how the texts of a column are read.
func (t *table) labelKind(at int) labelKind {
	if strings.EqualFold(t.names[at], "command") || strings.EqualFold(t.names[at], "cmd") {
		return command
	}
	return named
}

// labelText is a text of a column without the marks of Markdown.
func labelText(cell string) string { return strings.Trim(cell, "`*_ ") }
