package read

import (
	"slices"
	"strings"
)

// A rowSource gives the rows of one table after the other.
type rowSource struct {
	rows    func() (row, bool)
	options Options
	ahead   [2]row   // rows that were looked at
	looked  int      // how many of ahead
	header  []string // of the table whose rows are being given
	marked  bool     // header is a comment
	bodies  int      // rows of numbers that it has given
	last    string   // the last line of text
	title   string   // in front of the table whose rows are being given
	ended   bool     // another header has come
	gap     bool     // a blank row was left out
}

// peek gives the next row, 0, or the row behind it, 1. Rows of nothing but blank cells are
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
	s.header, s.bodies, s.ended, s.title = nil, 0, false, s.last
	return ok
}

// next gives the next row of a table.
func (s *rowSource) next() (row, bool) {
	r, ok := s.peek(0)
	if !ok || s.ended {
		return row{}, false
	}
	if s.isHeader(r) {
		switch {
		case s.header == nil:
			s.header, s.marked = r.cells, r.comment
		case r.comment && !s.marked: // a remark
		case s.bodies > 0 && !slices.Equal(r.cells, s.header):
			s.ended = true
			return row{}, false
		}
	}
	if s.header != nil && hasNumber(r) {
		s.bodies++
	}
	if s.last = ""; len(r.cells) == 1 && !isNumber(r.cells[0]) || r.comment {
		s.last = strings.Join(r.cells, " ")
	}
	s.ahead[0], s.ahead[1] = s.ahead[1], row{}
	s.looked--
	return r, true
}

// isHeader reports whether a row names the columns of the row behind it, which has
// numbers: some name says what the column is, or is one that the user named.
func (s *rowSource) isHeader(r row) bool {
	if len(r.cells) < 2 || slices.ContainsFunc(r.cells, isNumber) {
		return false
	}
	if behind, ok := s.peek(1); !ok || !isBody(behind, len(r.cells)) {
		return false
	}
	named := append(slices.Concat(s.options.Time, s.options.Series), s.options.X, s.options.Throughput, s.options.Latency, s.options.Speedup)
	return slices.ContainsFunc(r.cells, func(c string) bool { return saysRole(c) || c != "" && slices.Contains(named, c) })
}

// take gives at most so many rows of a table.
func (s *rowSource) take(most int) (rows []row) {
	for len(rows) < most {
		r, ok := s.next()
		if !ok {
			break
		}
		rows = append(rows, r)
	}
	return rows
}

// skip leaves out the rest of a table.
func (s *rowSource) skip() {
	for {
		if _, ok := s.next(); !ok {
			return
		}
	}
}
