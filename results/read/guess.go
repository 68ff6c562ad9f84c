package read

import (
	"fmt"
	"slices"
	"strings"
)

// guessX takes the column whose name says that it counts workers.
func (t *table) guessX(in *input, c *columns) error {
	best, bestRank, constant := -1, 0, -1
	var candidates []int
	for i, name := range t.names {
		if slices.Contains(c.ys, i) || slices.Contains(c.series, i) || t.indexed && i == 0 {
			continue
		}
		r, rank := roleOf(name)
		if r != axisX || !t.numeric(i) && !(rank < 20 && (t.lettered(i) || t.mostlyNumbers(i))) {
			continue
		}
		if !t.varies(i) && len(t.rows) > 1 {
			if constant < 0 && rank < adjectiveRank {
				constant = i
			}
			continue
		}
		candidates = append(candidates, i)
		if best < 0 || rank < bestRank {
			best, bestRank = i, rank
		}
	}
	candidates = t.rivals(candidates, best, bestRank)
	switch {
	case len(candidates) > 1 && bestRank < 20:
		var try []string
		for _, i := range candidates {
			try = append(try, in.options.command(func(o *Options) { o.X = t.flagName(i) }))
		}
		return &ColumnError{fmt.Sprintf("%s: several columns can be the workers: %s: choose the x axis: %s", t.place(in), quotedAt(t.names, candidates), strings.Join(try, ", or "))}
	case best >= 0:
		c.x = best
		c.guess = append(c.guess, fmt.Sprintf("x is the column %q", t.names[best])+t.twin(best))
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
	if t.isProse() && !in.options.namesColumn() {
		return fmt.Errorf("%w in %s: it was read as a table, but no line names its columns: write one above it, as in threads,time (amdahl formats lists what can be read)", ErrNothing, in.name)
	}
	if constant >= 0 {
		c.x = constant
		c.guess = append(c.guess, fmt.Sprintf("x is the column %q, which has one value only", t.names[constant]))
		return nil
	}
	return &ColumnError{fmt.Sprintf("%s: which column counts the workers? The columns are %s: %s", t.place(in), quoted(t.names), t.example(in))}
}

// mostlyNumbers reports whether two thirds of the cells of a column are numbers: it is what its name
// says, and the other rows are complained about.
func (t *table) mostlyNumbers(at int) bool {
	values, _ := t.numbers(at)
	return 3*len(values) >= 2*min(len(t.rows), sampleRows) && len(values) > 1
}

// rivals are the columns that can be the workers as well as the best of them: not
// those of a worse kind, adjectives and fractions where others are none, nor those
// that have the same numbers.
func (t *table) rivals(candidates []int, best, bestRank int) (list []int) {
	for _, i := range candidates {
		_, rank := roleOf(t.names[i])
		switch {
		case i == best:
		case (rank < 20) != (bestRank < 20), rank >= adjectiveRank && bestRank < adjectiveRank,
			t.whole(best) && !t.whole(i) && !t.lettered(i), t.sameNumbers(i, best):
			continue
		}
		list = append(list, i)
	}
	return list
}

// twin names a column that counts workers and has the same numbers as another, for a
// note; "" if there is none.
func (t *table) twin(of int) string {
	for i, name := range t.names {
		if r, _ := roleOf(name); r == axisX && i != of && t.varies(i) && t.sameNumbers(i, of) {
			return fmt.Sprintf(" (column %d, %q, has the same numbers)", i+1, name)
		}
	}
	return ""
}

// sameNumbers reports whether two columns have one number in each row.
func (t *table) sameNumbers(a, b int) bool {
	return !slices.ContainsFunc(t.rows, func(r row) bool {
		v, okA := t.number(r, a)
		w, okB := t.number(r, b)
		return !okA || !okB || v != w
	})
}

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
	roleOf := func(name string) (role, int) { // parallel beside threads is a time, or whatever else
		r, rank := roleOf(name)
		if r == axisX && rank == adjectiveRank && c.x >= 0 {
			return other, 0
		}
		return r, rank
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
					o.set(yFlags[kind], t.flagName(i))
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
		if r, _ := roleOf(name); r == other && t.numeric(i) && (!t.whole(i) || t.cellUnit(i, false) != "" || slices.ContainsFunc(t.cells(i), hasPoint)) {
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
	for i, name := range t.names { // whole numbers among columns of one kind, or that fall as times do
		first, _, ok := stem(name)
		if r, _ := roleOf(name); r == other && !taken(i) && t.numeric(i) && !slices.Contains(rest, i) && len(rest) > 0 && (t.fallsWith(i, c.x) || ok && slices.ContainsFunc(rest, func(k int) bool {
			s, _, _ := stem(t.names[k])
			return s == first
		})) {
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
	if len(rest) > 0 && c.label >= 0 {
		var all []string
		for _, i := range rest {
			all = append(all, t.flagName(i))
		}
		return &ColumnError{fmt.Sprintf("%s: which column was measured? The columns are %s: %s", t.place(in), quoted(t.names), in.options.command(func(o *Options) { o.Time = all }))}
	}
	return &ColumnError{fmt.Sprintf("%s: which column was measured? The columns are %s: %s", t.place(in), quoted(t.names), t.example(in))}
}

// fallsWith reports whether the numbers of a column are smaller at the highest level than at the
// lowest.
func (t *table) fallsWith(at, x int) bool {
	var low, high struct{ n, y float64 }
	for _, r := range t.rows[:min(len(t.rows), sampleRows)] {
		n, ok := t.number(r, x)
		y, okY := t.number(r, at)
		if !ok || !okY {
			continue
		}
		if low.n == 0 || n < low.n {
			low.n, low.y = n, y
		}
		if n > high.n {
			high.n, high.y = n, y
		}
	}
	return high.y < low.y
}

var measured = map[role]string{timeY: "time", rateY: "throughput", latencyY: "latency", speedupY: "speedup"}

func (t *table) someNumbers(at int) bool {
	values, _ := t.numbers(at)
	return len(values) > 0
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
		return w == "eff" || strings.HasPrefix(w, "effic") || strings.HasPrefix(w, "eficienc") || strings.HasPrefix(w, "eficiênc") || strings.HasPrefix(w, "effizien")
	})
}
