package read

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
)

// Wide is a table with a column for each number of workers.
var Wide = Format{
	Name:  "wide tables",
	Table: true,
	Doc:   "a table of any of these kinds with a column for each number of workers (`1,2,4,8`, `t1 t2 t4`, `4 threads`) and a row for each series, whose numbers `--throughput cells` and `--speedup cells` name; or with a column for each repeat (`run 1`, `run 2`)",
	Sniff: func(head []byte, _ string) bool {
		return !bytes.ContainsAny(head, "|│") && (isWide(head, headCSV) || isWide(head, headSpaces))
	},
	Read: func(in *input) error {
		head, _ := in.text.r.Peek(sniffed)
		split := splitSpaces
		if isWide(head, headCSV) {
			split = splitCSV
		}
		return readTable(in, split)
	},
}

func headPipes(text string) []row {
	rows, _ := allRows(textInput(text), splitPipes)
	return rows
}

func isWide(head []byte, split func(string) []row) bool {
	if hasGoText(head) {
		return false
	}
	t, ok := newTable(split(string(head)), false)
	if !ok {
		return false
	}
	if _, ok = t.wide(""); !ok && len(t.rows) == 1 {
		_, why := t.wideSizes()
		return why != ""
	}
	return ok
}

// A wideTable is a table with a column for each level.
type wideTable struct {
	*table
	levels []wideColumn // ascending
	others []int        // the columns that name the series
	word   string       // of the levels: "threads"
	named  bool         // the table says the word
	said   bool         // the table says the kind
	kind   role         // of the numbers
	stem   string
	across bool         // the rows are quantities: time, speedup
	sizes  map[int]bool // those of others that have whole numbers, which differ
}

type wideColumn struct {
	at      int
	workers float64
}

var unitInBrackets = regexp.MustCompile(`[(\[][^()\[\]]*[)\]]\s*$`)

// repeatWords are stems of columns that hold repeats of one measurement.
var repeatWords = []string{"run", "rep", "repeat", "trial", "try", "iteration", "iter", "sample", "time", "attempt", "measurement", "test", "round", "r", "x", "col", "column", "v"}

// wide finds the columns that stand for levels: at least three with the same
// text around numbers that ascend. said is the word for workers by which the user
// calls them, "" if the user does not say that they are levels.
func (t *table) wide(said string) (w wideTable, ok bool) {
	w.table = t
	if t.header == 0 {
		return w, false
	}
	from := 0
	if t.indexed {
		from = 1
	}
	stems := map[string][]wideColumn{}
	best := ""
	for i := from; i < len(t.names); i++ {
		digits := digitsIn(t.names[i])
		if len(digits) == 0 || digits[0].value < 1 {
			continue
		}
		n := digits[0]
		s := strings.ToLower(t.names[i][:n.from]) + "#" + singular(strings.ToLower(t.names[i][n.to:]))
		stems[s] = append(stems[s], wideColumn{i, n.value})
		if len(stems[s]) > len(stems[best]) {
			best = s
		}
	}
	w.levels, w.stem = stems[best], best
	need := 3
	text := strings.TrimSpace(unitInBrackets.ReplaceAllString(strings.ReplaceAll(best, "#", " "), ""))
	w.word = "threads"
	words := wordsOf(text)
	named := false
	for _, word := range words {
		if isWorkerWord(word) || isWorkerWord(word+"s") {
			w.word, named, need = word, true, 2
		}
	}
	if said != "" {
		w.word, named, need = said, true, 2
	}
	if unitOf(strings.ReplaceAll(best, "#", " ")) != "" {
		need = 2
	}
	if len(w.levels) < need || !slices.IsSortedFunc(w.levels, func(a, b wideColumn) int { return compareFloat(a.workers, b.workers) }) {
		return w, false
	}
	consecutive := w.levels[len(w.levels)-1].workers == float64(len(w.levels)) && w.levels[0].workers == 1
	for _, word := range words {
		if slices.Contains(repeatWords, word) && !named && (consecutive || len(words) == 1 && word != "time") {
			return w, false
		}
	}
	r, _ := roleOf(strings.ReplaceAll(best, "#", " "))
	switch w.kind = timeY; {
	case r == rateY || r == speedupY || r == latencyY:
		w.kind, w.said = r, true
	case r == timeY:
		w.said = true
	case t.ratios(w.levels):
		w.kind, w.said = speedupY, true
	case !named && text != "" && !slices.Contains([]string{"p", "n", "t", "c", "w", "np", "p=", "n=", "t=", "x"}, text):
		return w, false
	}
	for i := from; i < len(t.names); i++ {
		if slices.ContainsFunc(w.levels, func(c wideColumn) bool { return c.at == i }) || slices.Contains(t.outcome, i) {
			continue
		}
		if r, rank := roleOf(t.names[i]); r == axisX && rank < 20 && t.whole(i) {
			return w, false // the workers are in the rows
		}
		w.others = append(w.others, i)
		if r, _ := roleOf(t.names[i]); t.whole(i) && t.varies(i) && (r == other || r == axisX) {
			if w.sizes == nil {
				w.sizes = map[int]bool{}
			}
			w.sizes[i] = true
		}
	}
	if len(w.others) > 0 {
		first := w.others[0]
		if r, rank := roleOf(t.names[first]); r == axisX && !t.someNumbers(first) && (!named || said != "") {
			w.across = true
			if said == "" {
				w.word, named = t.names[first], rank < 20
			}
		}
	}
	w.named = named
	w.across = w.across || w.quantities(t)
	return w, true
}

// quantities reports whether the rows are quantities of one series, such as time,
// speedup and efficiency: each name says one, and none says it twice. Rows like
// "sort time" and "hash time" are series.
func (w wideTable) quantities(t *table) bool {
	if len(w.others) == 0 {
		return false
	}
	seen := map[role]bool{}
	for _, row := range t.rows {
		if w.others[0] >= len(row.cells) {
			return false
		}
		name := row.cells[w.others[0]]
		r, _ := roleOf(name)
		switch {
		case r == timeY, r == rateY, r == speedupY, r == latencyY:
			if seen[r] {
				return false
			}
			seen[r] = true
		case !strings.Contains(strings.ToLower(name), "efficien"):
			return false
		}
	}
	return len(seen) > 0
}

func singular(s string) string {
	for _, plural := range []string{"threads", "cores", "workers", "procs", "processes", "cpus", "ranks", "clients", "users", "goroutines", "nodes"} {
		s = strings.ReplaceAll(s, plural, strings.TrimSuffix(plural, "s"))
	}
	return s
}

func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// read reads every row as a series, or as a quantity of one series.
func (w wideTable) read(in *input) error {
	unit, from := in.options.Unit, "as --unit says"
	if unit == "" {
		unit, from = unitOf(strings.ReplaceAll(w.stem, "#", " ")), "as their names say"
	}
	if unit == "" {
		unit, from = w.cellUnit(w.levels[0].at, w.decimalComma(w.levels[0].at)), "as the cells say"
	}
	if unit == "" {
		unit, from = "s", "no unit is named"
	}
	factor, ok := secondsIn(unit)
	if !ok {
		return &ColumnError{fmt.Sprintf("%s is not a unit of time: write ns, us, ms, s, min or h: %s", unit, in.options.command(func(o *Options) { o.Unit = "ms" }))}
	}
	said := false
	take := -1 // the row that was measured, where rows are quantities
	kind := w.kind
	if w.across {
		for _, want := range []role{timeY, rateY, latencyY, speedupY} {
			for i, r := range w.rows {
				if got, _ := roleOf(r.cells[w.others[0]]); got == want && take < 0 {
					take, kind = i, want
					if u := unitOf(r.cells[w.others[0]]); u != "" && in.options.Unit == "" {
						factor, _ = secondsIn(u)
						unit, from = u, "as its name says"
					}
				}
			}
		}
	}
	var blank int
	i := -1
	w.each(in, func(r row) {
		if i++; take >= 0 && i != take {
			return
		}
		if !said {
			said = true
			what := "a column for each number of " + w.word
			if kind == timeY {
				what += ", times in " + longUnit(unit) + " (" + from + ")"
			} else {
				what += ", the numbers are of a " + measured[kind]
			}
			var at []int
			for _, l := range w.levels {
				at = append(at, l.at)
			}
			if text := w.saysComma(in.options, at...); text != "" {
				what += ", " + text
			}
			in.note("%s: %s", in.name, what)
			in.tables = append(in.tables, &tableGuess{in.block, in.name, what})
		}
		if err := w.row(in, r, kind, factor, &blank); err != nil {
			in.complain(r.line, strings.Join(r.cells, ","), "%s", err)
		}
	})
	if blank > 0 {
		in.note("%s: %d cells are blank", in.name, blank)
	}
	return nil
}

// row takes one row.
func (w wideTable) row(in *input, r row, kind role, factor float64, blank *int) error {
	series := w.series(r)
	if series == "" || w.across && kind != other && len(w.others) == 1 {
		series = tableName(in.name)
	}
	var errs []error
	for _, l := range w.levels {
		if l.at >= len(r.cells) || isAbsent(r.cells[l.at]) {
			*blank++
			continue
		}
		q, ok := parseQuantity(r.cells[l.at], w.decimalComma(l.at))
		if kind == speedupY && strings.HasPrefix(bareWord(r.cells[l.at]), "base") {
			q, ok = quantity{value: 1}, true
		}
		switch {
		case !ok && isFailure(r.cells[l.at]):
			errs = append(errs, fmt.Errorf("left out: the run failed: %q is %q", w.names[l.at], r.cells[l.at]))
			continue
		case !ok || !(q.value > 0):
			errs = append(errs, fmt.Errorf("%s is %q: a number above 0 is needed", w.names[l.at], r.cells[l.at]))
			continue
		}
		m := Measurement{Tasks: 1, Time: q.value * factor}
		switch f, isTime := secondsIn(q.unit); {
		case kind == rateY || kind == speedupY:
			m.Time = 1 / (q.value * rateFactor(q.unit))
		case isTime && in.options.Unit == "":
			m.Time = q.value * f
		}
		if kind == latencyY {
			m.Time /= l.workers
		}
		if !(m.Time > 0) || math.IsInf(m.Time, 0) {
			errs = append(errs, fmt.Errorf("%s is %q: too extreme for a time", w.names[l.at], r.cells[l.at]))
			continue
		}
		in.add(label{series: series, x: w.word, workers: l.workers, speedup: kind == speedupY}, r.line, &m)
	}
	return errors.Join(errs...)
}

// series names a row by the columns that are no levels: texts, and numbers that
// are not measured.
func (w wideTable) series(r row) string {
	var parts []string
	for _, at := range w.others {
		if at >= len(r.cells) || r.cells[at] == "" {
			continue
		}
		v := r.cells[at]
		if isNumber(v) {
			if !w.sizes[at] {
				continue
			}
			v = w.names[at] + "=" + v
		} else {
			v = labelText(v)
		}
		parts = append(parts, v)
	}
	return strings.Join(parts, "/")
}
