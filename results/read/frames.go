package read

import (
	"regexp"
	"slices"
	"strings"
)

// typeWords are the types of columns that data frames print below their names: those of R,
// Julia, polars and DuckDB, in small letters. Of moreTypes, which are words of headers as
// well, a row must not consist.
var (
	typeWords = setOf(strings.Fields(`int int8 int16 int32 int64 i8 i16 i32 i64 uint8 uint16 uint32 uint64 u8 u16 u32 u64 f32 f64 float32 float64
		double dbl chr str string fct lgl varchar bigint smallint hugeint dttm drtn`))
	moreTypes = setOf(strings.Fields("float num char factor bool boolean logical text integer decimal date datetime time cat categorical enum any object ord real list ---"))
)

// isTypeRow reports whether a row below a header has nothing but the types of its
// columns: <int> <dbl>, i64 f64, Int64? String.
func isTypeRow(cells []string) bool {
	types := false
	for _, c := range cells {
		word := strings.ToLower(strings.Trim(c, "<>?[]"))
		if !typeWords[word] && !moreTypes[word] {
			return false
		}
		types = types || typeWords[word] || word != strings.ToLower(c)
	}
	return types
}

// juliaBar is what Julia puts between the numbers of rows and their cells.
var juliaBar = regexp.MustCompile(`^(\s*)(?:Row|\d*)(\s*)│([^│┆|]*)$`)

// juliaRow is a line of a data frame of Julia without its bar, and without the name of the
// numbers of rows.
func juliaRow(line string) string {
	at := strings.Index(line, "│")
	if at < 0 || !juliaBar.MatchString(line) {
		return line
	}
	return strings.Replace(line[:at], "Row", "   ", 1) + " " + line[at+len("│"):]
}

// frame brings a data frame whose index has a name, as pandas prints it, into the
// form of other tables: the names of the columns stand in one line, and those of the
// index in the next one.
//
//	           time  std        threads    1     2
//	variant threads             variant
//	base    1   100  0.5        base     100    55
//	        2    55  0.4        simd      50    30
//
// On the right a column stands for each value of threads.
func (t *table) frame(rows []row) []row {
	const near = 30
	for i := 1; i+1 < min(len(rows), near); i++ {
		names := frameNames(rows[i-1], rows[i], rows[i+1])
		if names == nil {
			continue
		}
		k := len(rows[i].cells)
		if i > 1 && isWords(rows[i-2]) && len(rows[i-2].cells) == 1 && rows[i-2].indent > 0 { // one name above those of all columns
			for at := k; at < len(names); at++ {
				names[at] = rows[i-2].cells[0] + " " + names[at]
			}
		}
		t.index = k
		rows = slices.Clone(rows[i:])
		rows[0] = row{cells: names, line: rows[0].line, width: len(names), gap: rows[0].gap}
		return t.fillIndices(rows)
	}
	return rows
}

// isWords reports whether a line of a text has words and no number.
func isWords(r row) bool {
	return r.text != "" && !r.comment && len(r.cells) > 0 && !slices.ContainsFunc(r.cells, isNumber)
}

// frameNames are the names of the columns of a data frame by its first lines: the names of
// the columns, those of the index, the first row; nil where these are others.
func frameNames(above, index, below row) (names []string) {
	k, width := len(index.cells), len(below.cells)
	if !isWords(index) || index.indent > 0 || !isBody(below, width) || width <= k || above.text == "" {
		return nil
	}
	names = slices.Clone(index.cells)
	switch {
	case isWords(above) && above.indent > 0 && len(above.cells) == width-k && (k > 1 || above.indent >= len(index.text)):
		return append(names, above.cells...)
	case above.indent == 0 && len(above.cells) == width-k+1 && width-k > 1 && !isNumber(above.cells[0]) && !slices.ContainsFunc(above.cells[1:], func(c string) bool { return !isNumber(c) }):
		word := ""
		if isWorkerWord(above.cells[0]) {
			word = " " + above.cells[0]
		}
		for _, c := range above.cells[1:] {
			names = append(names, c+word)
		}
		return names
	}
	return nil
}

// fillIndices gives each row the cells of the index that are blank because the row above has
// the same.
func (t *table) fillIndices(rows []row) []row {
	width := len(rows[0].cells)
	for i := range rows {
		t.fill(&rows[i], width)
	}
	return rows
}

// fillIndex does so for a row of the table that was not at hand.
func (t *table) fillIndex(r *row) { t.fill(r, len(t.names)) }

func (t *table) fill(r *row, width int) {
	if t.index < 2 || r.text == "" {
		return
	}
	if n := width - len(r.cells); n > 0 && n < t.index && n <= len(t.indices) && r.indent > 0 && hasNumber(*r) {
		r.cells = append(slices.Clone(t.indices[:n]), r.cells...)
		r.width = len(r.cells)
	}
	if len(r.cells) == width {
		t.indices = slices.Clone(r.cells[:t.index])
	}
}
