package read

import (
	"slices"
	"strings"
)

// A rowSource gives the rows of one table after the other.
type rowSource struct {
	rows    func() (row, bool)
	options Options
	ahead   [4]row   // rows that were looked at
	looked  int      // how many of ahead
	header  []string // of the table whose rows are being given
	marked  bool     // header is a comment
	bodies  int      // rows of numbers that it has given
	loose   int      // rows of numbers in front of the header
	shape   []bool   // which cells of the last row of numbers are numbers
	last    string   // the last line of text
	title   string   // in front of the table whose rows are being given
	ended   bool     // another header has come
	gap     bool     // a blank row was left out
	taken   bool     // take has given its rows
	wide    bool     // a header with numbers of workers has come
}

// peek gives the next row, 0, or a row behind it. Rows of nothing but blank cells are
// blank lines.
func (s *rowSource) peek(n int) (row, bool) {
	for s.looked <= n {
		r, ok := s.rows()
		if !ok {
			return row{}, false
		}
		if r.blank() {
			s.gap = true
			continue
		}
		r.gap = r.gap || s.gap
		s.gap = false
		s.ahead[s.looked] = r
		s.looked++
	}
	return s.ahead[n], true
}

// more begins the next table, if there are rows.
func (s *rowSource) more() bool {
	_, ok := s.peek(0)
	s.header, s.bodies, s.loose, s.shape, s.ended, s.taken, s.wide, s.title = nil, 0, 0, nil, false, false, false, s.last
	return ok
}

// next gives the next row of a table.
func (s *rowSource) next() (row, bool) {
	r, ok := s.peek(0)
	if !ok || s.ended {
		return row{}, false
	}
	if s.isHeader(0) {
		switch {
		case s.header == nil && s.loose > 0 && (s.taken || s.wide): // what came was a log, or a table of another kind
			s.ended = true
			return row{}, false
		case s.header == nil:
			s.header, s.marked = r.cells, r.comment
		case r.comment && !s.marked: // a remark
		case s.bodies > 0 && !slices.Equal(r.cells, s.header):
			s.ended = true
			return row{}, false
		}
	} else if s.isTitle(r) {
		text := r.text
		if text == "" {
			text = strings.Join(r.cells, " ")
		}
		text = strings.Trim(text, "=-*~ ")
		r = row{cells: []string{text}, line: r.line, gap: r.gap, width: 1, text: r.text}
	}
	if hasNumber(r) {
		if s.header != nil {
			s.bodies++
		} else if len(r.cells) > 1 {
			s.loose++
			s.wide = s.wide || wideHeader(r)
		}
		s.shape = shapeOfRow(s.shape[:0], r)
	}
	if s.last = ""; len(r.cells) == 1 && !isNumber(r.cells[0]) || r.comment {
		s.last = strings.Join(r.cells, " ")
	}
	copy(s.ahead[:], s.ahead[1:])
	s.ahead[len(s.ahead)-1] = row{}
	s.looked--
	return r, true
}

// isHeader reports whether a row that was looked at names the columns of the rows behind
// it, which have numbers: some name says what the column is, or is one that the user named.
func (s *rowSource) isHeader(at int) bool {
	r, ok := s.peek(at)
	if !ok || len(r.cells) == 0 {
		return false
	}
	below, _ := s.peek(at + 1)
	if len(below.cells) > 0 && r.indent > 0 || len(r.cells) > 2 && r.text != "" {
		if third, ok := s.peek(at + 2); ok && frameNames(r, below, third) != nil {
			return true
		}
	}
	if len(r.cells) < 2 || slices.ContainsFunc(r.cells, isNumber) {
		return false
	}
	if isTypeRow(below.cells) || isUnitRow(below.cells) {
		below, _ = s.peek(at + 2)
	}
	n := len(below.cells)
	if n < 2 || !isBody(below, n) {
		return false
	}
	if len(r.cells) > n {
		r.cells = headerCells(r, n)
	}
	if len(r.cells) != n && !(below.text != "" && len(r.cells) == n-1 && isIndex(below.cells[0])) {
		return false
	}
	named := append(slices.Concat(s.options.Time, s.options.Series), s.options.X, s.options.Throughput, s.options.Latency, s.options.Speedup)
	return slices.ContainsFunc(r.cells, func(c string) bool { return saysRole(c) || c != "" && slices.Contains(named, c) })
}

// isIndex reports whether a cell numbers the first row of a data frame.
func isIndex(cell string) bool { return cell == "0" || cell == "1" }

// isTitle reports whether a row of several cells is a line of text above a header, as
// "Problem size 1000" is: it begins with a word, and has not its numbers where the rows of
// the table have theirs.
func (s *rowSource) isTitle(r row) bool {
	return len(r.cells) > 1 && !r.comment && !isNumber(r.cells[0]) && (r.text != "" || r.gap || s.header == nil) &&
		s.isHeader(1) && !slices.Equal(shapeOfRow(nil, r), s.shape)
}

// shapeOfRow appends which cells of a row are numbers.
func shapeOfRow(shape []bool, r row) []bool {
	for _, c := range r.cells {
		shape = append(shape, isNumber(c))
	}
	return shape
}

// take gives at most so many rows of a table. Rows of numbers in front of its header, as a
// log has them, are not of it: front is what they are.
func (s *rowSource) take(most int) (rows []row, front strays) {
	for len(rows) < most {
		began := s.header == nil
		r, ok := s.next()
		if !ok {
			break
		}
		if began && s.header != nil && s.loose > 0 {
			for _, r := range rows {
				front.add(r.line)
			}
			if n := len(rows) - 1; len(rows[n].cells) == 1 && !isNumber(rows[n].cells[0]) { // a title
				rows[0] = rows[n]
				rows = rows[:1]
			} else {
				rows = rows[:0]
			}
		}
		rows = append(rows, r)
	}
	s.taken = true
	return rows, front
}

// skip leaves out the rest of a table.
func (s *rowSource) skip() {
	for {
		if _, ok := s.next(); !ok {
			return
		}
	}
}

// headTable finds the first table with a header among rows, else the first table.
func headTable(rows []row) (*table, bool) {
	source := sliceSource(rows, Options{})
	var first *table
	for source.more() {
		rows, _ := source.take(len(rows))
		t, ok := newTable(rows, false)
		switch {
		case ok && t.header > 0:
			return t, true
		case ok && first == nil:
			first = t
		}
		source.skip()
	}
	return first, first != nil
}
