package read

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"amdahl/results/words"
)

// read reads every row as a series, or as a quantity of one series.
func (w wideTable) read(in *input) error {
	unit, from := in.options.Unit, "as --unit says"
	if unit == "" {
		unit, from = unitOf(strings.ReplaceAll(w.stem, "#", " ")), "as their names say"
	}
	if unit == "" {
		unit, from = w.cellUnit(w.levels[0].at, w.decimalComma(w.levels[0].at)), "as the cells say"
	}
	if unit == "" {
		unit, from = "s", "no unit is named"
	}
	factor, ok := secondsIn(unit)
	rate := rateFactor(rateUnit(strings.ReplaceAll(w.stem, "#", " ")))
	rateSaid := ""
	if in.options.Unit != "" && ok {
		rate, rateSaid = 1/factor, " a "+strings.TrimSuffix(longUnit(unit), "s")+" (as --unit says)"
	}
	if !ok {
		return &ColumnError{fmt.Sprintf("%s is not a unit of time: write ns, us, ms, s, min or h: %s", unit, in.options.command(func(o *Options) { o.Unit = "ms" }))}
	}
	said := false
	take := -1 // the row that was measured, where rows are quantities
	kind := w.kind
	if w.across {
		for _, want := range []role{timeY, rateY, latencyY, speedupY} {
			for i, r := range w.rows {
				if got, _ := roleOf(r.cells[w.others[0]]); got == want && take < 0 {
					take, kind = i, want
					if u := unitOf(r.cells[w.others[0]]); u != "" && in.options.Unit == "" {
						factor, _ = secondsIn(u)
						unit, from = u, "as its name says"
					}
				}
			}
		}
	}
	switch {
	case w.serial >= 0 && w.levels[0].at == w.serial:
		in.note("%s: the column %q is a word for one worker, and was taken for 1", in.name, w.names[w.serial])
	case w.serial >= 0:
		in.note("%s: the column %q left out: it is of a serial program, and a column for 1 stands beside it: they are two programs", in.name, w.names[w.serial])
	}
	var blank int
	i := -1
	w.each(in, func(r row) {
		if i++; take >= 0 && i != take {
			return
		}
		if !said {
			said = true
			what := "a column for each number of " + w.word
			if kind == timeY {
				what += ", times in " + longUnit(unit) + " (" + from + ")"
			} else {
				what += ", the numbers are of a " + measured[kind]
				if kind == rateY {
					what += rateSaid
				}
				if w.shares {
					what = strings.Replace(what, "the numbers are of a speedup", "the speedups are the numbers of workers times the numbers", 1)
				}
				if w.source != "" {
					what += " (" + w.source + ")"
				}
			}
			var at []int
			for _, l := range w.levels {
				at = append(at, l.at)
			}
			if text := w.saysComma(in.options, at...); text != "" {
				what += ", " + text
			}
			in.note("%s: %s", in.name, what)
			in.tables = append(in.tables, &tableGuess{in.block, in.name, what})
		}
		if err := w.row(in, r, kind, factor, rate, &blank); err != nil {
			in.complain(r.line, strings.Join(r.cells, ","), "%s", err)
		}
	})
	if blank > 0 {
		in.note("%s: %s %s blank", in.name, words.Count(blank, "cell"), words.Is(blank))
	}
	return nil
}

// row takes one row. factor is the unit of times in seconds, rate that of rates a
// second.
func (w wideTable) row(in *input, r row, kind role, factor, rate float64, blank *int) error {
	series := w.series(r)
	if series == "" || w.across && kind != other && len(w.others) == 1 {
		series = tableName(in.name)
	}
	var errs []error
	for _, l := range w.levels {
		if l.at >= len(r.cells) || isAbsent(r.cells[l.at]) {
			*blank++
			continue
		}
		q, ok := parseQuantity(r.cells[l.at], w.decimalComma(l.at))
		if kind == speedupY && strings.HasPrefix(bareWord(r.cells[l.at]), "base") {
			q, ok = quantity{value: 1}, true
		}
		switch {
		case !ok && isFailure(r.cells[l.at]):
			errs = append(errs, fmt.Errorf("left out: the run failed: %q is %q", w.names[l.at], r.cells[l.at]))
			continue
		case !ok || !(q.value > 0):
			errs = append(errs, fmt.Errorf("%s is %q: a number above 0 is needed", w.names[l.at], r.cells[l.at]))
			continue
		}
		m := Measurement{Tasks: 1, Time: q.value * factor}
		if f, ok := secondsIn(unitOf(w.names[l.at])); ok && l.at == w.serial && in.options.Unit == "" {
			m.Time = q.value * f
		}
		switch f, isTime := secondsIn(q.unit); {
		case kind == rateY && (q.unit == "" || in.options.Unit != ""):
			m.Time = 1 / (q.value * rate)
		case kind == rateY || kind == speedupY:
			m.Time = 1 / (q.value * rateFactor(q.unit))
			if w.shares && kind == speedupY {
				m.Time /= l.workers
			}
		case isTime && in.options.Unit == "":
			m.Time = q.value * f
		}
		if kind == latencyY {
			m.Time /= l.workers
		}
		if !(m.Time > 0) || math.IsInf(m.Time, 0) {
			errs = append(errs, fmt.Errorf("%s is %q: too extreme for a time", w.names[l.at], r.cells[l.at]))
			continue
		}
		in.add(label{series: series, x: w.word, workers: l.workers, speedup: kind == speedupY}, r.line, &m)
	}
	return errors.Join(errs...)
}

// series names a row by the columns that are no levels: texts, and numbers that
// are not measured.
func (w wideTable) series(r row) string {
	var parts []string
	for _, at := range w.others {
		if at >= len(r.cells) || r.cells[at] == "" {
			continue
		}
		v := r.cells[at]
		if isNumber(v) {
			if !w.sizes[at] {
				continue
			}
			v = w.names[at] + "=" + v
		} else {
			v = labelText(v)
		}
		parts = append(parts, v)
	}
	return strings.Join(parts, "/")
}
