package read

import (
	"fmt"
	"slices"
	"strings"
)

// guessUnnamed takes the columns behind x as repeats of a time, where there is
// no header and they fall as times do.
func (t *table) guessUnnamed(in *input, c *columns) error {
	for i := range t.names {
		if i != c.x && t.numeric(i) {
			c.ys = append(c.ys, i)
		}
	}
	c.kind = timeY
	if len(c.ys) == 0 {
		return &ColumnError{fmt.Sprintf("%s: which column was measured? The columns are %s: %s", t.place(in), quoted(t.names), t.example(in))}
	}
	if len(c.ys) > 1 && !t.alike(c.ys) {
		if x := t.wholeBeside(c); x != "" {
			y := slices.IndexFunc(t.names, func(n string) bool { i := slices.Index(t.names, n); return t.numeric(i) && !t.whole(i) })
			with := func(x string) string {
				return in.options.command(func(o *Options) { o.X, o.Time = x, []string{t.names[y]} })
			}
			return &ColumnError{fmt.Sprintf("%s: there is no header, and columns %s and %s have whole numbers: which one counts the workers? %s, or %s", t.place(in), t.names[c.x], x, with(t.names[c.x]), with(x))}
		}
		var all []string
		for _, i := range c.ys {
			all = append(all, t.names[i])
		}
		return &ColumnError{fmt.Sprintf("%s: there is no header, and columns %s differ: which one was measured? %s", t.place(in), strings.Join(all, ", "),
			in.options.command(func(o *Options) { o.X, o.Time = t.names[c.x], all[:1] }))}
	}
	c.guess = append(c.guess, fmt.Sprintf("time is column %s", strings.Join(t.namesAt(c.ys), ", ")))
	return t.falls(in, c)
}

// wholeBeside is another column of whole numbers beside x, where one column only has other
// numbers; "" elsewhere.
func (t *table) wholeBeside(c *columns) string {
	beside, fractions := "", 0
	for _, i := range c.ys {
		switch {
		case !t.whole(i):
			fractions++
		case t.varies(i) && beside == "":
			beside = t.names[i]
		}
	}
	if fractions != 1 || !t.whole(c.x) {
		return ""
	}
	return beside
}

func (t *table) namesAt(at []int) (list []string) {
	for _, i := range at {
		list = append(list, t.names[i])
	}
	return list
}

// falls asks what a column without a name is where it does not fall as times do.
func (t *table) falls(in *input, c *columns) error {
	var xs, ys []float64
	for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
		x, okX := t.number(r, c.x)
		if y, ok := t.number(r, c.ys[0]); ok && okX {
			xs, ys = append(xs, x), append(ys, y)
		}
	}
	if len(xs) < 2 {
		return nil
	}
	low, high := 0, 0
	for i, x := range xs {
		if x < xs[low] {
			low = i
		}
		if x > xs[high] {
			high = i
		}
	}
	if ys[high] < ys[low] {
		return nil
	}
	x, y := t.flagName(c.x), t.flagName(c.ys[0])
	with := func(flag string) string {
		return in.options.command(func(o *Options) {
			o.X = x
			o.set(flag, y)
		})
	}
	return &ColumnError{fmt.Sprintf("%s: column %q grows with %q: is it a throughput, a speedup or a time? %s, or %s, or %s", t.place(in), t.names[c.ys[0]], t.names[c.x], with("--throughput"), with("--speedup"), with("--time"))}
}

// alike reports whether columns have about the same numbers in each row.
func (t *table) alike(at []int) bool {
	for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
		low, high := 0.0, 0.0
		for _, i := range at {
			if i >= len(r.cells) {
				continue
			}
			if q, ok := parseQuantity(r.cells[i], t.decimalComma(i)); ok {
				if low == 0 || q.value < low {
					low = q.value
				}
				high = max(high, q.value)
			}
		}
		if high > 2*low {
			return false
		}
	}
	return true
}

// repeats reports whether columns are one name with the numbers 1, 2, 3 …
func (t *table) repeats(at []int) bool {
	first, _, ok := stem(t.names[at[0]])
	from := 0
	for k, i := range at {
		s, n, numbered := stem(t.names[i])
		if k == 0 {
			from = n
		}
		ok = ok && numbered && s == first && n == from+k && from <= 1
	}
	return ok
}

// stem splits the number off a name, at its end or within: "run 3" is the third
// "run ".
func stem(name string) (text string, number int, ok bool) {
	all := digitsIn(name)
	if len(all) == 0 {
		return name, 0, false
	}
	n := all[len(all)-1]
	return name[:n.from] + "#" + name[n.to:], int(n.value), true
}
