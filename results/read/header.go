package read

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// newTable finds the header and the rows of a table among the rows of a text.
// ok is false where there is no table.
// semicolons says that they separate the columns.
func newTable(rows []row, semicolons bool) (*table, bool) {
	padRows(rows)
	t := &table{}
	rows = t.frame(rows)
	width, first := body(rows)
	if width < 2 {
		return nil, false
	}
	begin := first
	if names, unnamed, ok := namedCells(rows, first, width); ok {
		rows, first, width = unnamed, 0, len(names)
		begin = 0
		t.names, t.header = names, unnamed[0].line
	} else if at := headerAbove(rows, first, width); at >= 0 {
		begin = at
		t.names, t.header = headerCells(rows[at], width), rows[at].line
	} else if wideHeader(rows[first]) && len(rows) > first+1 && isBody(rows[first+1], width) {
		t.names, t.header = slices.Clone(rows[first].cells), rows[first].line
		first++
	}
	for i, n := range t.names {
		t.names[i] = wholeName.ReplaceAllString(strings.Trim(n, "`*\""), "$1")
	}
	if first > begin+1 && isUnitRow(rows[first-1].cells) {
		for i, c := range rows[first-1].cells {
			if unit := strings.Trim(c, "[]() "); i < len(t.names) && strings.Trim(unit, "-—–") != "" {
				t.names[i] += " (" + unit + ")"
			}
		}
	}
	t.indexed = t.header > 0 && len(t.names) == width-1
	switch {
	case t.header == 0:
		for i := range width {
			t.names = append(t.names, strconv.Itoa(i+1))
		}
	case t.indexed:
		t.names = append([]string{""}, t.names...)
	}
	for _, r := range rows[:begin] {
		t.skipped.add(r.line)
		if t.header == 0 && len(r.cells) > 1 && len(r.cells) < width && slices.ContainsFunc(r.cells, saysRole) && !slices.ContainsFunc(r.cells, isNumber) {
			t.narrow = &r
		}
	}
	for _, r := range rows[min(begin+1, first):first] {
		if r.comment || len(r.cells) == 1 { // a title below the header
			t.belongs(&r)
		}
	}
	for _, r := range rows[first:] {
		if t.belongs(&r) {
			t.rows = append(t.rows, r)
			t.parts = t.parts || r.part && len(t.rows) > 1
			t.titled = t.titled || r.title != ""
		}
	}
	if len(t.rows) == 0 {
		return t, false
	}
	if t.parts && begin > 0 && !t.rows[0].part {
		t.rows[0].part, t.rows[0].title = true, strings.Join(rows[begin-1].cells, " ")
	}
	t.commas = commasOf(t, semicolons)
	return t, true
}

// wholeName is a number of workers that a program wrote as a fraction: 4.0.
var wholeName = regexp.MustCompile(`^(\d+)\.0+$`)

// belongs reports whether a row, which stands below the header, is one of the
// table. A part of the table begins behind its header where that stands again,
// behind a line of text or a comment, and behind a blank line.
func (t *table) belongs(r *row) bool {
	if r.gap && t.title == "" && !t.repeat {
		t.begins = true
	}
	width := len(t.names)
	text := ""
	t.fillIndex(r)
	r.pad(width)
	switch {
	case t.header > 0 && t.isHeader(r.cells):
		t.begins = true
		return false
	case r.comment:
		text = strings.Join(r.cells, " ")
	case len(r.cells) == 1 && r.cells[0] != "" && width > 1 && !isNumber(r.cells[0]):
		text = r.cells[0]
		t.trailing.add(r.line)
	case len(r.cells) != width && !hasNumber(*r):
		if !r.blank() {
			t.trailing.add(r.line)
		}
		return false
	default:
		r.part, r.title = t.begins, t.title
		t.begins, t.title, t.repeat = false, "", false
		return true
	}
	t.repeat = isRepeatTitle(text)
	if t.begins, t.title = !t.repeat, text; t.repeat {
		t.title = ""
	}
	return false
}

// isRepeatTitle reports whether a line of text numbers a repeat of what is
// measured, as "run 2" does.
func isRepeatTitle(text string) bool {
	name, _, ok := stem(text)
	if !ok {
		return false
	}
	words := wordsOf(strings.ReplaceAll(name, "#", " "))
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(repeatWords, w) })
}

// isUnitRow reports whether a row below a header has nothing but the units of its
// columns.
func isUnitRow(cells []string) bool {
	units := 0
	for _, c := range cells {
		c = strings.Trim(c, "[]() ")
		if _, ok := secondsIn(c); ok || strings.Contains(c, "/s") {
			units++
		} else if strings.Trim(c, "-—–#%1") != "" {
			return false
		}
	}
	return units > 0 && len(cells) > 1
}

// headerAbove finds the header above the first row of numbers; -1 if there is
// none. It has as many cells as the rows, or one less where the rows are numbered,
// and none of them is a number.
func headerAbove(rows []row, first, width int) int {
	for i := first - 1; i >= 0 && i >= first-3; i-- {
		r := row{cells: headerCells(rows[i], width)}
		if (isUnitRow(r.cells) || isTypeRow(r.cells)) && i > 0 {
			continue
		}
		if !slices.ContainsFunc(r.cells, isNumber) && (len(r.cells) == width || len(r.cells) == width-1 && len(r.cells) > 1 && numbered(rows, first, width)) {
			return i
		}
		if i == first-1 && wideHeader(r) && (len(r.cells) == width || len(r.cells) == width-1) {
			return i
		}
	}
	return -1
}

var wideSpace = regexp.MustCompile(`\s{2,}|\t`)

// headerCells are the names of the columns in a row. Where spaces separate them,
// names that have spaces are split at two and more; a comma in parentheses is of
// a name.
func headerCells(r row, width int) []string {
	if n := len(r.cells); r.text != "" && n != width {
		text := strings.TrimSpace(strings.TrimLeft(r.text, "#"))
		if cells := wideSpace.Split(text, -1); len(cells) == width || len(cells) == width-1 && n != width-1 {
			return cells
		}
	}
	cells := slices.Clone(r.cells)
	if len(cells) <= width {
		return cells
	}
	joined := cells[:0]
	open := 0
	for _, c := range cells {
		if open > 0 {
			joined[len(joined)-1] += ", " + c
		} else {
			joined = append(joined, c)
		}
		open += strings.Count(c, "(") - strings.Count(c, ")")
	}
	return joined
}

// numbered reports whether the first cells number the rows, from 0 or 1.
func numbered(rows []row, first, width int) bool {
	from, n := -1, 0
	level := 0.0
	for _, r := range rows[first:] {
		if !isBody(r, width) {
			continue
		}
		if r.text == "" && width == 3 { // 1,12,5 may be 1 and 12.5
			q, ok := parseQuantity(r.cells[1], false)
			if !ok || q.value < level {
				return false
			}
			level = q.value
		}
		v, err := strconv.Atoi(strings.Trim(r.cells[0], `"`))
		if err != nil {
			return false
		}
		if from < 0 {
			from = v
		}
		if v != from+n {
			return false
		}
		n++
	}
	return from == 0 || from == 1
}

// wideHeader reports whether a row is a header in which numbers of workers stand:
// a name, and then whole numbers that ascend.
func wideHeader(r row) bool {
	if len(r.cells) < 3 || isNumber(r.cells[0]) {
		return false
	}
	last, n, ended := 0.0, 0, false
	for _, c := range r.cells[1:] {
		q, ok := parseQuantity(c, false)
		v := int(q.value)
		if !ok || q.value != float64(v) || q.unit != "" && !isWorkerWord(q.unit) {
			if n == 0 { // it names the series
				continue
			}
			if role, _ := roleOf(c); role == other && !outcomeNames[bareWord(c)] {
				return false
			}
			ended = true
			continue
		}
		if ended || float64(v) <= last {
			return false
		}
		last = float64(v)
		n++
	}
	return n >= 2 && last <= 1<<20
}

// tell notes what was left out of a table.
func (t *table) tell(in *input) {
	if t.skipped.n > 0 {
		in.note("%s: %s in front of the table left out", in.name, t.skipped)
	}
	if t.trailing.n > 0 && !t.titled {
		in.note("%s: %s, not of the table, left out", in.name, t.trailing)
	}
}

// isHeader reports whether a row repeats the header.
func (t *table) isHeader(cells []string) bool {
	names := t.names
	if t.indexed {
		names = names[1:]
	}
	return slices.EqualFunc(cells, names, func(c, n string) bool {
		return wholeName.ReplaceAllString(strings.Trim(c, "`*\""), "$1") == n
	})
}
