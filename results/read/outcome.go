package read

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Words by which tables say that a run succeeded or failed, in lower case and
// without signs that join words.
var (
	goodWords = setOf(strings.Fields(`ok okay success successful succeeded succeed pass passed complete completed done finished finish valid correct
		verified optimal converged solved`))
	badWords = setOf(strings.Fields(`error err errored fail failed failure failing timeout timedout tle killed kill oom outofmemory memout mle dnf dns dnr
		aborted abort crash crashed segfault sigsegv sigkill sigabrt sigterm cancelled canceled skipped invalid incorrect wrong mismatch
		nodefail deadlock hang hung unfinished incomplete diverged unsolved interrupted preempted rejected broken`))
	yesWords = setOf(strings.Fields("1 true yes y t ✓ ✔ ✅ ☑"))
	noWords  = setOf(strings.Fields("0 false no n f ✗ ✘ ❌ none null nil -"))

	// Where the name of a column does not say that it tells outcomes, only these
	// words do: "valid" and "invalid" can be inputs.
	plainGood = setOf(strings.Fields("ok success succeeded pass passed completed done finished"))
	plainBad  = setOf(strings.Fields("error fail failed failure timeout timedout tle killed oom outofmemory memout mle dnf dns aborted crash crashed segfault cancelled canceled nodefail"))
)

// The names of columns that tell outcomes.
var (
	outcomeNames = setOf(strings.Fields(`status state result outcome verdict exit exitcode exitstatus exitval exitvalue signal rc ret retval retcode returncode returnvalue
		returnstatus returned errno check verification validation jobstate runstatus teststatus`))
	codeNames = setOf(strings.Fields("exit exitcode exitstatus exitval exitvalue signal rc ret retval retcode returncode returnvalue returnstatus errno status"))
	goodNames = setOf(strings.Fields("ok okay success succeeded successful pass passed valid validated correct verified completed complete converged solved finished done"))
	badNames  = setOf(strings.Fields("failed fail failure error err timeout timedout hastimedout crashed crash oom killed aborted dnf invalid"))
	textNames = setOf(strings.Fields("error errors err errormessage errormsg errmsg exception failure failurereason failreason reason errortext"))
	noteNames = setOf(strings.Fields("note notes comment comments remark remarks"))

	// countNames are the names of columns that count what failed within a run,
	// such as requests.
	countNames = setOf(strings.Fields("errors failures failed timeouts numerrors nerrors errorcount failedrequests socketerrors numfailed failedtransactions"))
)

// bareWord is the text of a cell or a name in lower case without signs that join
// words, and without the marks of Markdown.
func bareWord(s string) string {
	s = strings.ToLower(strings.Trim(s, " \t*`_~()[]!.:\"'"))
	return strings.NewReplacer("_", "", "-", "", " ", "", "/", "", "#", "").Replace(s)
}

// isFailure reports whether a cell says that a run failed: FAILED, DNF, "timed
// out", "CANCELLED by 1000", "Error: no such file".
func isFailure(cell string) bool {
	if len(cell) > 200 {
		return false
	}
	w := bareWord(cell)
	if badWords[w] {
		return true
	}
	words := strings.FieldsFunc(strings.ToLower(cell), func(r rune) bool { return !(r >= 'a' && r <= 'z') })
	return len(words) > 1 && len(words) < 12 && !startsWithDigit(cell) && badWords[words[0]] && words[0] != "to" && words[0] != "wrong"
}

func startsWithDigit(s string) bool { return s != "" && isDigit(s[0]) }

// A failedRow is a row of a run that failed.
type failedRow struct {
	row
	why string
}

// findOutcomes finds the columns that say whether a run succeeded, and takes away
// the rows of runs that failed. It leaves the columns alone that the user named.
func (t *table) findOutcomes(o Options) {
	for i := range t.names {
		if t.header > 0 && !t.isNamed(o, i) && t.tellsOutcome(i) {
			t.outcome = append(t.outcome, i)
		}
	}
	if len(t.outcome) == 0 {
		return
	}
	kept := t.rows[:0]
	var moved row // the part that a failed row began begins with the next row
	for _, r := range t.rows {
		if why := t.failure(r); why != "" {
			if r.part {
				moved.part, moved.title = true, r.title
			}
			t.failed = append(t.failed, failedRow{r, why})
			continue
		}
		if moved.part && !r.part {
			r.part, r.title = true, moved.title
		}
		moved = row{}
		kept = append(kept, r)
	}
	t.rows = kept
}

// isNamed reports whether the user named a column.
func (t *table) isNamed(o Options, at int) bool {
	names := append(slices.Concat(o.Time, o.Series), o.X, o.Throughput, o.Latency, o.Speedup)
	return slices.Contains(names, t.names[at]) || slices.Contains(names, fmt.Sprintf("#%d", at+1))
}

// tellsOutcome reports whether a column says whether runs succeeded.
func (t *table) tellsOutcome(at int) bool {
	name := bareWord(t.names[at])
	bad, known, plain, filled, blank := 0, 0, 0, 0, 0
	for _, c := range t.cells(at) {
		if c == "" {
			blank++
			continue
		}
		filled++
		failed, ok := cellOutcome(name, c)
		if ok {
			known++
		}
		if failed {
			bad++
		}
		if w := bareWord(c); plainGood[w] || plainBad[w] {
			plain++
		}
	}
	switch numbers := t.someNumbers(at); {
	case filled == 0:
		return false
	case textNames[name] && blank > 0 && known == 0 && !numbers: // messages of errors where there were any
		return true
	case name == "status" && numbers && bad == filled: // it says something else
		return false
	case outcomeNames[name], goodNames[name], badNames[name]:
		return known == filled || bad > 0 && !numbers
	case noteNames[name]:
		return bad > 0 && !numbers
	}
	return bad > 0 && plain == filled
}

// cellOutcome says what a cell of a column with this name tells of its run. ok is
// false where it tells nothing.
func cellOutcome(name, cell string) (failed, ok bool) {
	w := bareWord(cell)
	switch {
	case isFailure(cell):
		return true, true
	case goodWords[w]:
		return false, true
	case goodNames[name] && (yesWords[w] || noWords[w]):
		return noWords[w], true
	case badNames[name] && (yesWords[w] || noWords[w]):
		return yesWords[w], true
	case textNames[name] && noWords[w]:
		return false, true
	case outcomeNames[name] && (yesWords[w] || noWords[w]) && !isDigit(w[0]):
		return noWords[w], true
	case codeNames[name]:
		return codeOutcome(cell)
	}
	return false, false
}

// codeOutcome reads a number by which a program says that it failed: an exit
// status, "1:0" of Slurm, or a status of HTTP.
func codeOutcome(cell string) (failed, ok bool) {
	for _, part := range strings.Split(strings.TrimSpace(cell), ":") {
		v, err := strconv.Atoi(part)
		if err != nil {
			return false, false
		}
		failed = failed || v != 0 && !(v >= 200 && v < 400)
	}
	return failed, true
}

// failure says why a row is of a run that failed; "" if it is not.
func (t *table) failure(r row) string {
	for _, at := range t.outcome {
		if at >= len(r.cells) || r.cells[at] == "" {
			continue
		}
		name := bareWord(t.names[at])
		failed, ok := cellOutcome(name, r.cells[at])
		if failed || !ok && textNames[name] {
			return fmt.Sprintf("left out: the run failed: %q is %q", t.names[at], r.cells[at])
		}
	}
	return ""
}

// tellErrors notes columns that count what failed within runs.
func (t *table) tellErrors(in *input) {
	for i, name := range t.names {
		if t.header == 0 || !countNames[bareWord(name)] || slices.Contains(t.outcome, i) || t.isNamed(in.options, i) {
			continue
		}
		lines := strays{}
		for _, r := range t.rows {
			if i < len(r.cells) {
				if q, ok := parseQuantity(r.cells[i], false); ok && q.value > 0 && q.value == math.Trunc(q.value) {
					lines.add(r.line)
				}
			}
		}
		if lines.n > 0 {
			in.note("%s: the column %q is above 0 in %s: the time or throughput of what failed counts as well", in.name, name, lines)
		}
	}
}
