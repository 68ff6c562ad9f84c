package read

import (
	"math"
	"slices"
	"strings"
)

// A comma is what a comma in the numbers of a column is.
type comma struct {
	decimal bool   // it is the decimal point; else it marks thousands
	seen    bool   // some number has one
	why     string // why it was taken so, where the numbers do not say it; "" where they do
	point   bool   // the numbers have points, which mark thousands because other columns have decimal commas
}

// Values of [Options.Comma].
const (
	CommaDecimal   = "decimal"
	CommaThousands = "thousands"
)

// commaVerdict is what the cells of one column say of a comma in them.
type commaVerdict int

const (
	noComma commaVerdict = iota
	openComma
	decimalComma
	thousandsComma
)

// commasOf decides what a comma is in each column. Where the cells of a column do
// not say it, as in 12,345 alone, those of the other columns may: who writes 0,5
// in one writes no thousands with commas in another. Where nothing says it, a
// comma is the decimal point if semicolons separate the columns.
func commasOf(t *table, semicolons bool) []comma {
	verdicts := make([]commaVerdict, len(t.names))
	point := false
	for i := range t.names {
		cells := t.cells(i)
		verdicts[i] = commaIn(cells)
		point = point || verdicts[i] == noComma && slices.ContainsFunc(cells, hasPoint)
	}
	decimal := slices.Contains(verdicts, decimalComma)
	thousands := slices.Contains(verdicts, thousandsComma) || point
	all := make([]comma, len(t.names))
	for i, v := range verdicts {
		c := comma{decimal: v == decimalComma, seen: v != noComma}
		if v == openComma {
			switch {
			case decimal != thousands:
				c.decimal = decimal
			case semicolons:
				c.decimal, c.why = true, "semicolons separate the columns"
			default:
				c.why = "three digits follow each"
			}
		}
		if v == noComma && decimal && !thousands && t.pointGroups(i) {
			c = comma{decimal: true, seen: true, point: true}
		}
		all[i] = c
	}
	return all
}

// pointGroups reports whether the numbers of a column have points as marks of
// thousands, or may have: three digits follow each.
func (t *table) pointGroups(at int) bool {
	found := false
	for _, cell := range t.cells(at) {
		for _, c := range numbersOfCell(cell) {
			if strings.Contains(c, ".") && isNumber(c) {
				if _, ok := parseQuantity(c, true); hasPoint(c) || !ok {
					return false
				}
				found = true
			}
		}
	}
	return found
}

// cells are the cells of a column in the first rows.
func (t *table) cells(at int) (list []string) {
	for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
		if at < len(r.cells) {
			list = append(list, r.cells[at])
		}
	}
	return list
}

// commaIn says what a comma is by the cells of one column. It is a decimal point
// with other than three digits behind it, or with a zero or more than three digits
// in front. It marks thousands if there are two in a number, or a point behind it.
// Cells without a comma decide where one of the two readings puts them far from
// the rest.
func commaIn(cells []string) commaVerdict {
	seen := false
	asDecimal, asThousands := spread{}, spread{}
	if slices.ContainsFunc(cells, isList) {
		return noComma
	}
	for _, cell := range cells {
		for i, c := range numbersOfCell(cell) {
			if v := commaOf(c); v == decimalComma || v == thousandsComma {
				return v
			} else if v == openComma {
				seen = true
			}
			if i > 0 { // a spread says what a comma is, and not how large the numbers are
				continue
			}
			if q, ok := parseQuantity(c, true); ok && strings.Contains(c, ",") {
				asDecimal.add(q.value)
			} else if q, ok := parseQuantity(c, false); ok {
				asDecimal.add(q.value)
			}
			if q, ok := parseQuantity(c, false); ok {
				asThousands.add(q.value)
			}
		}
	}
	const far = 4
	switch d, t := asDecimal.ratio(), asThousands.ratio(); {
	case !seen:
		return noComma
	case d > far*t:
		return thousandsComma
	case t > far*d:
		return decimalComma
	}
	return openComma
}

// commaOf says what a comma is by one number without its unit.
func commaOf(c string) commaVerdict {
	at := strings.IndexByte(c, ',')
	if at < 0 {
		if strings.Count(c, ".") > 1 && isNumber(c) {
			return decimalComma // 1.234.567
		}
		return noComma
	}
	if !isNumber(c) {
		return noComma
	}
	end := at + 1
	for end < len(c) && isDigit(c[end]) {
		end++
	}
	switch digits := end - at - 1; {
	case strings.Count(c, ",") > 1, end < len(c) && c[end] == '.':
		return thousandsComma
	case digits != 3, at > 3, c[0] == '0', strings.Contains(c[:at], "."):
		return decimalComma
	}
	return openComma
}

// numbersOfCell are the numbers in a cell without their units: the value, and what
// stands behind ± or in parentheses.
func numbersOfCell(cell string) (list []string) {
	for i, part := range strings.FieldsFunc(strings.ReplaceAll(cell, "+/-", "±"), func(r rune) bool { return r == '±' || r == '(' || r == ')' }) {
		part = strings.TrimLeft(strings.TrimSpace(part), "*`~≈+-")
		end := strings.IndexFunc(part, func(r rune) bool { return !strings.ContainsRune("0123456789.,'_ \u00a0", r) })
		if end >= 0 && strings.ContainsAny(part[end:end+1], "eE:") && i == 0 {
			end = len(part) // 1,5e3 and 1:40,5 are numbers as a whole
		}
		if end < 0 {
			end = len(part)
		}
		if part = strings.TrimSpace(part[:end]); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// isList reports whether a cell has a list of numbers, as 0,1,2,3 of processors.
func isList(cell string) bool {
	c := strings.Trim(strings.TrimSpace(cell), `"'[]{}`)
	groups := strings.Split(c, ",")
	if len(groups) < 3 {
		return false
	}
	thousands := true
	for i, g := range groups {
		g = strings.TrimSpace(g)
		if g == "" || strings.Trim(g, "0123456789") != "" {
			return false
		}
		thousands = thousands && (i == 0 || len(g) == 3)
	}
	return !thousands
}

// A spread is the smallest and the largest of some numbers above 0.
type spread struct{ low, high float64 }

func (s *spread) add(v float64) {
	if !(v > 0) {
		return
	}
	if s.low == 0 || v < s.low {
		s.low = v
	}
	s.high = math.Max(s.high, v)
}

func (s spread) ratio() float64 {
	if s.low == 0 {
		return 1
	}
	return s.high / s.low
}

// hasPoint reports whether a number has a point that is no mark of thousands.
func hasPoint(cell string) bool {
	if list := numbersOfCell(cell); len(list) > 0 {
		cell = list[0]
	}
	at := strings.IndexByte(cell, '.')
	if at <= 0 || !isNumber(cell) || strings.Count(cell, ".") > 1 {
		return false
	}
	end := at + 1
	for end < len(cell) && isDigit(cell[end]) {
		end++
	}
	return end-at-1 != 3 || cell[0] == '0' || at > 3
}

// takeComma takes the user's word for what a comma is.
func (t *table) takeComma(o Options) {
	if o.Comma == "" {
		return
	}
	for i := range t.commas {
		t.commas[i] = comma{decimal: o.Comma == CommaDecimal, seen: true}
	}
}

// saysComma says what a comma was taken for in some columns, for a note; "" where
// none has one, or the user said it.
func (t *table) saysComma(o Options, at ...int) string {
	i := slices.IndexFunc(at, func(i int) bool { return i >= 0 && (t.commas[i].why != "" || t.commas[i].point) })
	if i < 0 {
		i = slices.IndexFunc(at, func(i int) bool { return i >= 0 && t.commas[i].seen })
	}
	if i < 0 || o.Comma != "" {
		return ""
	}
	c := t.commas[at[i]]
	if c.point {
		return "a point marks thousands (other columns have decimal commas; if it is the decimal point: " + o.command(func(o *Options) { o.Comma = CommaThousands }) + ")"
	}
	text, other := "a comma marks thousands", "is the decimal point"
	value := CommaDecimal
	if c.decimal {
		text, other, value = "a comma is the decimal point", "marks thousands", CommaThousands
	}
	if c.why == "" {
		return text
	}
	return text + " (" + c.why + "; if it " + other + ": " + o.command(func(o *Options) { o.Comma = value }) + ")"
}
