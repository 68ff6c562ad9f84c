package read

// serialRows are the rows of a table whose level is a word for one worker, such as
// serial.
type serialRows struct {
	hasOne map[string]bool // the series that have the level 1 as a number as well
	taken  strays
	left   strays
}

// findSerial finds the series that have the level 1 as a number.
func (r *tableReader) findSerial() {
	at := r.columns.x
	for _, row := range r.t.rows {
		if at >= len(row.cells) || isSerial(row.cells[at]) || !r.has(row) {
			continue
		}
		if q, ok := r.t.level(row.cells[at], at); ok && q.value == 1 {
			if r.serial.hasOne == nil {
				r.serial.hasOne = map[string]bool{}
			}
			r.serial.hasOne[r.series(row, r.ys[0])] = true
		}
	}
}

// take reports whether a row of a series is taken for one worker. It is not where
// the series has a row with the number 1 as well: a serial program and a parallel one
// with one worker are two programs.
func (s *serialRows) take(row row, series string) bool {
	if s.hasOne[series] {
		s.left.add(row.line)
		return false
	}
	s.taken.add(row.line)
	return true
}

// tell notes what was done with these rows.
func (s *serialRows) tell(in *input, column string) {
	if s.left.n > 0 {
		in.note("%s: %s left out: its %q is a word for a serial program, and another row has 1: they are two programs", in.name, s.left, column)
	}
	if s.taken.n > 0 {
		in.note("%s: %q in %s is a word for one worker, and was taken for 1", in.name, column, s.taken)
	}
}

// isSerialName reports whether the name of a column says that it holds the times of a
// serial program: serial, T_seq (s).
func isSerialName(name string) bool {
	found := false
	for _, w := range wordsOf(name) {
		if _, unit := secondsIn(w); isSerial(w) {
			found = true
		} else if r, _ := roleOf(w); !unit && r != timeY && r != axisX && w != "threaded" {
			return false
		}
	}
	return found
}
