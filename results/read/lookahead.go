package read

import (
	"bufio"
	"bytes"
	"io"
	"slices"
)

// mostAhead bounds how much of a file is searched for the first lines of a format, behind
// the log of a program or lines of any length.
const mostAhead = 16 << 20

// chooseFormat chooses the format of a file, and returns a reader of the whole
// file. The beginning decides if it can. Where that is a log, the lines behind it do, each
// shape of line a few times. head is the text that decided.
func chooseFormat(r *bufio.Reader, file string, o Options) (f Format, head []byte, all *bufio.Reader) {
	first, _ := r.Peek(sniffed) // an error shows again when the file is read
	first = slices.Clone(first)
	f = formatOf(first, file, o)
	if len(first) < sniffed-8 || f.Name != GoText.Name && f.isSure(sniffable(first), o) || hasGoText(sniffable(first)) {
		return f, first, r
	}
	var text bytes.Buffer
	n, err := io.Copy(&text, io.LimitReader(r, mostAhead))
	rest := io.Reader(r)
	if err != nil {
		rest = failing{err}
	} else if n < mostAhead {
		rest = bytes.NewReader(nil)
	}
	all = bufio.NewReaderSize(io.MultiReader(bytes.NewReader(text.Bytes()), rest), sniffed)
	found, head := searchFormat(text.Bytes(), file, o)
	if head == nil || f.Table && !found.isSure(head, o) {
		return f, first, all
	}
	return found, head, all
}

// failing gives the error that ended a file.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// searchFormat finds the first format that surely recognises a part of a text, else the first
// table; head is nil if there is none. Parts are made of lines of which not many like them came
// before.
func searchFormat(text []byte, file string, o Options) (f Format, head []byte) {
	const often = 8
	for line := range bytes.Lines(text) {
		if len(line) < sniffed && bytes.Contains(line, benchmarkPrefix) && bytes.Contains(line, []byte("/op")) && benchmarkAt(uncoloured(line)) >= 0 {
			return GoText, text[:min(len(text), sniffed)]
		}
	}
	var maybe Format
	var maybeHead []byte
	seen := map[string]int{}
	part := make([]byte, 0, sniffed)
	try := func() bool {
		plain := uncoloured(part)
		f = formatOf(plain, file, o)
		switch {
		case f.Name == GoText.Name:
			return hasGoText(plain)
		case f.isSure(plain, o):
			return true
		case maybeHead == nil:
			maybe, maybeHead = f, slices.Clone(plain)
		}
		return false
	}
	for line := range bytes.Lines(text) {
		if len(line) > sniffed/4 {
			continue
		}
		s := lineShape(line)
		if seen[s]++; seen[s] > often {
			continue
		}
		if len(seen) > 100_000 {
			clear(seen)
		}
		if len(part)+len(line) > sniffed-8 {
			if try() {
				return f, part
			}
			const kept = sniffed / 8 // a table may have begun
			cut := part[len(part)-kept:]
			if i := bytes.IndexByte(cut, '\n'); i >= 0 {
				cut = cut[i+1:]
			}
			part = append(part[:0], cut...)
		}
		part = append(part, line...)
	}
	if try() {
		return f, part
	}
	return maybe, maybeHead
}

// lineShape is a line with one 0 for each number and one letter for each word in small
// letters.
func lineShape(line []byte) string {
	const most = 60
	shape := make([]byte, 0, most)
	last := byte(0)
	for _, c := range line {
		switch {
		case isDigit(c):
			c = '0'
		case c >= 'a' && c <= 'z':
			c = 'a'
		}
		if c == last && (c == '0' || c == 'a') {
			continue
		}
		if shape, last = append(shape, c), c; len(shape) == most {
			break
		}
	}
	return string(shape)
}

// isSure reports whether a table is one by more than its looks: its header says what a
// column is, or has a name that the user named; or it has no header and nothing but
// numbers, as a log has not.
func (f Format) isSure(head []byte, o Options) bool {
	var splits []func(string) []row
	switch f.Name {
	case CSV.Name:
		splits = append(splits, headCSV)
	case Markdown.Name:
		splits = append(splits, headPipes)
	case Columns.Name, DataFrame.Name:
		splits = append(splits, headSpaces)
	case Wide.Name:
		splits = append(splits, headCSV, headSpaces)
	default:
		return true
	}
	named := append(slices.Concat(o.Time, o.Series), o.X, o.Throughput, o.Latency, o.Speedup)
	for _, split := range splits {
		rows := split(string(head))
		source := sliceSource(rows, o)
		for {
			r, ok := source.peek(0)
			if !ok {
				break
			}
			below, _ := source.peek(1)
			if source.isHeader(0) || wideHeader(r) && isBody(below, len(r.cells)) {
				return true
			}
			source.next()
		}
		t, ok := headTable(rows)
		if !ok {
			continue
		}
		if t.header > 0 && slices.ContainsFunc(t.names, func(n string) bool { return n != "" && slices.Contains(named, n) }) {
			return true
		}
		if t.header == 0 && t.whole(0) && !slices.ContainsFunc(t.rows, func(r row) bool { return slices.ContainsFunc(r.cells, func(c string) bool { return !isNumber(c) }) }) {
			return true
		}
	}
	return false
}

// sliceSource gives rows that are at hand.
func sliceSource(rows []row, o Options) *rowSource {
	return &rowSource{options: o, rows: func() (row, bool) {
		if len(rows) == 0 {
			return row{}, false
		}
		r := rows[0]
		rows = rows[1:]
		return r, true
	}}
}
