package read

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"amdahl/results"
)

// A tableGuess is a file whose columns were found by their names.
type tableGuess struct {
	block *block
	name  string
	what  string // the columns
}

// readTable reads a table: the columns that the user named, or those whose names
// say what they are.
func readTable(in *input, split splitter) error {
	rows, comma, err := split(in)
	if err != nil {
		return err
	}
	t, ok := newTable(rows, comma)
	if !ok {
		return fmt.Errorf("%w in %s: a table needs a header that names the columns, and rows of numbers", ErrNothing, in.name)
	}
	read, err := t.prepare(in)
	if err != nil {
		return err
	}
	t.tell(in)
	return read()
}

// readTables reads the tables of a text in which other lines stand between them.
// Those that do not say what is what are left out, if another does.
func readTables(in *input, split splitter) error {
	rows, comma, err := split(in)
	if err != nil {
		return err
	}
	type found struct {
		title string
		read  func() error
	}
	var tables []found
	var failed []error
	for _, s := range segments(rows) {
		t, ok := newTable(s.rows, comma)
		if !ok {
			continue
		}
		read, err := t.prepare(in)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		tables = append(tables, found{s.title, read})
	}
	switch {
	case len(tables) == 0 && len(failed) > 0:
		return failed[0]
	case len(tables) == 0:
		return fmt.Errorf("%w in %s: a table needs a header that names the columns, and rows of numbers", ErrNothing, in.name)
	}
	for _, err := range failed {
		in.note("a table was left out: %v", err)
	}
	for i, t := range tables {
		if len(tables) > 1 {
			in.newBlock(cmp.Or(t.title, fmt.Sprintf("table %d", i+1)))
		}
		if err := t.read(); err != nil {
			return err
		}
	}
	return nil
}

// A segment is the rows of one table of a text, with the text above it.
type segment struct {
	title string
	rows  []row
}

// segments splits the rows of a text into tables: rows of several cells one
// after the other.
func segments(rows []row) (all []segment) {
	title, inside := "", false
	for _, r := range rows {
		if len(r.cells) < 2 {
			if text := strings.Join(r.cells, " "); text != "" {
				title = ""
				if titleLine.MatchString(text) && len(text) < 80 {
					title = plainTitle(text)
				}
			}
			inside = false
			continue
		}
		if !inside {
			inside = true
			if n := len(all); n == 0 || len(all[n-1].rows) > 2 || !slices.Equal(all[n-1].rows[0].cells, r.cells) {
				all = append(all, segment{title: title})
			}
		}
		s := &all[len(all)-1]
		s.rows = append(s.rows, r)
	}
	return all
}

// prepare finds what the columns of a table are, and gives a function that reads
// its rows.
func (t *table) prepare(in *input) (read func() error, err error) {
	if in.options.X == "" && !in.options.namesColumn() {
		if w, ok := t.wide(); ok {
			return func() error { return w.read(in) }, nil
		}
	}
	c, err := t.columnsOf(in)
	if err != nil {
		return nil, err
	}
	reader, err := t.reader(in, c)
	if err != nil {
		return nil, err
	}
	return func() error {
		if len(c.guess) > 0 || reader.told {
			in.note("%s: %s", in.name, strings.Join(append(c.guess, reader.units()...), ", "))
		}
		if len(c.guess) > 0 {
			in.tables = append(in.tables, &tableGuess{in.block, in.name, strings.Join(c.guess, ", ")})
		}
		for i, r := range t.rows {
			if k := slices.IndexFunc(t.titles, func(p part) bool { return p.from == i }); k >= 0 {
				in.newBlock(t.titles[k].title)
			}
			if err := reader.row(in, r); err != nil {
				in.complain(r.line, strings.Join(r.cells, ","), "%s", err)
			}
		}
		return nil
	}, nil
}

// A tableReader turns the rows of a table into measurements.
type tableReader struct {
	columns
	t      *table
	file   string
	x      string    // the name of the x axis
	factor []float64 // seconds in the unit of each of ys where the cell has none; 0 is to be told
	unit   []string  // the name of that unit, and where it is from
	comma  []bool    // a comma is the decimal point: of each column
	told   bool      // the file says the unit
}

func (t *table) reader(in *input, c columns) (*tableReader, error) {
	r := &tableReader{columns: c, t: t, file: in.name}
	if c.x >= 0 {
		r.x = t.names[c.x]
	}
	for i := range t.names {
		r.comma = append(r.comma, t.decimalComma(i))
	}
	for _, y := range c.ys {
		unit, from := in.options.Unit, "as --unit says"
		if unit == "" {
			unit, from = unitOf(t.names[y]), "as its name says"
		}
		if unit == "" {
			unit, from = t.cellUnit(y, r.comma[y]), "as its cells say"
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
		if c.kind == rateY || c.kind == speedupY {
			f = 1
		}
		r.factor = append(r.factor, f)
		r.unit = append(r.unit, "in "+longUnit(unit)+" ("+from+")")
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

// units say in which unit times are, for a note.
func (r *tableReader) units() (list []string) {
	if r.kind == timeY || r.kind == latencyY {
		list = append(list, r.unit[0])
	}
	if r.kind == latencyY {
		list = append(list, "and the throughput is x / latency (Little)")
	}
	for i, y := range r.ys {
		if r.comma[y] && i == 0 {
			list = append(list, "a comma is the decimal point")
		}
	}
	return list
}

// row takes one row. The x axis may be any load above 0.
func (r *tableReader) row(in *input, row row) error {
	if len(row.cells) < len(r.t.names) && !r.has(row) || len(row.cells) > len(r.t.names) {
		return fmt.Errorf("%d fields, the first row has %d", len(row.cells), len(r.t.names))
	}
	x := quantity{value: 1}
	if at := r.columns.x; at >= 0 {
		var err error
		if x, err = r.positive(r.t.names[at], row.cells[at], r.comma[at]); err != nil {
			return err
		}
	}
	var errs []error
	for i, y := range r.ys {
		q, err := r.positive(r.t.names[y], row.cells[y], r.comma[y])
		if err != nil {
			errs = append(errs, err)
			continue
		}
		m := Measurement{Tasks: 1, Time: q.value}
		switch f, isTime := secondsIn(q.unit); {
		case r.kind == rateY, r.kind == speedupY:
			if m.Time = 1 / q.value; m.Time == 0 || math.IsInf(m.Time, 0) {
				return fmt.Errorf("%s is %s: too extreme for a throughput", r.t.names[y], row.cells[y])
			}
		case isTime && in.options.Unit == "":
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
		}
		if v != "" {
			parts = append(parts, v)
		}
	}
	if r.apart {
		parts = append(parts, r.t.names[y])
	}
	if len(parts) == 0 {
		return tableName(r.file)
	}
	return strings.Join(parts, "/")
}

// tableName is the series of a table that has but one: the name of its file.
func tableName(file string) string {
	return strings.ReplaceAll(cmp.Or(filepath.Base(filepath.ToSlash(file)), file), "/", "-")
}

// refuseGuesses takes away what was read from tables by guesses where the
// other files are of other kinds: a table is then as likely a mistake.
func (s *session) refuseGuesses() {
	if !slices.ContainsFunc(s.formats, func(f Format) bool { return !f.Table }) {
		return
	}
	for _, g := range s.tables {
		file := g.block.file
		s.builder.order = slices.DeleteFunc(s.builder.order, func(r *record) bool { return r.block.file == file })
		s.failed = append(s.failed, &results.Complaint{File: g.name, Line: 1, What: fmt.Sprintf("left out: it is a table whose columns say nothing for certain (%s), and the other files are no tables: read it by itself: %s",
			g.what, s.options.command(func(o *Options) { o.Args = []string{g.block.path} }))})
	}
}

// isTable reports whether the beginning of a file has a table that is split so.
func isTable(head []byte, split func(text string) []row) bool {
	if hasGoText(head) {
		return false
	}
	t, ok := newTable(split(string(head)), false)
	return ok && len(t.rows) > 1
}
