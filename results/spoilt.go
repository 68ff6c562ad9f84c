package results

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// spoiltKey begins the configuration line that names the rounds of its file
// that other load on the machine spoilt: "spoilt-rounds: 3,7". The last such
// line of a file holds, for all of the file; an empty one names none.
const spoiltKey = "spoilt-rounds"

// Spoilt counts what was left out because its rounds were spoilt.
type Spoilt struct {
	Samples int // of levels; sentinels are not counted
	Rounds  int // with a sample, in all files
}

// spoiltRounds reads the value of the line.
func spoiltRounds(line []byte) (map[int]bool, error) {
	value := strings.TrimSpace(string(line[len(spoiltKey)+1:]))
	rounds := map[int]bool{}
	if value == "" {
		return rounds, nil
	}
	for field := range strings.SplitSeq(value, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(field))
		if err != nil || n < 1 {
			return nil, fmt.Errorf("the line names no rounds: write whole numbers from 1 with commas between them, as in %s: 3,7", spoiltKey)
		}
		rounds[n] = true
	}
	return rounds, nil
}

// beside takes the lines of a block that are no results, for what benchfmt
// does not read: skipped benchmarks, and which rounds were spoilt.
func (t *textReader) beside(b block, file string) {
	if b.pure { // only its last line can matter, to a line behind it
		t.skips.line(b.text[1+bytes.LastIndexByte(bytes.TrimRight(b.text, "\n"), '\n'):], file, b.line+b.lines-1)
		return
	}
	text := b.text
	for number := b.line; len(text) > 0; number++ {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte{'\n'})
		if bytes.HasPrefix(line, []byte(spoiltKey+":")) {
			rounds, err := spoiltRounds(line)
			if err == nil {
				t.spoilt = rounds
			} else {
				t.bad(&Complaint{File: file, Line: number, What: err.Error(), Text: string(bytes.TrimRight(line, "\r"))})
			}
		}
		t.skips.line(line, file, number)
	}
}

// begin says that the samples of another file follow.
func (b *builder) begin() {
	for _, d := range b.order {
		d.from = len(d.curve.Sentinels)
		for _, l := range d.levels {
			l.from = len(l.point.Samples)
		}
	}
}

// A toll is what spoilt rounds take from a curve in one file.
type toll struct {
	file   int   // by number
	rounds []int // ascending
	of     int   // rounds that the curve has there
	where  string
}

// mark notes which of the samples that were read since begin are of spoilt
// rounds. The text of a warning ends with where.
func (b *builder) mark(spoilt map[int]bool, where string) {
	b.files++
	if len(spoilt) == 0 {
		return
	}
	for _, d := range b.order {
		had, gone := map[int]bool{}, map[int]bool{}
		for _, l := range d.levels {
			for i, s := range l.point.Samples[l.from:] {
				had[s.Round] = true
				if spoilt[s.Round] {
					gone[s.Round] = true
					l.spoilt = append(l.spoilt, l.from+i)
				}
			}
		}
		for i, s := range d.curve.Sentinels[d.from:] {
			if spoilt[s.Round] {
				d.spoilt = append(d.spoilt, d.from+i)
			}
		}
		if len(gone) > 0 {
			d.tolls = append(d.tolls, toll{b.files, slices.Sorted(maps.Keys(gone)), len(had), where})
		}
	}
}

// leaveOut takes the samples of spoilt rounds away from a curve, and warns of
// it. A curve that has no others keeps them: a poor answer with a warning is
// better than none.
func (b *builder) leaveOut(d *draft) {
	warn := func(format string, args ...any) {
		d.curve.Warnings = append(d.curve.Warnings, fmt.Errorf(format, args...))
	}
	all, spoilt := 0, 0
	for _, l := range d.levels {
		all += len(l.point.Samples)
		spoilt += len(l.spoilt)
	}
	if spoilt == 0 {
		return
	}
	if spoilt == all {
		rounds := 0
		for _, t := range d.tolls {
			rounds += t.of
		}
		what := "its only round was"
		if rounds > 1 {
			what = fmt.Sprintf("all %d rounds were", rounds)
		}
		warn("%s spoilt by other load on the machine, and kept because there are no others: what they show is the load too: measure again when the machine is quiet", what)
		return
	}
	for _, l := range d.levels {
		b.spoilt.Samples += l.drop()
	}
	sentinels := d.curve.Sentinels[:0]
	for i, s := range d.curve.Sentinels {
		if _, found := slices.BinarySearch(d.spoilt, i); !found {
			sentinels = append(sentinels, s)
		}
	}
	d.curve.Sentinels = sentinels
	for _, t := range d.tolls {
		verb, noun := "were", "rounds"
		if len(t.rounds) == 1 {
			verb, noun = "was", "round"
		}
		warn("%d of %d rounds %s left out: spoilt by other load on the machine (%s %s%s)", len(t.rounds), t.of, verb, noun, list(t.rounds), t.where)
		for _, r := range t.rounds {
			b.gone[[2]int{t.file, r}] = true
		}
	}
	b.spoilt.Rounds = len(b.gone)
}

// drop removes the spoilt samples with all that belongs to them. It returns
// how many there were.
func (l *level) drop() (dropped int) {
	if len(l.spoilt) == 0 {
		return 0
	}
	places := make([]int, len(l.point.Samples)) // where each sample goes, -1 for nowhere
	for _, i := range l.spoilt {
		places[i] = -1
	}
	kept := 0
	for i, s := range l.point.Samples {
		if places[i] < 0 {
			continue
		}
		l.point.Samples[kept] = s
		if l.tasks != nil {
			l.tasks[kept] = l.tasks[i]
		}
		places[i] = kept
		kept++
	}
	dropped = len(places) - kept
	l.point.Samples = l.point.Samples[:kept]
	if l.tasks != nil {
		l.tasks = l.tasks[:kept]
	}
	for unit, m := range l.extra {
		n := 0
		for i, at := range m.of {
			if places[at] >= 0 {
				m.values[n], m.of[n] = m.values[i], places[at]
				n++
			}
		}
		if m.values, m.of = m.values[:n], m.of[:n]; n == 0 {
			delete(l.extra, unit)
		}
	}
	return dropped
}

// list writes numbers with commas between them.
func list(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ", ")
}
