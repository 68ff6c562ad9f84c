package read

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
)

// A tableReader turns the rows of a table into measurements.
type tableReader struct {
	columns
	t      *table
	file   string
	x      string    // the name of the x axis
	factor []float64 // seconds in the unit of each of ys where the cell has none; 0 is to be told
	unit   []string  // the name of that unit, and where it is from
	told   bool      // the file says the unit
	unitAt int       // the column with the unit of each row's times; -1 if there is none
	blank  strays    // lines in which nothing was measured
	serial serialRows
}

func (t *table) reader(in *input, c columns) (*tableReader, error) {
	r := &tableReader{columns: c, t: t, file: in.name, unitAt: -1}
	if c.x >= 0 {
		r.x = t.names[c.x]
		r.findSerial()
	}
	for _, y := range c.ys {
		unit, from := in.options.Unit, "as --unit says"
		if unit == "" {
			unit, from = unitOf(t.names[y]), "as its name says"
		}
		if unit == "" {
			unit, from = t.cellUnit(y, t.decimalComma(y)), "as its cells say"
		}
		if at := t.unitColumn(); unit == "" && at >= 0 && (c.kind == timeY || c.kind == latencyY) {
			r.unitAt, unit, from = at, t.rows[0].cells[at], fmt.Sprintf("as the column %q says", t.names[at])
		}
		if unit == "" {
			unit, from = "s", "no unit is named"
		} else if in.options.Unit == "" && (c.kind == timeY || c.kind == latencyY) {
			r.told = true
		}
		f, ok := secondsIn(unit)
		if !ok {
			return nil, &ColumnError{fmt.Sprintf("%s is not a unit of time: write ns, us, ms, s, min or h: %s", unit, in.options.command(func(o *Options) { o.Unit = "ms" }))}
		}
		said := "in " + longUnit(unit) + " (" + from + ")"
		switch {
		case c.kind == speedupY:
			if f, said = 1, ""; strings.Contains(t.names[y], "%") {
				f, said = 0.01, "in percent (as its name says)"
			}
		case c.kind == rateY && in.options.Unit != "":
			f, said = 1/f, "a "+longUnit(unit)+" ("+from+")"
		case c.kind == rateY:
			if f, said = rateFactor(rateUnit(t.names[y])), ""; f != 1 {
				said = "in " + rateUnit(t.names[y]) + " (as its name says)"
			}
		}
		r.factor = append(r.factor, f)
		r.unit = append(r.unit, said)
	}
	return r, nil
}

func longUnit(unit string) string {
	f, _ := secondsIn(unit)
	for name, v := range map[string]float64{"nanoseconds": 1e-9, "microseconds": 1e-6, "milliseconds": 1e-3, "seconds": 1, "minutes": 60, "hours": 3600} {
		if v == f {
			return name
		}
	}
	return unit
}

// cellUnit is the unit that all cells of a column have, "" if they differ.
func (t *table) cellUnit(at int, comma bool) string {
	unit := ""
	for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
		if at >= len(r.cells) {
			continue
		}
		q, ok := parseQuantity(r.cells[at], comma)
		if _, isTime := secondsIn(q.unit); !ok || !isTime {
			continue
		}
		if unit == "" {
			unit = q.unit
		}
	}
	return unit
}

// unitColumn is the column that has a unit of time in each row: its name is unit; -1 if
// there is none.
func (t *table) unitColumn() int {
	for i, name := range t.names {
		if w := wordsOf(name); len(w) == 0 || w[len(w)-1] != "unit" && w[len(w)-1] != "units" || t.header == 0 {
			continue
		}
		if !slices.ContainsFunc(t.cells(i), func(c string) bool { _, ok := secondsIn(labelText(c)); return !ok }) {
			return i
		}
	}
	return -1
}

// units say in which unit times are and what a comma is, for a note. open says
// that a comma may be something else.
func (r *tableReader) units(o Options) (list []string, open bool) {
	if r.unit[0] != "" {
		list = append(list, r.unit[0])
	}
	if r.kind == latencyY {
		list = append(list, "and the throughput is x / latency (Little)")
	}
	if text := r.t.saysComma(o, append([]int{r.columns.x}, r.ys...)...); text != "" {
		list = append(list, text)
		open = strings.Contains(text, " if ")
	}
	return list, open
}

// row takes one row. The x axis may be any load above 0.
func (r *tableReader) row(in *input, row row) error {
	if len(row.cells) < len(r.t.names) && !r.has(row) && row.width < len(r.t.names) || len(row.cells) > len(r.t.names) {
		return fmt.Errorf("%d fields, the first row has %d", len(row.cells), len(r.t.names))
	}
	for len(row.cells) < len(r.t.names) {
		row.cells = append(slices.Clip(row.cells), "")
	}
	x := quantity{value: 1}
	if at := r.columns.x; at >= 0 {
		var ok bool
		if x, ok = r.t.level(row.cells[at], at); !ok || !(x.value > 0) {
			_, err := r.positive(r.t.names[at], row.cells[at], r.t.decimalComma(at))
			return err
		}
		if isSerial(row.cells[at]) && !r.serial.take(row, r.series(row, r.ys[0])) {
			return nil
		}
	}
	var errs []error
	for i, y := range r.ys {
		if isAbsent(row.cells[y]) {
			r.blank.add(row.line)
			continue
		}
		q, err := r.positive(r.t.names[y], row.cells[y], r.t.decimalComma(y))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		m := Measurement{Tasks: 1, Time: q.value}
		switch f, isTime := secondsIn(q.unit); {
		case r.kind == rateY, r.kind == speedupY:
			f := rateFactor(q.unit)
			if q.unit == "" || in.options.Unit != "" {
				f = r.factor[i]
			}
			if r.shares {
				f *= x.value
			}
			if m.Time = 1 / (q.value * f); m.Time == 0 || math.IsInf(m.Time, 0) {
				return fmt.Errorf("%s is %s: too extreme for a throughput", r.t.names[y], row.cells[y])
			}
		case isTime && in.options.Unit == "":
			m.Time *= f
		case r.unitAt >= 0:
			f, ok := secondsIn(labelText(row.cells[r.unitAt]))
			if !ok {
				return fmt.Errorf("%s is %q: write ns, us, ms, s, min or h", r.t.names[r.unitAt], row.cells[r.unitAt])
			}
			m.Time *= f
		default:
			m.Time *= r.factor[i]
		}
		if r.kind == latencyY {
			m.Time /= x.value
		}
		if !(m.Time > 0) || math.IsInf(m.Time, 0) {
			return fmt.Errorf("%s is %s: too extreme for a time", r.t.names[y], row.cells[y])
		}
		l := label{series: r.series(row, y), x: r.x, workers: x.value, speedup: r.kind == speedupY}
		if at := r.columns.label; at >= 0 {
			l = label{kind: r.t.labelKind(at), text: labelText(row.cells[at]), speedup: l.speedup}
			if len(r.columns.series) > 0 || r.apart {
				l.text = r.series(row, y) + "/" + l.text
			}
		}
		in.add(l, row.line, &m)
	}
	return errors.Join(errs...)
}

// has reports whether a row that is short has the cells that are needed.
func (r *tableReader) has(row row) bool {
	n := len(row.cells)
	return r.columns.x < n && r.columns.label < n && !slices.ContainsFunc(append(slices.Clone(r.ys), r.columns.series...), func(at int) bool { return at >= n })
}

func (r *tableReader) positive(name, cell string, comma bool) (quantity, error) {
	q, ok := parseQuantity(cell, comma)
	if !ok && isFailure(cell) {
		return q, fmt.Errorf("left out: the run failed: %q is %q", name, cell)
	}
	if !ok || !(q.value > 0) {
		return q, fmt.Errorf("%s is %q: a number above 0 is needed", name, cell)
	}
	return q, nil
}

// series is the name of the series of a value.
func (r *tableReader) series(row row, y int) string {
	var parts []string
	for _, at := range r.columns.series {
		v := row.cells[at]
		if isNumber(v) && r.t.header > 0 {
			v = r.t.names[at] + "=" + v
		} else {
			v = labelText(v)
		}
		if v != "" {
			parts = append(parts, v)
		}
	}
	if r.apart {
		parts = append(parts, r.t.uniqueName(y))
	}
	if len(parts) == 0 {
		return tableName(r.file)
	}
	return strings.Join(parts, "/")
}

// uniqueName is the name of a column, with its number where others have the same.
func (t *table) uniqueName(at int) string {
	if n := t.flagName(at); n != t.names[at] {
		return strings.TrimSpace(t.names[at] + " " + n)
	}
	return t.names[at]
}

// tableName is the series of a table that has but one: the name of its file.
func tableName(file string) string {
	return strings.ReplaceAll(cmp.Or(filepath.Base(filepath.ToSlash(file)), file), "/", "-")
}
