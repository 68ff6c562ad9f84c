package read

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// guessSeries takes the columns that tell the rows of a level apart: texts, and
// numbers that come back at other levels.
func (t *table) guessSeries(c *columns, o Options) {
	for i, name := range t.names {
		if i == t.unitColumn() || i == c.x || i == c.label || slices.Contains(c.ys, i) || t.indexed && i == 0 || c.x < 0 && t.someNumbers(i) || slices.Contains(t.outcome, i) {
			continue
		}
		r, rank := roleOf(name)
		if t.header == 0 {
			r = other
		}
		switch {
		case slices.ContainsFunc(c.series, func(k int) bool { return t.sameAs(i, k) }): // it says nothing more
		case !t.someNumbers(i) && (t.isMark(i, c.x) || t.header > 0 && t.isMeasured(i)): // it judges the levels, or is of each run
		case !t.someNumbers(i):
			if r != repeatOf && t.recurs(i, max(c.x, c.label), false) {
				c.series = append(c.series, i)
				if t.varies(i) {
					c.guess = append(c.guess, fmt.Sprintf("the column %q tells series apart", name))
				}
			}
		case (r == other || r == axisX) && t.varies(i) && t.recurs(i, c.x, true):
			c.series = append(c.series, i)
			c.guess = append(c.guess, fmt.Sprintf("the column %q varies within a level, so it tells series apart", name))
		case (r == other || r == axisX && rank >= 20) && c.x >= 0 && c.kind == timeY && !o.WorkPerWorker && t.grows(i, c.x):
			c.grows = append(c.grows, i)
			c.guess = append(c.guess, fmt.Sprintf("the column %q grows with x (if that is the work: --work-per-worker)", name))
		case r == other && c.x >= 0 && c.kind == timeY && !o.WorkPerWorker && t.climbs(i, c.x):
			c.guess = append(c.guess, fmt.Sprintf("the column %q grows with x, so that levels do different work: compare the times of one size", name))
		}
	}
}

// isMeasured reports whether a column that has no numbers with a unit that is known
// holds what was measured: it is blank, or its name says so.
func (t *table) isMeasured(at int) bool {
	r, _ := roleOf(t.names[at])
	quantities := r != other && r != axisX
	for _, c := range t.cells(at) {
		if !isAbsent(c) && !(quantities && startsWithDigit(c)) {
			return false
		}
	}
	return true
}

// isMark reports whether a column marks levels, with ✓ and ✗ or yes and no: it has
// one value at each level.
func (t *table) isMark(at, x int) bool {
	if x < 0 {
		return false
	}
	of := map[string]string{}
	for _, r := range t.rows {
		if at >= len(r.cells) || x >= len(r.cells) {
			continue
		}
		w := bareWord(r.cells[at])
		if first, ok := of[r.cells[x]]; ok && first != w || !yesWords[w] && !noWords[w] {
			return false
		}
		of[r.cells[x]] = w
	}
	return len(of) > 1
}

// sameAs reports whether two columns tell the same rows apart: each value of one
// stands beside one value of the other.
func (t *table) sameAs(a, b int) bool {
	forth, back := map[string]string{}, map[string]string{}
	for _, r := range t.rows {
		if a >= len(r.cells) || b >= len(r.cells) {
			continue
		}
		x, y := r.cells[a], r.cells[b]
		if f, ok := forth[x]; ok && f != y {
			return false
		}
		if f, ok := back[y]; ok && f != x {
			return false
		}
		forth[x], back[y] = y, x
	}
	return len(forth) > 1
}

// workSizes are the words for sizes of the work.
var workSizes = setOf(strings.Fields(`size sizes length items elements elems rows cols dim dims dimension dimensions grid mesh particles bodies points problem
	vertices edges resolution scale records keys`))

// climbs reports whether a column of sizes has another value at each level, and a larger one at a
// larger level.
func (t *table) climbs(at, x int) bool {
	if !slices.ContainsFunc(wordsOf(t.names[at]), func(w string) bool { return workSizes[w] }) || !t.numeric(at) {
		return false
	}
	sizes := map[float64]float64{}
	for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
		n, okN := t.number(r, x)
		size, ok := t.number(r, at)
		if first, seen := sizes[n]; !ok || !okN || seen && first != size {
			return false
		}
		sizes[n] = size
	}
	last := 0.0
	for _, n := range slices.Sorted(maps.Keys(sizes)) {
		if sizes[n] <= last {
			return false
		}
		last = sizes[n]
	}
	return len(sizes) > 1
}

// grows reports whether a column of sizes is in proportion to the level, or any column
// of whole numbers is exactly, from 16 a worker on: a few may be processors beside nodes.
func (t *table) grows(at, x int) bool {
	const many = 16
	near, fewest := 1e-6, 3
	if slices.ContainsFunc(append(wordsOf(t.names[at]), t.names[at]), isSizeWord) || plainWord(t.names[at]) == "n" {
		near, fewest = 0.1, 2
	}
	if !t.numeric(at) || near < 0.1 && !t.whole(at) {
		return false
	}
	levels := map[float64]bool{}
	share := 0.0
	for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
		n, okN := t.number(r, x)
		size, ok := t.number(r, at)
		if !ok || !okN || !(n > 0) || !(size > 0) {
			continue
		}
		if levels[n] = true; share == 0 {
			share = size / n
		}
		if q := size / n / share; q < 1-near || q > 1+near {
			return false
		}
	}
	return len(levels) >= fewest && (fewest == 2 || share >= many)
}

// growingWork asks whether a column that grows in proportion to x is the work of all
// workers, unless the user named both x and what was measured.
func (t *table) growingWork(in *input, c *columns) error {
	if o := in.options; len(c.grows) == 0 || o.X != "" && o.namesColumn() || len(c.ys) == 0 {
		return nil
	}
	ys := []string{}
	for _, y := range c.ys {
		ys = append(ys, t.flagName(y))
	}
	fixed := in.options.command(func(o *Options) {
		o.X = t.flagName(c.x)
		if o.set(yFlags[c.kind], ys[0]); c.kind == timeY {
			o.Time = ys
		}
	})
	name := t.names[c.grows[0]]
	return &ColumnError{fmt.Sprintf("%s: the column %q grows in proportion to %q: if it is the work of all, so that each worker does as much at every level: %s, or if every level does the same work: %s",
		t.place(in), name, t.names[c.x], in.options.command(func(o *Options) { o.WorkPerWorker = true }), fixed)}
}

// recurs reports whether the values of a column come back at other levels, as
// those of a series do. A number must vary within a level as well.
func (t *table) recurs(at, x int, number bool) bool {
	levels := map[string]map[string]bool{} // of each value
	values := map[string]string{}          // first of each level
	within := false
	for _, r := range t.rows {
		if at >= len(r.cells) || x >= len(r.cells) {
			continue
		}
		v, l := r.cells[at], r.cells[x]
		if levels[v] == nil {
			levels[v] = map[string]bool{}
		}
		if len(levels[v]) < 3 {
			levels[v][l] = true
		}
		if first, ok := values[l]; !ok {
			values[l] = v
		} else if first != v {
			within = true
		}
	}
	several, broad := 0, 0
	for _, l := range levels {
		if len(l) > 1 {
			several++
		}
		if 2*len(l) >= min(len(values), 6) {
			broad++
		}
	}
	if number { // a number that was measured comes back by chance
		return within && several == len(levels) && broad == len(levels)
	}
	return 2*several > len(levels) || within && 2*several == len(levels)
}
