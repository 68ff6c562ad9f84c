package read

import (
	"bytes"
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
		head := in.peek()
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
	t, ok := headTable(split(string(head)))
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
	serial int          // the column of a serial program; -1 if there is none
	shares bool         // the numbers are efficiencies: the speedup is n times each
	source string       // what says the kind, where that is not the names of the columns
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
	w.table, w.serial = t, -1
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
	if unitOf(strings.ReplaceAll(best, "#", " ")) != "" || slices.ContainsFunc(t.names, isSerialName) {
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
	case isEfficiency(strings.ReplaceAll(best, "#", " ")):
		w.kind, w.said, w.shares = speedupY, true, true
	case r == derived && !named:
		return w, false
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
		if rows, columns, ok := cornerNames(t.names[i]); ok && len(w.others) == 0 {
			t.names[i], named = rows, true
			if said == "" {
				w.word = columns
			}
		}
		if r, rank := roleOf(t.names[i]); r == axisX && rank < 20 && t.whole(i) {
			return w, false // the workers are in the rows
		}
		if w.serial < 0 && isSerialName(t.names[i]) && t.someNumbers(i) {
			w.serial = i
			continue
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
	if w.serial >= 0 && w.levels[0].workers > 1 {
		w.levels = append([]wideColumn{{w.serial, 1}}, w.levels...)
	}
	w.across = w.across || w.quantities(t)
	return w, true
}

// cornerNames splits the name of the first column where it names what the rows are and what the
// columns are: size/threads.
func cornerNames(name string) (rows, columns string, ok bool) {
	at := strings.LastIndexAny(name, `/\\`)
	if at < 1 {
		return "", "", false
	}
	rows, columns = strings.TrimSpace(name[:at]), strings.TrimSpace(name[at+1:])
	before, _ := roleOf(rows)
	after, rank := roleOf(columns)
	return rows, columns, after == axisX && rank < 20 && before != axisX && before != timeY
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
