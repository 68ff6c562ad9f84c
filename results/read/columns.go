package read

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// columns say what the columns of a table are.
type columns struct {
	x      int   // -1 where the level stands in the texts of label
	label  int   // the column with names in which a number is the level; -1 for none
	ys     []int // what was measured
	kind   role  // of ys
	apart  bool  // each of ys is a series of its own, not a repeat of one
	shares bool  // ys are efficiencies: the speedup is x times each
	series []int
	grows  []int    // columns that may be the work, which grows with x
	guess  []string // what was taken for what, for a note
}

// yFlags are the flags that name what was measured.
var yFlags = map[role]string{timeY: "--time", rateY: "--throughput", latencyY: "--latency", speedupY: "--speedup"}

// columnsOf finds the columns that the user named, and by their names those that
// the user did not.
func (t *table) columnsOf(in *input) (columns, error) {
	o := in.options
	c := columns{x: -1, label: -1}
	var err error
	if o.X != "" {
		if c.x, err = t.find(in, "-x", o.X); err != nil {
			if c.label = t.labelColumn(&c); c.label < 0 {
				return c, err
			}
		}
	}
	for _, y := range []struct {
		flag, name string
		kind       role
	}{{"--throughput", o.Throughput, rateY}, {"--latency", o.Latency, latencyY}, {"--speedup", o.Speedup, speedupY}} {
		if y.name == "" {
			continue
		}
		at, err := t.find(in, y.flag, y.name)
		if err != nil {
			return c, err
		}
		c.ys, c.kind = []int{at}, y.kind
	}
	if len(o.Time) > 0 {
		c.kind = timeY
		if at, err := t.find(in, "--time", strings.Join(o.Time, ",")); err == nil {
			c.ys = []int{at}
		} else {
			for _, name := range o.Time {
				at, err := t.find(in, "--time", name)
				if err != nil {
					return c, err
				}
				c.ys = append(c.ys, at)
			}
		}
		c.apart = len(c.ys) > 1 && !t.repeats(c.ys)
	}
	names := o.Series
	if _, err := t.find(in, "--series", strings.Join(names, ",")); err == nil && len(names) > 1 {
		names = []string{strings.Join(names, ",")}
	}
	for _, name := range names {
		at, err := t.find(in, "--series", name)
		if err != nil {
			return c, err
		}
		c.series = append(c.series, at)
	}
	guessed := c.x < 0 && c.label < 0
	if guessed {
		if err := t.guessX(in, &c); err != nil {
			return c, err
		}
	}
	if len(c.ys) == 0 {
		if err := t.guessY(in, &c); err != nil {
			return c, err
		}
	}
	if guessed {
		if err := t.sizeColumn(in, &c); err != nil {
			return c, err
		}
	}
	if c.label >= 0 && c.kind == latencyY {
		return c, &ColumnError{fmt.Sprintf("%s: a latency needs a column that counts the clients: %s", t.place(in), t.example(in))}
	}
	if len(o.Series) == 0 {
		t.guessSeries(&c, o)
		return c, t.growingWork(in, &c)
	}
	return c, nil
}

// find finds the column that a flag names: by the text of its header, with or
// without capitals, or by #N for the Nth.
func (t *table) find(in *input, flag, name string) (int, error) {
	for _, same := range []func(a string) bool{
		func(a string) bool { return a == name },
		func(a string) bool {
			return strings.EqualFold(strings.Join(strings.Fields(a), ""), strings.Join(strings.Fields(name), ""))
		},
	} {
		var at []int
		for i, n := range t.names {
			if same(n) {
				at = append(at, i)
			}
		}
		if len(at) == 1 {
			return at[0], nil
		}
		if len(at) > 1 {
			var try []string
			for _, i := range at {
				try = append(try, in.options.command(func(o *Options) { o.set(flag, fmt.Sprintf("#%d", i+1)) }))
			}
			return 0, &ColumnError{fmt.Sprintf("%s: %d columns have the name %q: name one by its number: %s", t.place(in), len(at), name, strings.Join(try, ", or "))}
		}
	}
	if k, err := strconv.Atoi(strings.TrimPrefix(name, "#")); err == nil && strings.HasPrefix(name, "#") && 1 <= k && k <= len(t.names) {
		return k - 1, nil
	}
	return 0, &ColumnError{fmt.Sprintf("%s: no column %q for %s: the columns are %s: %s", t.place(in), name, flag, quoted(t.names), t.example(in))}
}

// set sets the option of a flag that names a column.
func (o *Options) set(flag, name string) {
	switch flag {
	case "-x":
		o.X = name
	case "--time":
		o.Time = []string{name}
	case "--throughput":
		o.Throughput = name
	case "--latency":
		o.Latency = name
	case "--speedup":
		o.Speedup = name
	case "--series":
		o.Series = []string{name}
	}
}

// place is where the header is.
func (t *table) place(in *input) string {
	line := t.header
	if line == 0 && len(t.rows) > 0 {
		line = t.rows[0].line
	}
	return fmt.Sprintf("%s:%d", in.name, line)
}

func quoted(names []string) string {
	var list []string
	for i, n := range names {
		if i == 30 {
			list = append(list, "…")
			break
		}
		list = append(list, strconv.Quote(n))
	}
	return strings.Join(list, ", ")
}

// flagName is what a flag names a column by.
func (t *table) flagName(at int) string {
	n := 0
	for _, name := range t.names {
		if strings.EqualFold(name, t.names[at]) {
			n++
		}
	}
	if n > 1 || t.names[at] == "" {
		return fmt.Sprintf("#%d", at+1)
	}
	return t.names[at]
}

// example is a complete command with columns that can be right.
func (t *table) example(in *input) string {
	x, y := -1, -1
	kind := role(timeY)
	for i, name := range t.names {
		if t.indexed && i == 0 {
			continue
		}
		switch r, _ := roleOf(name); {
		case r == axisX && x < 0:
			x = i
		case (r == timeY || r == rateY || r == latencyY || r == speedupY) && y < 0:
			y, kind = i, r
		}
	}
	for i, name := range t.names {
		if r, _ := roleOf(name); x < 0 && i != y && t.whole(i) && r != derived {
			x = i
		}
	}
	for i, name := range t.names {
		if r, _ := roleOf(name); y < 0 && i != x && t.numeric(i) && !(t.indexed && i == 0) && r != derived {
			y = i
		}
	}
	for i, name := range t.names {
		if r, _ := roleOf(name); x < 0 && i != y && t.numeric(i) && r != derived {
			x = i
		}
	}
	for i := range t.names { // a percentile, if nothing else
		if y < 0 && i != x && t.numeric(i) && !(t.indexed && i == 0) {
			y = i
		}
	}
	if x < 0 || y < 0 {
		return "a table needs two columns with numbers, one that counts workers and one that was measured: put in what is missing; for examples type amdahl formats"
	}
	for _, at := range []int{x, y} {
		if cell, ok := t.unusable(at); ok {
			return fmt.Sprintf("no cell of %q is a number above 0, the first is %q: put numbers there", t.names[at], cell)
		}
	}
	return in.options.command(func(o *Options) {
		o.X, o.Time, o.Throughput, o.Latency, o.Speedup, o.Series = t.flagName(x), nil, "", "", "", nil
		o.set(yFlags[kind], t.flagName(y))
	})
}

// unusable reports whether a column has no number above 0, so that no command can use it,
// and gives its first cell.
func (t *table) unusable(at int) (first string, ok bool) {
	for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
		if at >= len(r.cells) {
			continue
		}
		if q, numeric := t.level(r.cells[at], at); numeric && q.value > 0 && !math.IsInf(q.value, 0) {
			return "", false
		}
		if !ok {
			first, ok = r.cells[at], true
		}
	}
	return first, ok
}

// sampleRows is how many rows are looked at to tell what a column is.
const sampleRows = 1000

// numbers are the numbers of a column in the first rows. all is false if other
// cells have something else than a word for a run that failed.
func (t *table) numbers(at int) (values []float64, all bool) {
	all = true
	comma := t.decimalComma(at)
	for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
		if at >= len(r.cells) {
			continue
		}
		if q, ok := parseQuantity(r.cells[at], comma); ok {
			values = append(values, q.value)
		} else if !isSerial(r.cells[at]) && !isSummary(r.cells[at]) && !isFailure(r.cells[at]) && !isAbsent(r.cells[at]) {
			all = false
		}
	}
	return values, all && len(values) > 0
}

// number is the number in a cell of a row.
func (t *table) number(r row, at int) (v float64, ok bool) {
	if at < 0 || at >= len(r.cells) {
		return 0, false
	}
	q, ok := parseQuantity(r.cells[at], t.decimalComma(at))
	return q.value, ok
}

func (t *table) numeric(at int) bool {
	_, all := t.numbers(at)
	return all
}

// whole reports whether a column has only whole numbers from 1.
func (t *table) whole(at int) bool {
	values, all := t.numbers(at)
	return all && !slices.ContainsFunc(values, func(v float64) bool { return v < 1 || v != math.Trunc(v) })
}

// decimalComma reports whether a comma in the numbers of a column is the decimal
// point.
func (t *table) decimalComma(at int) bool { return at < len(t.commas) && t.commas[at].decimal }

// varies reports whether a column has more than one value.
func (t *table) varies(at int) bool {
	return slices.ContainsFunc(t.rows, func(r row) bool {
		return at < len(r.cells) && len(t.rows[0].cells) > at && r.cells[at] != t.rows[0].cells[at]
	})
}
