package read

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"amdahl/bench/contract"
)

// titles finds the parts of a text in which benchmarks stand: the fences of
// Markdown, and what follows a title such as "after:". A benchmark that stands in
// two of them was measured in two ways.
type titles struct {
	off    bool              // the file has no parts: amdahl run wrote it
	fenced bool              // inside of a fence
	last   string            // the last line of text that is no result
	title  string            // of the part that begins with the next result
	begins bool              // a part begins with the next result
	driven bool              // a driver of rounds wrote the file: its marks are no titles
	known  map[string]*block // the parts outside of fences, by title
}

var (
	fenceLine = regexp.MustCompile("^\\s*(?:```|~~~)")
	titleLine = regexp.MustCompile(`(?i)^(?:` +
		`#{1,6}\s+\S.*` + // heading
		`|[$%]\s+\S.*` + // shell
		`|(?:\*\*|__)?(?:before|after|old|new|baseline|base|master|main|head|tip|current|previous|original|optimi[sz]ed|patched|patch|this (?:pr|branch|cl|commit|change)|with|without|go ?1\.\d+)\b[^:]{0,60}(?:\*\*|__)?:?(?:\*\*|__)?` +
		`|(?:\*\*|__)[^*_]+(?:\*\*|__):?` +
		`|[a-z][\w ,.()/+'-]{0,60}:` +
		`)\s*$`)
	toolLine = regexp.MustCompile(`^(?:PASS|FAIL|ok|\?|---|===|testing:|exit status|panic|goos:|goarch:|pkg:|cpu:|Benchmark|# \S+/\S+$|(?:canary|sentinel|profiled):)`)
)

// line takes a line that is not a result.
func (t *titles) line(line []byte) {
	text := bytes.TrimSpace(line)
	if bytes.HasPrefix(text, []byte(contract.KeyRound+":")) || bytes.HasPrefix(text, []byte(contract.RunPrefix)) {
		t.off, t.begins = true, false
	}
	if t.off || len(text) == 0 || len(text) > 200 {
		return
	}
	t.driven = t.driven || bytes.HasPrefix(line, []byte(contract.RunPrefix)) || bytes.HasPrefix(line, []byte(contract.KeyRound+":"))
	if t.driven {
		return
	}
	if bytes.HasPrefix(text, []byte("```")) || bytes.HasPrefix(text, []byte("~~~")) {
		if t.fenced = !t.fenced; t.fenced {
			t.title, t.begins = t.last, true
		} else {
			t.last = ""
		}
		return
	}
	if line[0] == ' ' || line[0] == '\t' || toolLine.Match(text) {
		return
	}
	if t.last = plainTitle(string(text)); !t.fenced && mayBeTitle(text) && titleLine.Match(text) {
		t.title, t.begins = t.last, true
	}
}

// mayBeTitle reports whether a line begins or ends as [titleLine] wants, which costs less than
// to match it: the lines of a log are many.
func mayBeTitle(text []byte) bool {
	if strings.IndexByte(titleSigns, text[0]) >= 0 || text[len(text)-1] == ':' {
		return true
	}
	for _, w := range titleWords {
		if len(text) >= len(w) && strings.EqualFold(string(text[:len(w)]), w) {
			return true
		}
	}
	return false
}

// titleSigns begin a heading, the command of a shell and bold text. titleWords begin the
// titles that need no colon.
const titleSigns = "#$%*_"

var titleWords = []string{"before", "after", "old", "new", "base", "master", "main", "head", "tip", "current", "previous", "original", "optimi", "patch", "this ", "with", "go"}

func plainTitle(s string) string { return strings.Trim(s, "#*_:`>$% \t") }

// begin gives in the part that begins with a result, if one does.
func (t *titles) begin(in *input) (begun bool) {
	if !t.begins {
		return false
	}
	t.begins = false
	if b := t.known[t.title]; b != nil && !t.fenced {
		in.block = b
		return true
	}
	in.newBlock(t.title)
	if !t.fenced {
		if t.known == nil {
			t.known = map[string]*block{}
		}
		t.known[t.title] = in.block
	}
	return true
}

// unfinished is a name whose numbers stand on a later line: what a benchmark
// logs goes between the two.
type unfinished struct {
	name string
	line int
	text string
}

// close complains about a name whose numbers never came.
func (u *unfinished) close(in *input) {
	switch {
	case u.name == "":
	case strings.Contains(u.text, "panic: "):
		in.complain(u.line, u.text, "the benchmark failed")
	default:
		in.complain(u.line, u.text, "%s", plainWords("missing iteration count"))
	}
	u.name = ""
}

// tidy gives a line as go test prints it: without colours and prefixes, and with
// the numbers that belong to the name. It returns nil for a name whose numbers
// have not come.
func (g *goReader) tidy(line []byte) []byte {
	line = uncoloured(line)
	if !bytes.HasPrefix(line, benchmarkPrefix) {
		switch at := -1; {
		case bytes.Contains(line, benchmarkPrefix):
			if at = benchmarkAt(line); at >= 0 {
				line = line[at:]
			} else if c := cleaned(line); nameLine.Match(c) || endOf(c) != nil && endOf(line) == nil {
				line = c
			}
		case g.open.name != "":
			if m := numbersEnd.FindSubmatch(bytes.TrimRight(line, "\r\n")); m != nil {
				line = fmt.Appendf(nil, "%s\t%s\n", g.open.name, m[1])
				g.open.name = ""
			}
		}
		if len(line) > 0 && !isLetter(line[0]) || bytes.IndexByte(line, '|') > 0 || bytes.IndexByte(line, '\t') > 0 {
			if c := cleaned(line); configLine.Match(c) || fenceLine.Match(c) || bytes.HasPrefix(line, []byte(">")) {
				line = c
			}
		}
	}
	if !bytes.HasPrefix(line, benchmarkPrefix) {
		if g.open.name != "" && endOf(line) != nil {
			g.open.name = ""
		}
		g.blocks.line(line)
		return line
	}
	if m := endOf(line); m != nil {
		g.open.close(g.input)
		return append(bytes.Clone(m[1]), '\n')
	}
	if m := nameLine.FindSubmatch(line); m != nil && benchmarkAt(line) < 0 {
		if n := numbersEnd.FindSubmatch(m[2]); n != nil {
			g.open.close(g.input)
			line = fmt.Appendf(nil, "%s\t%s\n", m[1], n[1])
		} else if len(m[2]) > 0 && !hasNumbers(m[2]) {
			if g.open.name != string(m[1]) {
				g.open.close(g.input)
			}
			g.open = unfinished{string(m[1]), g.source.at(), string(bytes.TrimRight(line, "\r\n"))}
			g.session.skips.line(line, g.name, g.source.at())
			return nil
		}
	} else if m != nil {
		if g.open.name != string(m[1]) {
			g.open.close(g.input)
		}
		g.open.name = ""
	}
	if benchmarkAt(line) == 0 && g.blocks.begin(g.input) {
		clear(g.series)
	}
	return line
}

// hasNumbers reports whether what follows a name is meant as a result: it begins
// with a number of iterations.
func hasNumbers(rest []byte) bool {
	f := bytes.Fields(rest)
	return len(f) > 1 && len(bytes.Trim(f[0], "0123456789")) == 0
}
