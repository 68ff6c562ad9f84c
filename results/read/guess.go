package read

import (
	"fmt"
	"slices"
	"strings"
)

// guessX takes the column whose name says that it counts workers.
func (t *table) guessX(in *input, c *columns) error {
	best, bestRank := -1, 0
	var candidates []int
	for i, name := range t.names {
		if slices.Contains(c.ys, i) || slices.Contains(c.series, i) || t.indexed && i == 0 {
			continue
		}
		r, rank := roleOf(name)
		if r != axisX || !t.numeric(i) {
			continue
		}
		if !t.varies(i) && len(t.rows) > 1 {
			continue
		}
		candidates = append(candidates, i)
		if best < 0 || rank < bestRank {
			best, bestRank = i, rank
		}
	}
	same := func(i int) bool { _, rank := roleOf(t.names[i]); return (rank < 20) == (bestRank < 20) }
	candidates = slices.DeleteFunc(candidates, func(i int) bool { return !same(i) })
	switch {
	case len(candidates) > 1 && bestRank < 20:
		var try []string
		for _, i := range candidates {
			try = append(try, in.options.command(func(o *Options) { o.X = t.flagName(i) }))
		}
		return &ColumnError{fmt.Sprintf("%s: several columns can be the workers: %s: choose the x axis: %s", t.place(in), quotedAt(t.names, candidates), strings.Join(try, ", or "))}
	case best >= 0:
		c.x = best
		c.guess = append(c.guess, fmt.Sprintf("x is the column %q", t.names[best]))
		return nil
	case t.header == 0 && t.whole(0) && t.varies(0) && t.numeric(1):
		c.x = 0
		c.guess = append(c.guess, "there is no header: x is column 1")
		return nil
	}
	for i := range t.names {
		if t.header > 0 && !slices.Contains(c.ys, i) && !slices.Contains(c.series, i) && t.hasWorkerUnits(i) {
			c.x = i
			c.guess = append(c.guess, fmt.Sprintf("x is the column %q", t.names[i]))
			return nil
		}
	}
	if c.label = t.labelColumn(c); c.label >= 0 {
		c.guess = append(c.guess, fmt.Sprintf("the numbers of workers are looked for in the column %q", t.names[c.label]))
		return nil
	}
	return &ColumnError{fmt.Sprintf("%s: which column counts the workers? The columns are %s: %s", t.place(in), quoted(t.names), t.example(in))}
}

// hasWorkerUnits reports whether the cells of a column are numbers of workers with
// their word behind them: "4 threads", and "serial" for one.
func (t *table) hasWorkerUnits(at int) bool {
	n := 0
	for _, c := range t.cells(at) {
		q, ok := t.level(c, at)
		if !ok {
			return false
		}
		if isWorkerWord(q.unit) {
			n++
		}
	}
	return n > 1
}

// labelColumn finds the first column of texts in which numbers stand that may be
// levels, and differ: "8 threads", "./a.out -t 8"; -1 if there is none.
func (t *table) labelColumn(c *columns) int {
	if t.header == 0 {
		return -1
	}
	for i := range t.names {
		if i == c.x || slices.Contains(c.ys, i) || slices.Contains(c.series, i) || t.someNumbers(i) {
			continue
		}
		with, differ, first := 0, false, 0.0
		for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
			if i >= len(r.cells) {
				continue
			}
			for _, n := range numbersIn(labelText(r.cells[i]), t.labelKind(i)) {
				if n.inBase && !isWorkerWord(n.word) {
					continue
				}
				if with++; with == 1 {
					first = n.value
				}
				differ = differ || n.value != first
				break
			}
		}
		if with > 1 && differ && 2*with >= min(len(t.rows), sampleRows) {
			return i
		}
	}
	return -1
}

// labelKind is how the texts of a column are read.
func (t *table) labelKind(at int) labelKind {
	if strings.EqualFold(t.names[at], "command") || strings.EqualFold(t.names[at], "cmd") {
		return command
	}
	return named
}

// labelText is a text of a column without the marks of Markdown.
func labelText(cell string) string { return strings.Trim(cell, "`*_ ") }

func quotedAt(names []string, at []int) string {
	var list []string
	for _, i := range at {
		list = append(list, names[i])
	}
	return quoted(list)
}

// guessY takes the column whose name says that it was measured: a time; else a
// throughput, a latency, a speedup.
func (t *table) guessY(in *input, c *columns) error {
	if t.header == 0 {
		return t.guessUnnamed(in, c)
	}
	taken := func(i int) bool {
		return i == c.x || i == c.label || slices.Contains(c.series, i) || t.indexed && i == 0 || !t.someNumbers(i)
	}
	for _, kind := range []role{timeY, rateY, latencyY, other, speedupY} {
		best, bestRank := []int(nil), 0
		for i, name := range t.names {
			if r, rank := roleOf(name); r == kind && !taken(i) && !(kind == timeY && t.unfitTime(i, c.x)) && !(kind == other && (unitOf(name) == "" || t.countsClients(c.x))) {
				switch {
				case best == nil || rank < bestRank:
					best, bestRank = []int{i}, rank
				case rank == bestRank:
					best = append(best, i)
				}
			}
		}
		if best == nil {
			continue
		}
		if kind == other { // Solver (ms), Halo (ms)
			kind = timeY
			if len(best) > 1 && !t.repeats(best) {
				c.apart = true
				c.ys, c.kind = best, kind
				c.guess = append(c.guess, fmt.Sprintf("the columns %s are times", quotedAt(t.names, best)))
				return nil
			}
		}
		if len(best) > 1 && !t.repeats(best) && t.proportional(best) {
			best = best[:1]
		}
		c.ys, c.kind = best, kind
		if len(best) > 1 && !t.repeats(best) {
			var try []string
			for _, i := range best {
				try = append(try, in.options.command(func(o *Options) {
					o.set(map[role]string{timeY: "--time", rateY: "--throughput", latencyY: "--latency", speedupY: "--speedup"}[kind], t.flagName(i))
				}))
			}
			if kind == timeY {
				var all []string
				for _, i := range best {
					all = append(all, t.flagName(i))
				}
				try = append(try, in.options.command(func(o *Options) { o.Time = all })+" for all")
			}
			return &ColumnError{fmt.Sprintf("%s: several columns can be what was measured: %s: %s", t.place(in), quotedAt(t.names, best), strings.Join(try, ", or "))}
		}
		c.guess = append(c.guess, fmt.Sprintf("%s is the column %s", measured[kind], quotedAt(t.names, best)))
		return nil
	}
	for i, name := range t.names {
		if !taken(i) && c.x >= 0 && t.numeric(i) && isEfficiency(name) {
			c.ys, c.kind, c.shares = []int{i}, speedupY, true
			c.guess = append(c.guess, fmt.Sprintf("speedup is x times the column %q", name))
			return nil
		}
	}
	var rest, runs []int
	for i, name := range t.names {
		if taken(i) {
			continue
		}
		if _, _, ok := stem(name); ok {
			runs = append(runs, i)
		}
		if r, _ := roleOf(name); r == other && (!t.whole(i) || t.cellUnit(i, false) != "") {
			rest = append(rest, i)
		}
	}
	if len(runs) > 1 && t.repeats(runs) {
		c.ys, c.kind = runs, timeY
		c.guess = append(c.guess, fmt.Sprintf("the columns %s are repeats of a time", quotedAt(t.names, runs)))
		return t.falls(in, c)
	}
	if timed := slices.DeleteFunc(slices.Clone(rest), func(i int) bool { return t.cellUnit(i, false) == "" }); len(timed) > 0 {
		c.ys, c.kind, c.apart = timed, timeY, len(timed) > 1
		c.guess = append(c.guess, fmt.Sprintf("the columns %s are times", quotedAt(t.names, timed)))
		return nil
	}
	if len(rest) == 0 {
		for i, name := range t.names {
			if r, _ := roleOf(name); r == other && !taken(i) && t.numeric(i) {
				rest = append(rest, i)
			}
		}
	}
	for i, name := range t.names { // whole numbers among columns of one kind
		first, _, ok := stem(name)
		if r, _ := roleOf(name); ok && r == other && !taken(i) && t.numeric(i) && !slices.Contains(rest, i) && slices.ContainsFunc(rest, func(k int) bool {
			s, _, _ := stem(t.names[k])
			return s == first
		}) {
			rest = append(rest, i)
		}
	}
	slices.Sort(rest)
	if len(rest) > 0 && c.x >= 0 {
		var all []string
		for _, i := range rest {
			all = append(all, t.flagName(i))
		}
		x := t.flagName(c.x)
		times := in.options.command(func(o *Options) { o.X, o.Time = x, all })
		speedups := in.options.command(func(o *Options) { o.X, o.Speedup = x, all[0] })
		if t.countsClients(c.x) {
			waits := in.options.command(func(o *Options) { o.X, o.Latency = x, all[0] })
			return &ColumnError{fmt.Sprintf("%s: which column was measured? The columns are %s: if the time that each client waits, %s, or if times for the work of all, %s", t.place(in), quoted(t.names), waits, times)}
		}
		return &ColumnError{fmt.Sprintf("%s: which column was measured? The columns are %s: if times, %s, or if speedups, %s", t.place(in), quoted(t.names), times, speedups)}
	}
	return &ColumnError{fmt.Sprintf("%s: which column was measured? The columns are %s: %s", t.place(in), quoted(t.names), t.example(in))}
}

var measured = map[role]string{timeY: "time", rateY: "throughput", latencyY: "latency", speedupY: "speedup"}

func (t *table) someNumbers(at int) bool {
	values, _ := t.numbers(at)
	return len(values) > 0
}

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

// countsClients reports whether a column counts clients, each of which waits for
// answers.
func (t *table) countsClients(x int) bool {
	return x >= 0 && slices.ContainsFunc(wordsOf(t.names[x]), func(w string) bool {
		return slices.Contains([]string{"client", "clients", "user", "users", "connection", "connections", "conns", "vus", "sessions", "concurrency", "concurrent"}, w)
	})
}

// isEfficiency reports whether a column is the speedup for each worker.
func isEfficiency(name string) bool {
	return slices.ContainsFunc(wordsOf(name), func(w string) bool {
		return w == "eff" || strings.HasPrefix(w, "efficien") || strings.HasPrefix(w, "eficienc") || strings.HasPrefix(w, "eficiênc") || strings.HasPrefix(w, "effizien")
	})
}
