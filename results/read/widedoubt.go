package read

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"amdahl/results/stats"
)

// Cells is the name by which the user calls the numbers of a table with a column
// for each level, as in --speedup cells.
const Cells = "cells"

// asWide gives the table as one with a column for each level, if it is one. It is
// an error where the numbers in the names of its columns may be sizes or years,
// and the user does not say what they are.
func (t *table) asWide(in *input) (w wideTable, ok bool, err error) {
	o := in.options
	kind, said := o.saysCells()
	if said && slices.ContainsFunc(t.names, func(n string) bool { return strings.EqualFold(n, Cells) }) || o.namesColumn() && !said {
		return w, false, nil
	}
	word := ""
	if o.X != "" {
		if _, err := t.find(in, "-x", o.X); err == nil || !isWorkerWord(o.X) {
			return w, false, nil
		}
		word = o.X
	}
	w, ok = t.wide(word)
	if said {
		w.kind, w.shares = kind, false
	} else if ok && !w.said {
		w.kindByTitle(in)
	}
	why := ""
	switch {
	case ok && word == "":
		why = w.doubt(said)
	case !ok && word == "" && !said:
		w, why = t.wideSizes()
	}
	if why != "" {
		if !ofCells(why) && t.countsWorkers() {
			return w, false, nil
		}
		return w, false, t.sizesAsked(in, w, why)
	}
	if ok {
		err = w.takeSeries(in)
	}
	return w, ok, err
}

// kindByTitle takes the title of the table, or the name of the file, for what its numbers are,
// where these are no times.
func (w *wideTable) kindByTitle(in *input) {
	for _, title := range []struct{ text, what string }{{w.caption, "title"}, {tableName(in.name), "name of the file"}} {
		r, _ := roleOf(title.text)
		switch {
		case isEfficiency(title.text):
			w.kind, w.shares = speedupY, true
		case r == speedupY:
			w.kind = speedupY
		default:
			continue
		}
		w.said, w.source = true, "as the "+title.what+" says"
		return
	}
}

// saysCells reports whether the user said what the numbers of a table with a
// column for each level are, and what.
func (o Options) saysCells() (kind role, said bool) {
	switch {
	case slices.Equal(o.Time, []string{Cells}):
		return timeY, true
	case o.Throughput == Cells:
		return rateY, true
	case o.Latency == Cells:
		return latencyY, true
	case o.Speedup == Cells:
		return speedupY, true
	}
	return other, false
}

// countsWorkers reports whether a column counts workers, by its name or in the
// names of its rows.
func (t *table) countsWorkers() bool {
	for i, name := range t.names {
		if r, _ := roleOf(name); r == axisX && t.numeric(i) {
			return true
		}
	}
	return t.labelColumn(&columns{x: -1, label: -1}) >= 0
}

// sizesAsked is the question what the numbers in the names of columns are.
func (t *table) sizesAsked(in *input, w wideTable, why string) error {
	var names []string
	for _, l := range w.levels {
		names = append(names, t.names[l.at])
	}
	if ofCells(why) {
		with := func(flag string) string {
			return in.options.command(func(o *Options) { o.set(flag, Cells) })
		}
		what := "the numbers grow with"
		switch why {
		case fallingRatios:
			what = "the ratios do not grow with"
		case onesAtFirst:
			what = "the numbers are all 1 in the first of"
		}
		return &ColumnError{fmt.Sprintf("%s: %s the columns %s: are they times, throughputs or speedups? %s, or %s, or %s",
			t.place(in), what, quoted(names), with("--time"), with("--throughput"), with("--speedup"))}
	}
	with := func(change func(*Options)) string {
		return in.options.command(func(o *Options) {
			o.X = "threads"
			change(o)
		})
	}
	return &ColumnError{fmt.Sprintf("%s: the columns %s %s, and no other column counts workers: if they do count workers, the cells are times: %s, or throughputs: %s, or speedups: %s",
		t.place(in), quoted(names), why, with(func(*Options) {}), with(func(o *Options) { o.Throughput = Cells }), with(func(o *Options) { o.Speedup = Cells }))}
}

// takeSeries takes the columns that the user named as the names of the series.
func (w *wideTable) takeSeries(in *input) error {
	if len(in.options.Series) == 0 {
		return nil
	}
	w.others = nil
	for _, name := range in.options.Series {
		at, err := w.find(in, "--series", name)
		if err != nil {
			return err
		}
		if w.others = append(w.others, at); w.sizes == nil {
			w.sizes = map[int]bool{}
		}
		w.sizes[at] = true
	}
	return nil
}

// Bounds for numbers that stand in the names of columns without a word.
const (
	firstWorkers       = 16 // the lowest level of a sweep over workers, at most
	firstYear, endYear = 1900, 2100
)

// growingCells is the doubt whether the cells are times.
const growingCells = "grow"

// fallingRatios is the doubt whether cells such as 0.5× are speedups or shares of a
// time.
const fallingRatios = "ratios"

// ofCells reports whether a doubt is about what the cells are.
func ofCells(why string) bool {
	return why == growingCells || why == fallingRatios || why == onesAtFirst
}

// onesAtFirst is the doubt whether cells are times that are all 1 at one worker.
const onesAtFirst = "ones"

// startsAtOne reports whether the cells at the first level are 1 in each of several rows.
func (w wideTable) startsAtOne() bool {
	ones := 0
	for _, r := range w.rows[:min(len(w.rows), sampleRows)] {
		v, ok := w.number(r, w.levels[0].at)
		if ok && v != 1 {
			return false
		}
		if ok {
			ones++
		}
	}
	return ones > 1
}

// doubt says why the numbers in the names of columns may count no workers; "" if
// nothing speaks against that. said means that the user says what the cells are.
func (w wideTable) doubt(said bool) string {
	low, high := w.levels[0].workers, w.levels[len(w.levels)-1].workers
	consecutive := low == 1 && high == float64(len(w.levels))
	switch {
	case w.named || w.across:
		if w.kind == timeY && !said && !w.said && !w.across && w.startsAtOne() {
			return onesAtFirst
		}
		if w.kind == speedupY && !said && !w.shares && w.stemKind() == other && !w.grows(0.1) {
			return fallingRatios
		}
		if w.kind == timeY && !said && !w.said && !w.across && w.grows(0.1) && w.cellUnit(w.levels[0].at, w.decimalComma(w.levels[0].at)) == "" {
			return growingCells
		}
		return ""
	case low >= firstYear && high < endYear:
		return "look like years"
	case low > firstWorkers, high > mostGuessed:
		return "look like sizes"
	case w.kind == timeY && !said && !w.said && w.startsAtOne():
		return onesAtFirst
	case w.kind == timeY && !said && !w.said && w.grows(0.5):
		return "look like sizes, or the cells are no times: they grow with them"
	case consecutive && w.flat():
		return "look like repeats: each row has about the same number in all"
	}
	return ""
}

// grows reports whether the cells of most rows grow with the numbers, by this
// share of the proportion or more.
func (w wideTable) grows(share float64) bool {
	rows, growing := 0, 0
	for _, r := range w.rows[:min(len(w.rows), sampleRows)] {
		first, last := w.ends(r)
		if first.at < 0 {
			continue
		}
		a, _ := w.number(r, first.at)
		b, _ := w.number(r, last.at)
		rows++
		if math.Log(b/a) > share*math.Log(last.workers/first.workers) {
			growing++
		}
	}
	return rows > 0 && 2*growing > rows
}

// stemKind is what the names of the columns say of the cells.
func (w wideTable) stemKind() role {
	r, _ := roleOf(strings.ReplaceAll(w.stem, "#", " "))
	if r == axisX {
		r = other
	}
	return r
}

// ratios reports whether most numbers of these columns are written as 1.5× or 1.5x.
func (t *table) ratios(levels []wideColumn) bool {
	numbers, ratios := 0, 0
	for _, l := range levels {
		for _, c := range t.cells(l.at) {
			if isNumber(c) {
				numbers++
				if c = strings.Trim(c, " *`_"); strings.HasSuffix(c, "×") || strings.HasSuffix(c, "x") || strings.HasSuffix(c, "X") {
					ratios++
				}
			}
		}
	}
	return 2*ratios > numbers
}

// ends are the first and the last column in which a row has a number above 0; at
// is -1 where it has fewer than two.
func (w wideTable) ends(r row) (first, last wideColumn) {
	first.at, last.at = -1, -1
	for _, l := range w.levels {
		if v, ok := w.number(r, l.at); ok && v > 0 {
			if first.at < 0 {
				first = l
			} else {
				last = l
			}
		}
	}
	if last.at < 0 {
		first.at = -1
	}
	return first, last
}

// flat reports whether the numbers of most rows differ by less than a tenth from
// their median.
func (w wideTable) flat() bool {
	rows, flat := 0, 0
	for _, r := range w.rows[:min(len(w.rows), sampleRows)] {
		var values []float64
		for _, l := range w.levels {
			if v, ok := w.number(r, l.at); ok {
				values = append(values, v)
			}
		}
		if len(values) < 2 {
			continue
		}
		rows++
		m := stats.Median(values)
		if slices.Max(values) < 1.1*m && slices.Min(values) > 0.9*m {
			flat++
		}
	}
	return rows > 0 && 2*flat > rows
}

// wideSizes finds columns with numbers in their names whose word says that they
// are sizes, as in "size 100" and "n=1000", in a table in which nothing counts
// workers.
func (t *table) wideSizes() (w wideTable, why string) {
	if t.header == 0 {
		return w, ""
	}
	stems := map[string][]wideColumn{}
	best := ""
	for i, name := range t.names {
		digits := digitsIn(name)
		if len(digits) == 0 || !t.someNumbers(i) {
			continue
		}
		n := digits[0]
		text := strings.TrimSpace(name[:n.from] + " " + name[n.to:])
		words := append(wordsOf(text), text)
		if !slices.ContainsFunc(words, isSizeWord) || slices.ContainsFunc(words, func(w string) bool { return slices.Contains(repeatWords, w) }) {
			continue
		}
		s := strings.ToLower(text)
		stems[s] = append(stems[s], wideColumn{i, n.value})
		if len(stems[s]) > len(stems[best]) {
			best = s
		}
	}
	if len(stems[best]) < 2 {
		return w, ""
	}
	w.table, w.levels = t, stems[best]
	return w, "look like sizes"
}
