package read

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"amdahl/results"
)

// CSV is a table with a header, of comma, semicolon or tab.
var CSV = Format{
	Name:  "CSV",
	Doc:   "a table with a header row, separated by commas, semicolons or tabs; `-x COLUMN` and `--time COLUMN`, `--throughput COLUMN` or `--speedup COLUMN`",
	Sniff: func(_ []byte, file string) bool { return strings.HasSuffix(strings.TrimSuffix(file, ".gz"), ".csv") },
	Read:  readCSV,
}

// readCSV adds every row, or complains about it. The first row names the
// columns; fields are separated by the first of tab, semicolon and comma that
// is in the row.
func readCSV(in *input) error {
	head, err := in.text.r.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return fmt.Errorf("%s: %w", in.name, err)
	}
	c := csv.NewReader(in.text.r)
	c.Comma = separator(string(head))
	c.Comment = '#'
	c.TrimLeadingSpace = true
	c.ReuseRecord = true
	names, err := c.Read()
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%w in %s: the first row must name the columns", ErrNothing, in.name)
	} else if err != nil {
		return csvError(in.name, err)
	}
	cols, err := columnsOf(names, in.name, in.options)
	if err != nil {
		return err
	}
	for {
		row, err := c.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !errors.Is(err, csv.ErrFieldCount):
			return csvError(in.name, err)
		}
		line, _ := c.FieldPos(0)
		m := Measurement{X: in.options.X, Name: results.ParseName(in.name), Tasks: 1, Procs: 1, File: in.name, Line: line}
		if err != nil {
			err = fmt.Errorf("%d fields, the first row has %d", len(row), c.FieldsPerRecord)
		} else {
			err = cols.row(&m, row)
		}
		if err != nil {
			in.complain(line, strings.Join(row, string(c.Comma)), "%s", err)
			continue
		}
		in.builder.add(&m)
	}
}

// columns are the places of what is needed; series is -1 where all rows are
// one series.
type columns struct {
	x, y, series int
	rate         bool // y is tasks per second or a speedup, not seconds per task
	xName, yName string
}

func columnsOf(names []string, file string, o Options) (columns, error) {
	at := map[string]int{}
	for i, n := range names {
		at[strings.TrimSpace(strings.TrimPrefix(n, "\ufeff"))] = i
	}
	find := func(flag, name string) (int, error) {
		i, ok := at[name]
		switch {
		case name == "":
			return 0, &ColumnError{fmt.Sprintf("%s:1: name the column for %s: the columns are %s", file, flag, strings.Join(names, ", "))}
		case !ok:
			return 0, &ColumnError{fmt.Sprintf("%s:1: no column %q for %s: the columns are %s", file, name, flag, strings.Join(names, ", "))}
		}
		return i, nil
	}
	c := columns{series: -1, rate: o.Throughput != "" || o.Speedup != "", xName: o.X}
	var err error
	if c.x, err = find("-x", o.X); err != nil {
		return c, err
	}
	flag := "--time, --throughput or --speedup"
	c.yName = o.Time
	if o.Speedup != "" {
		flag, c.yName = "--speedup", o.Speedup
	} else if c.rate {
		flag, c.yName = "--throughput", o.Throughput
	} else if o.Time != "" {
		flag = "--time"
	}
	if c.y, err = find(flag, c.yName); err != nil {
		return c, err
	}
	if o.Series != "" {
		c.series, err = find("--series", o.Series)
	}
	return c, err
}

// row puts one row into m. The x axis may be any load above 0.
func (c columns) row(m *Measurement, row []string) error {
	positive := func(name, s string) (float64, error) {
		v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		if err != nil || !(v > 0) || math.IsInf(v, 0) {
			return 0, fmt.Errorf("%s is %q: a number above 0 is needed", name, s)
		}
		return v, nil
	}
	var err error
	if m.Workers, err = positive(c.xName, row[c.x]); err != nil {
		return err
	}
	if m.Time, err = positive(c.yName, row[c.y]); err != nil {
		return err
	}
	if c.rate {
		if m.Time = 1 / m.Time; m.Time == 0 || math.IsInf(m.Time, 0) {
			return fmt.Errorf("%s is %s: too extreme for a rate", c.yName, row[c.y])
		}
	}
	if c.series >= 0 {
		m.Name = results.ParseName(row[c.series])
	}
	return nil
}

func separator(text string) rune {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, sep := range "\t;" {
			if strings.ContainsRune(line, sep) {
				return sep
			}
		}
		break
	}
	return ','
}

func csvError(file string, err error) error {
	if p := (*csv.ParseError)(nil); errors.As(err, &p) {
		return &results.Complaint{File: file, Line: p.Line, What: p.Err.Error()}
	}
	return fmt.Errorf("%s: %w", file, err)
}
