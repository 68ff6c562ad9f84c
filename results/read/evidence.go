package read

import (
	"fmt"
	"math"
	"slices"
)

// unfitTime reports whether a column of times says nothing of the time for the
// work, which a throughput beside it does say: the times are the same at all
// levels, as the duration of a test is, for each series in its own way; or the
// work grows with the workers, as time × throughput does then.
func (t *table) unfitTime(at, x int) bool {
	times, _ := t.numbers(at)
	if len(times) < 2 {
		return false
	}
	fixed := slices.Max(times) <= 1.02*slices.Min(times) || t.sameAtLevels(at, x)
	for i, name := range t.names {
		if r, _ := roleOf(name); r != rateY || i == at {
			continue
		}
		rates, all := t.numbers(i)
		if !all {
			continue
		}
		if fixed && slices.Max(rates) > 1.2*slices.Min(rates) {
			return true
		}
		if x >= 0 && isThroughput(name) && t.workGrows(x, at, i) {
			return true
		}
	}
	return false
}

// sameAtLevels reports whether each level of x has the same times, in whatever order,
// so that the times tell series apart and not levels.
func (t *table) sameAtLevels(at, x int) bool {
	levels := map[float64][]float64{}
	for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
		n, okN := t.number(r, x)
		y, okY := t.number(r, at)
		if okN && okY {
			levels[n] = append(levels[n], y)
		}
	}
	if len(levels) < 2 {
		return false
	}
	var first []float64
	for _, times := range levels {
		slices.Sort(times)
		if first == nil {
			first = times
		}
		if !slices.EqualFunc(first, times, func(a, b float64) bool { return math.Abs(a-b) <= 0.02*a }) {
			return false
		}
	}
	return true
}

// isThroughput reports whether the name of a column says that it counts operations
// in a time.
func isThroughput(name string) bool {
	return perTime.MatchString(name) || slices.ContainsFunc(wordsOf(name), func(w string) bool {
		return slices.Contains([]string{"ops", "tput", "throughput", "qps", "rps", "tps", "mops", "kops", "iops"}, w)
	})
}

// proportional reports whether columns hold one quantity in several units.
func (t *table) proportional(at []int) bool {
	for _, i := range at[1:] {
		ratios := spread{}
		n := 0
		for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
			a, okA := t.number(r, at[0])
			b, okB := t.number(r, i)
			if okA && okB && a > 0 && b > 0 {
				ratios.add(a / b)
				n++
			}
		}
		if n < 2 || ratios.ratio() > 1.01 || !betweenUnits(ratios.high) {
			return false
		}
	}
	return true
}

// betweenUnits reports whether a ratio is that of two units of time: 1000, 60. Other ratios are of
// two quantities.
func betweenUnits(ratio float64) bool {
	ratio = max(ratio, 1/ratio)
	for _, f := range []float64{1, 60, 3600} {
		if power := math.Log10(ratio / f); math.Abs(power-math.Round(power)) < 0.01 {
			return true
		}
	}
	return false
}

// workGrows reports whether time × throughput grows in proportion to x from the
// lowest to the highest level.
func (t *table) workGrows(x, time, rate int) bool {
	type level struct{ n, work float64 }
	var low, high level
	for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
		n, ok := t.number(r, x)
		a, okTime := t.number(r, time)
		b, okRate := t.number(r, rate)
		if !ok || !okTime || !okRate || !(n > 0) {
			continue
		}
		if low.n == 0 || n < low.n {
			low = level{n, a * b}
		}
		if n > high.n {
			high = level{n, a * b}
		}
	}
	if high.n < 2*low.n || low.n == 0 {
		return false
	}
	share := math.Log(high.work/low.work) / math.Log(high.n/low.n)
	return share > 0.85 && share < 1.15
}

// mixedLevels asks what is what where one level of x has times that are far apart,
// and a column that was not taken varies within it. x was guessed.
func (t *table) mixedLevels(in *input, c *columns) error {
	const far = 2
	if in.options.X != "" || len(in.options.Series) > 0 || c.x < 0 || len(c.ys) != 1 || t.header == 0 {
		return nil
	}
	type level struct {
		first     row
		low, high float64
		varies    map[int]bool
	}
	levels := map[string]*level{}
	for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
		y, ok := t.number(r, c.ys[0])
		if !ok || c.x >= len(r.cells) || !(y > 0) {
			continue
		}
		key := r.cells[c.x]
		for _, at := range c.series {
			if at < len(r.cells) {
				key += "\x00" + r.cells[at]
			}
		}
		l := levels[key]
		if l == nil {
			levels[key] = &level{r, y, y, map[int]bool{}}
			continue
		}
		l.low, l.high = min(l.low, y), max(l.high, y)
		for i := range r.cells {
			if i < len(l.first.cells) && r.cells[i] != l.first.cells[i] {
				l.varies[i] = true
			}
		}
		if l.high <= far*l.low {
			continue
		}
		for i, name := range t.names {
			role, _ := roleOf(name)
			if !l.varies[i] || i == c.ys[0] || !t.whole(i) || role != other && role != axisX {
				continue
			}
			return &ColumnError{fmt.Sprintf("%s:%d: %q=%s has times or rates that differ %.2g times, and the column %q differs as well: is it the x axis, or does it tell series apart? %s, or %s", in.name, r.line, t.names[c.x], r.cells[c.x], l.high/l.low, name,
				in.options.command(func(o *Options) { o.X = t.flagName(i) }),
				in.options.command(func(o *Options) { o.X, o.Series = t.flagName(c.x), []string{t.flagName(i)} }))}
		}
	}
	return nil
}

// sizeColumn asks whether a column called n or p is a size: it goes far beyond
// numbers of workers, and the time grows with it. x was guessed.
func (t *table) sizeColumn(in *input, c *columns) error {
	if c.x < 0 || t.header == 0 || len(c.ys) == 0 {
		return nil
	}
	if _, rank := roleOf(t.names[c.x]); rank < 20 {
		return nil
	}
	var low, high struct{ n, y float64 }
	for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
		n, ok := t.number(r, c.x)
		y, okY := t.number(r, c.ys[0])
		if !ok || !okY || !(n > 0) || !(y > 0) {
			continue
		}
		if low.n == 0 || n < low.n {
			low.n, low.y = n, y
		}
		if n > high.n {
			high.n, high.y = n, y
		}
	}
	grows := c.kind == timeY && high.n > low.n && math.Log(high.y/low.y) > 0.5*math.Log(high.n/low.n)
	if high.n <= mostGuessed && !(high.n > manyWorkers && (grows || low.n > firstWorkers)) {
		return nil
	}
	return &ColumnError{fmt.Sprintf("%s: the column %q looks like a size (up to %g), and no other column counts workers: if it does: %s", t.place(in), t.names[c.x], high.n,
		in.options.command(func(o *Options) { o.X = t.flagName(c.x) }))}
}
