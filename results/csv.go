package results

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// readCSV calls add for every row and bad for every row that cannot be a
// measurement. The first row names the columns; fields are separated by the
// first of tab, semicolon and comma that stands in it.
func readCSV(r io.Reader, file string, o Options, add func(*Measurement), bad func(error)) error {
	in := bufio.NewReader(r)
	head, err := in.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return fmt.Errorf("%s: %w", file, err)
	}
	c := csv.NewReader(in)
	c.Comma = separator(string(head))
	c.Comment = '#'
	c.TrimLeadingSpace = true
	c.ReuseRecord = true
	names, err := c.Read()
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%w in %s: the first row must name the columns", ErrNothing, file)
	} else if err != nil {
		return csvError(file, err)
	}
	cols, err := columnsOf(names, file, o)
	if err != nil {
		return err
	}
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if errors.Is(err, csv.ErrFieldCount) {
			line, _ := c.FieldPos(0)
			bad(&Complaint{File: file, Line: line, What: fmt.Sprintf("%d fields, the first row has %d", len(row), c.FieldsPerRecord), Text: strings.Join(row, string(c.Comma))})
			continue
		} else if err != nil {
			return csvError(file, err)
		}
		line, _ := c.FieldPos(0)
		m := Measurement{X: o.X, Series: file, Tasks: 1, Procs: 1, File: file, Line: line}
		if err := cols.row(&m, row); err != nil {
			bad(&Complaint{File: file, Line: line, What: err.Error(), Text: strings.Join(row, string(c.Comma))})
			continue
		}
		add(&m)
	}
}

// columns are the places of what is needed; series is -1 where all rows are
// one series.
type columns struct {
	x, y, series int
	rate         bool // y is tasks per second, not seconds per task
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
	c := columns{series: -1, rate: o.Throughput != "", xName: o.X}
	var err error
	if c.x, err = find("-x", o.X); err != nil {
		return c, err
	}
	flag := "--time or --throughput"
	c.yName = o.Time
	if c.rate {
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
			return fmt.Errorf("%s is %s: too extreme for a throughput", c.yName, row[c.y])
		}
	}
	if c.series >= 0 {
		m.Series = row[c.series]
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
		return &Complaint{File: file, Line: p.Line, What: p.Err.Error()}
	}
	return fmt.Errorf("%s: %w", file, err)
}

// A ColumnError says that a column is not there, or not named.
type ColumnError struct{ what string }

func (e *ColumnError) Error() string { return e.what }
