package read

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Printed is what programs print of themselves.
var Printed = Format{
	Name: "sentences of programs",
	Doc:  "what programs print of themselves, as in `Running with 4 threads: 3.25 s`, or `Number of threads: 4` and `Execution time: 3.25 seconds` in later lines; the words in front of a time are its series",
	Sniff: func(head []byte, _ string) bool {
		if hasGoText(head) || len(printedWorkers.FindAll(head, 3)) < 2 {
			return false
		}
		for _, table := range []Format{LaTeX, Markdown, CSV, Columns} {
			if table.Sniff(head, "") && table.isSure(head, Options{}) {
				return false
			}
		}
		for _, split := range []func(string) []row{headSpaces, headCSV} {
			if t, ok := headTable(split(string(head))); ok && t.header > 0 && slices.ContainsFunc(t.names, saysRole) {
				return false
			}
		}
		levels := map[float64]bool{}
		printed(textInput(string(head)), func(t printedTime) { levels[t.workers] = true })
		return len(levels) > 1
	},
	Read: readPrinted,
}

const printedWord = `threads?|workers?|cores?|procs?|process(?:es)?|processors?|ranks?|goroutines?|cpus?|gpus?|nodes?|clients?|jobs?|tasks?`

var (
	printedWorkers = regexp.MustCompile(`(?i)(?:\b(?:number of |(?:num|no|nb|nr|n|max|omp_num)[ _.]?(?:of[ _])?)?(` + printedWord + `)\b(?: used| count)?\s*(?:[:=]|is|->)?\s*(\d{1,6})\b|\b(\d{1,6})[ -](?:parallel |MPI |OpenMP |worker )?(` + printedWord + `)\b)`)
	printedTimes   = regexp.MustCompile(`(?i)(.*?)(?:[:=]|\b(?:took|in|is|of|after|was)\b|\s)\s*([0-9][0-9.,]*(?:e[-+]?\d+)?) ?(ns|us|µs|μs|ms|s|secs?|seconds?|msec|milliseconds?|microseconds?|nanoseconds?|minutes?|mins?)\b`)
	printedSize    = regexp.MustCompile(`^\W*([A-Za-z][\w ]{0,30}?)\s*[:=]\s*(\d+)\s*$`)
	printedBare    = regexp.MustCompile(`(?i)^(.*\b(?:time|elapsed|duration|runtime|walltime)\b[^0-9]{0,20}?)\s*[:=]\s*([0-9][0-9.,]*(?:e[-+]?\d+)?)\s*$`)
)

// A printedTime is one time that a program printed.
type printedTime struct {
	series  string
	size    string // what the program printed of a size, as a part of a name; "" if nothing
	word    string // for workers
	workers float64
	time    float64 // s
	line    int
	bare    bool // the program printed no unit
}

// printed gives the times of a text to a function. The number of workers stands in the line of a
// time, or in the last line that has one.
func printed(in *input, do func(printedTime)) error {
	workers, word := 0.0, ""
	size := "" // the last one that stands in a line of its own
	for {
		line, ok := in.text.next()
		if !ok {
			return in.text.failure(in.name)
		}
		if len(line) > 500 {
			continue
		}
		text := strings.TrimSpace(string(cleaned(line)))
		if m := printedWorkers.FindStringSubmatchIndex(text); m != nil {
			g := func(i int) string {
				if m[2*i] < 0 {
					return ""
				}
				return text[m[2*i]:m[2*i+1]]
			}
			if q, ok := parseNumber(g(2)+g(3), false); ok && q > 0 {
				workers, word = q, singular(strings.ToLower(g(1)+g(4)))
			}
			text = text[:m[0]] + " " + text[m[1]:]
		}
		if m := printedSize.FindStringSubmatch(text); m != nil && slices.ContainsFunc(wordsOf(m[1]), isSizeWord) {
			size = "/" + strings.ReplaceAll(m[1], " ", "_") + "=" + m[2]
		}
		if workers == 0 {
			continue
		}
		for {
			m := printedTimes.FindStringSubmatchIndex(text)
			unit := ""
			if m == nil {
				if m = printedBare.FindStringSubmatchIndex(text); m == nil {
					break
				}
			} else {
				unit = text[m[6]:m[7]]
			}
			name := printedSeries(text[m[2]:m[3]])
			q, ok := parseQuantity(text[m[4]:m[5]], false)
			f, _ := secondsIn(unit)
			if unit == "" {
				f = 1
			}
			if role, _ := roleOf(name); ok && q.value > 0 && role != derived {
				do(printedTime{name, size, word, workers, q.value * f, in.text.number, unit == ""})
			}
			text = text[m[1]:]
		}
	}
}

// printedSeries is the words in front of a time without signs and plain numbers. What is
// written as key=value stays, so that two values are two series.
func printedSeries(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t,;:()[]{}|<>*/\"'`…–—→", r) })
	for i, w := range words {
		words[i] = strings.Trim(w, "=.-")
	}
	words = slices.DeleteFunc(words, func(w string) bool {
		return slices.Contains([]string{"with", "using", "on", "for", "running", "ran", "in", "and", "the", "run", "took", "takes", "of", "a", "at"}, strings.ToLower(w)) || strings.Trim(w, "0123456789#") == ""
	})
	return strings.Join(words, " ")
}

func readPrinted(in *input) error {
	var list []string // of series
	bare, found := false, false
	err := printed(in, func(t printedTime) {
		found = true
		bare = bare || t.bare
		if !slices.Contains(list, t.series) && len(list) < 5 {
			list = append(list, t.series)
		}
		series := t.series
		if series == "" {
			series = tableName(in.name)
		}
		in.add(label{series: strings.ReplaceAll(series, "/", "∕") + t.size, x: t.word, workers: t.workers}, t.line, &Measurement{Time: t.time, Tasks: 1})
	})
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("%w in %s: no line with a number of workers and a time", ErrNothing, in.name)
	}
	what := ""
	if bare {
		what = ", and those without a unit are in seconds"
	}
	if list = slices.DeleteFunc(list, func(s string) bool { return s == "" }); len(list) > 0 {
		what = "; the words in front of a time are its series: " + quoted(list) + what
	}
	in.note("%s: the numbers of workers and the times stand in sentences%s", in.name, what)
	return nil
}
