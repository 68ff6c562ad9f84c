package read

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// A table is the rows of a file, and the names of its columns.
type table struct {
	names    []string
	header   int // line of the header; 0 without one
	rows     []row
	skipped  strays // lines in front of the table that are not of it
	trailing strays // lines between and behind the rows that are not of it
	indexed  bool   // the first column numbers the rows
	parts    bool   // some row behind the first begins a part
	titled   bool   // some part has a title

	index   int         // the columns of an index of pandas, whose cells are blank where they repeat; 0 where none can be
	indices []string    // their last values
	narrow  *row        // a header with fewer names than the rows have cells; nil if there is none
	commas  []comma     // what a comma in the numbers of each column is
	outcome []int       // the columns that say whether a run succeeded
	failed  []failedRow // the rows of runs that failed, of those held at once

	more func() (row, bool) // the rows behind rows; nil if there are none

	caption string // above the table; "" if there is none

	title  string // of the part that begins with the next row
	begins bool   // a part begins with the next row
	repeat bool   // the last line of text numbers a repeat: no part begins
}

type row struct {
	cells   []string
	line    int
	comment bool   // the line begins with #
	gap     bool   // blank lines stand in front
	width   int    // cells, with the blank ones at the end that cells lacks
	text    string // the line, where spaces separate the cells
	indent  int    // spaces in front of it

	part  bool   // the row begins a part of the table that text, a blank line or the header sets off
	title string // of that part; "" if it has none
}

// strays are lines of a text that are not of its table.
type strays struct{ n, first int }

func (s *strays) add(line int) {
	if s.n++; s.n == 1 {
		s.first = line
	}
}

// join adds lines in front of the others.
func (s *strays) join(front strays) {
	if s.n += front.n; front.n > 0 {
		s.first = front.first
	}
}

func (s strays) String() string {
	if s.n == 1 {
		return fmt.Sprintf("line %d", s.first)
	}
	return fmt.Sprintf("%d lines from line %d on", s.n, s.first)
}

// A splitter splits the text of a file into rows, and gives them to yield until
// that returns false.
type splitter func(in *input, yield func(row) bool) error

// splitCSV splits at commas, semicolons or tabs. A row that cannot be split is a
// complaint.
func splitCSV(in *input, yield func(row) bool) error {
	head := in.peek()
	c := csv.NewReader(in.text.r)
	c.Comma = separator(string(head))
	c.FieldsPerRecord = -1
	c.TrimLeadingSpace = c.Comma != '\t'
	end := 0 // line where the last row ended
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if p := (*csv.ParseError)(nil); errors.As(err, &p) {
			in.complain(p.Line, "", "%s", p.Err)
			continue
		} else if err != nil {
			return fmt.Errorf("%s: %w", in.name, err)
		}
		line, _ := c.FieldPos(0)
		gap := end > 0 && line > end+1
		end, _ = c.FieldPos(len(cells) - 1)
		end += strings.Count(cells[len(cells)-1], "\n")
		r := newRow(cells, line)
		r.gap = gap
		if !yield(r) {
			return nil
		}
	}
}

// allRows gives all rows of a file.
func allRows(in *input, split splitter) (rows []row, err error) {
	err = split(in, func(r row) bool { rows = append(rows, r); return true })
	return rows, err
}

// blank reports whether a row has nothing in its cells, as ",,," has.
func (r row) blank() bool { return strings.Join(r.cells, "") == "" }

func newRow(cells []string, line int) row {
	r := row{cells: cells, line: line}
	for i, c := range cells {
		if strings.IndexByte(c, 0x1b) >= 0 {
			c = string(uncoloured([]byte(c)))
		}
		cells[i] = strings.TrimSpace(strings.TrimPrefix(c, "\ufeff"))
	}
	if len(cells) > 0 && strings.HasPrefix(cells[0], "#") && !strings.HasPrefix(cells[0], "# of") && strings.TrimLeft(cells[0], "# ") != "" {
		if word := strings.TrimLeft(cells[0], "# "); strings.HasPrefix(cells[0], "# ") || !isWorkerWord(strings.Fields(word)[0]) {
			cells[0], r.comment = word, true
		}
	}
	r.width = len(cells)
	for len(cells) > 1 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	r.cells = cells
	return r
}

var (
	ruleLine  = regexp.MustCompile(`^[\s|+:=\-_─━═│┃┼╪╋├┤┌┐└┘┬┴╞╡╒╕╘╛╔╗╚╝╠╣╦╩╬╟╢╤╧╪┏┓┗┛┣┫┳┻╭╮╰╯]*$`)
	unitStart = regexp.MustCompile(`^[(\[]`)
)

// boxPipes are the signs between the columns of tables in frames.
var boxPipes = strings.NewReplacer("│", "|", "┃", "|", "┆", "|", "║", "|", "╎", "|")

// splitPipes splits the rows of a table whose columns have pipes between them.
// Other lines are not of the table.
func splitPipes(in *input, yield func(row) bool) error {
	for {
		line, ok := in.text.next()
		if !ok {
			return in.text.failure(in.name)
		}
		text := strings.TrimSpace(string(quotedLine(line)))
		if in.text.tooLong {
			in.complain(in.text.number, text, "this line is longer than 64 KiB, and was left out")
			continue
		}
		text = boxPipes.Replace(text)
		if ruleLine.MatchString(text) && text != "" {
			continue
		}
		if !strings.Contains(text, "|") {
			if raw := strings.TrimSpace(string(uncoloured(line))); strings.HasPrefix(raw, "#") { // a heading
				text = raw
			}
			if !yield(row{cells: []string{text}, line: in.text.number}) {
				return nil
			}
			continue
		}
		text = strings.TrimSuffix(strings.TrimPrefix(text, "|"), "|")
		cells := strings.Split(text, "|")
		for i, c := range cells {
			cells[i] = markdownCell(c)
		}
		if !yield(newRow(cells, in.text.number)) {
			return nil
		}
	}
}

// splitSpaces splits the rows of a table whose columns have spaces between them.
// A number and its unit are one cell, and a name and its unit are.
func splitSpaces(in *input, yield func(row) bool) error {
	gap := false
	for {
		line, ok := in.text.next()
		if !ok {
			return in.text.failure(in.name)
		}
		if in.text.tooLong {
			in.complain(in.text.number, string(line), "this line is longer than 64 KiB, and was left out")
			continue
		}
		whole := juliaRow(strings.TrimRight(string(quotedLine(line)), " \t\r\n"))
		text := strings.TrimSpace(whole)
		if text == "" {
			gap = true
			continue
		}
		if ruleLine.MatchString(text) || strings.HasPrefix(text, "```") {
			continue
		}
		cells := spaced(text)
		if isRepeatTitle(text) { // run 2
			cells = []string{text}
		}
		if len(cells) > 1 && cells[0] == "#" && cells[1] != "of" {
			cells = cells[1:]
			cells[0] = "# " + cells[0]
		}
		r := newRow(cells, in.text.number)
		r.text, r.gap, r.indent = text, gap, len(whole)-len(strings.TrimLeft(whole, " "))
		gap = false
		if !yield(r) {
			return nil
		}
	}
}

// spaced splits a line at spaces: at two and more if the parts are the same
// number as the columns, else at each.
func spaced(text string) []string {
	var cells []string
	for _, f := range strings.Fields(text) {
		if n := len(cells); n > 0 {
			last := cells[n-1]
			switch {
			case f == "±" || f == "+/-" || strings.HasSuffix(last, "±") || strings.HasSuffix(last, "+/-"),
				strings.Contains(last, "±") && (f == "%" || isTimeUnit(f)),
				isTimeUnit(f) && isNumber(last),
				unitStart.MatchString(f) && !isNumber(last) && (strings.ContainsAny(f, ")]") || isTimeUnit(strings.Trim(f, "([])"))),
				!strings.HasPrefix(last, "(") && strings.Count(last, "(") > strings.Count(last, ")") && !isNumber(last):
				cells[n-1] = last + " " + f
				continue
			}
		}
		if i := strings.IndexByte(f, '='); i > 0 && isNumber(strings.TrimRight(f[i+1:], ",;")) { // threads=4
			cells = append(cells, f[:i+1])
			f = f[i+1:]
		}
		cells = append(cells, f)
	}
	return cells
}

func isTimeUnit(s string) bool {
	_, ok := secondsIn(s)
	return ok && s != "m" && s != "h"
}

func isNumber(s string) bool {
	_, ok := parseQuantity(s, false)
	if !ok {
		_, ok = parseQuantity(s, true)
	}
	return ok
}

// quotedLine is a line without colours, and without the > of a mail or the ##
// of R in front.
func quotedLine(line []byte) []byte {
	line = uncoloured(line)
	for _, p := range []string{"> ", "## ", "#> "} {
		if rest, ok := bytes.CutPrefix(line, []byte(p)); ok {
			return rest
		}
	}
	return line
}
