package read

import "slices"

// padRows gives the rows below a header as many cells as that has, where a file
// has blank ones at the end.
func padRows(rows []row) {
	const near = 20
	width := 0
	for i, r := range rows {
		if width == 0 && i < near && len(r.cells) > 1 && (!slices.ContainsFunc(r.cells, isNumber) && slices.ContainsFunc(r.cells, saysRole) || wideHeader(r)) {
			width = len(r.cells)
		}
		rows[i].pad(width)
	}
}

// pad gives a row this many cells, if the file has them.
func (r *row) pad(width int) {
	if len(r.cells) < width && width <= r.width {
		r.cells = append(slices.Clip(r.cells), make([]string, width-len(r.cells))...)
	}
}

// saysRole reports whether the name of a column says that it counts workers or was
// measured.
func saysRole(name string) bool {
	r, _ := roleOf(name)
	return r == axisX || r == timeY || r == rateY || r == latencyY || r == speedupY
}

// body finds the width of the rows of numbers, and the first of them: the most
// frequent width, and of two that are equally frequent the first.
func body(rows []row) (width, first int) {
	count := map[int]int{}
	for _, r := range rows {
		if hasNumber(r) {
			count[len(r.cells)]++
		}
	}
	for _, r := range rows {
		if n := len(r.cells); n > 1 && hasNumber(r) && count[n] > count[width] {
			width = n
		}
	}
	first = slices.IndexFunc(rows, func(r row) bool { return isBody(r, width) })
	const near = 20
	for h := first + 1; first >= 0 && h+1 < min(len(rows), near); h++ { // a header further down, with rows that are more alike
		if len(rows[h].cells) == width && !slices.ContainsFunc(rows[h].cells, isNumber) && isBody(rows[h+1], width) && differs(rows[first], rows[h+1:], width) {
			return width, h + 1
		}
	}
	return width, first
}

// differs reports whether a row has no number where all rows of a table have one.
func differs(r row, rows []row, width int) bool {
	for i, c := range r.cells {
		if isNumber(c) {
			continue
		}
		if !slices.ContainsFunc(rows[:min(len(rows), 20)], func(other row) bool { return isBody(other, width) && !isNumber(other.cells[i]) }) {
			return true
		}
	}
	return false
}

// hasNumber reports whether a row has a number and is not a comment.
func hasNumber(r row) bool { return !r.comment && slices.ContainsFunc(r.cells, isNumber) }

func isBody(r row, width int) bool { return len(r.cells) == width && hasNumber(r) }

// isProse reports whether a table without a header is none, but a text or a log: most of its cells
// are words.
func (t *table) isProse() bool {
	cells, numbers := 0, 0
	for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
		for _, c := range r.cells {
			if cells++; isNumber(c) {
				numbers++
			}
		}
	}
	return t.header == 0 && (2*numbers <= cells || len(t.rows) < 2)
}
