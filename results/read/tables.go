package read

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"amdahl/results"
	"amdahl/results/words"
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
// say what they are. Where another header follows, so does another table.
func readTable(in *input, split splitter) error {
	head := in.peek()
	semicolons := separator(string(head)) == ';'
	var failed error
	next, stop := iter.Pull(func(yield func(row) bool) { failed = split(in, yield) })
	defer stop()
	source := &rowSource{rows: next, options: in.options}
	var left []error // why tables were left out
	tables := 0
	for n := 1; source.more(); n++ {
		rows, front := source.take(headRows)
		t, ok := newTable(rows, semicolons)
		if !ok {
			source.skip()
			continue
		}
		t.more, t.caption = source.next, source.title
		t.skipped.join(front)
		read, err := t.prepare(in)
		if err != nil {
			left = append(left, err)
			source.skip()
			continue
		}
		if tables++; n > 1 {
			in.newBlock(source.title)
		}
		if err := read(); err != nil {
			return err
		}
		t.tell(in)
	}
	switch {
	case tables > 0:
		for _, err := range left {
			in.note("a table was left out: %v", err)
		}
	case failed == nil && len(left) > 0:
		return left[0]
	}
	if tables == 0 && failed == nil {
		return fmt.Errorf("%w in %s: a table needs a header that names the columns, and rows of numbers", ErrNothing, in.name)
	}
	return failed
}

// each gives every row of a table to a function, those behind the first
// [headRows] as well, and complains about the rows of runs that failed.
func (t *table) each(in *input, do func(r row)) {
	for _, r := range t.failed {
		in.complain(r.line, strings.Join(r.cells, ","), "%s", r.why)
	}
	for _, r := range t.rows {
		if r.part {
			in.newBlock(r.title)
		}
		do(r)
	}
	if t.more == nil {
		return
	}
	t.rows = nil
	for r, ok := t.more(); ok; r, ok = t.more() {
		if !t.belongs(&r) {
			continue
		}
		if r.part {
			in.newBlock(r.title)
		}
		if why := t.failure(r); why != "" {
			in.complain(r.line, strings.Join(r.cells, ","), "%s", why)
			continue
		}
		do(r)
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
		t.caption = s.title
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
	if t.narrow != nil && in.options.X == "" && !t.isProse() {
		return nil, t.narrowHeader(in)
	}
	t.takeComma(in.options)
	t.findOutcomes(in.options)
	if len(t.rows) == 0 {
		f := t.failed[0]
		return nil, &results.Complaint{File: in.name, Line: f.line, What: fmt.Sprintf("%s of the table failed, first here: %s", allOf(len(t.failed), "run"), f.why), Text: strings.Join(f.cells, ",")}
	}
	if w, ok, err := t.asWide(in); err != nil {
		return nil, err
	} else if ok {
		return func() error { return w.read(in) }, nil
	}
	c, err := t.columnsOf(in)
	if err != nil {
		return nil, err
	}
	if err := t.mixedLevels(in, &c); err != nil {
		return nil, err
	}
	reader, err := t.reader(in, c)
	if err != nil {
		return nil, err
	}
	return func() error {
		units, open := reader.units(in.options)
		if len(c.guess) > 0 || reader.told || open {
			in.note("%s: %s", in.name, strings.Join(append(slices.Clone(c.guess), units...), ", "))
		}
		t.tellErrors(in)
		if len(c.guess) > 0 {
			in.tables = append(in.tables, &tableGuess{in.block, in.name, strings.Join(c.guess, ", ")})
		}
		t.each(in, func(r row) {
			if err := reader.row(in, r); err != nil {
				in.complain(r.line, strings.Join(r.cells, ","), "%s", err)
			}
		})
		if reader.blank.n > 0 {
			in.note("%s: nothing was measured in %s", in.name, reader.blank)
		}
		reader.serial.tell(in, reader.x)
		return nil
	}, nil
}

// narrowHeader complains about a header with fewer names than the rows have cells,
// as where commas separate the columns and are decimal points as well.
func (t *table) narrowHeader(in *input) error {
	names, cells := len(t.narrow.cells), len(t.rows[0].cells)
	what := fmt.Sprintf("%s:%d: the header has %s (%s), and the rows have %s", in.name, t.narrow.line, words.Count(names, "name"), quoted(t.narrow.cells), words.Count(cells, "cell"))
	if names == 2 && cells == 3 && !slices.ContainsFunc(t.rows, func(r row) bool {
		return slices.ContainsFunc(r.cells, func(c string) bool { return strings.Contains(c, ".") })
	}) {
		file := "FILE"
		if len(in.options.Args) == 1 {
			file = Quote(in.options.Args[0])
		}
		return &ColumnError{what + ": if the second comma of a row is a decimal point: sed 's/,/;/' " + file + " | " + in.options.command(func(o *Options) { o.Args = nil })}
	}
	return &ColumnError{what + ": name columns by their numbers: " + t.example(in)}
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
	t, ok := headTable(split(string(head)))
	return ok && len(t.rows) > 1
}

// allOf names all n of something: "the only run", "all 3 runs".
func allOf(n int, what string) string {
	if n == 1 {
		return "the only " + what
	}
	return "all " + words.Count(n, what)
}
