package read

import (
	"cmp"
	"fmt"
	"iter"
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

// headRows is how many rows are held at once: what the columns are is decided by
// them, and the rows behind them are read one by one.
const headRows = 20_000

// readTable reads a table: the columns that the user named, or those whose names
// say what they are.
func readTable(in *input, split splitter) error {
	head, _ := in.text.r.Peek(sniffed)
	comma := separator(string(head)) == ';'
	var failed error
	next, stop := iter.Pull(func(yield func(row) bool) { failed = split(in, yield) })
	defer stop()
	var rows []row
	for len(rows) < headRows {
		r, ok := next()
		if !ok {
			break
		}
		rows = append(rows, r)
	}
	t, ok := newTable(rows, comma)
	if !ok {
		return cmp.Or(failed, fmt.Errorf("%w in %s: a table needs a header that names the columns, and rows of numbers", ErrNothing, in.name))
	}
	t.more = next
	read, err := t.prepare(in)
	if err != nil {
		return err
	}
	t.tell(in)
	if err := read(); err != nil {
		return err
	}
	return failed
}

// each gives every row of a table to a function, those behind the first
// [headRows] as well.
func (t *table) each(in *input, do func(r row)) {
	for i, r := range t.rows {
		if k := slices.IndexFunc(t.titles, func(p part) bool { return p.from == i }); k >= 0 {
			in.newBlock(t.titles[k].title)
		}
		do(r)
	}
	if t.more == nil {
		return
	}
	t.rows = nil
	for r, ok := t.more(); ok; r, ok = t.more() {
		if !r.comment && hasNumber(r) && !t.isHeader(r.cells, t.names) {
			do(r)
		}
	}
}

// readTables reads the tables of a text in which other lines stand between them.
// Those that do not say what is what are left out, if another does.
func readTables(in *input, split splitter) error {
	rows, err := allRows(in, split)
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
		t, ok := newTable(s.rows, false)
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
		t.each(in, func(r row) {
			if err := reader.row(in, r); err != nil {
				in.complain(r.line, strings.Join(r.cells, ","), "%s", err)
			}
		})
		return nil
	}, nil
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
