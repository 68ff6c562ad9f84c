package trial

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// An Outcome is what a test found.
type Outcome struct {
	Test   string
	Passed bool
	// Cause is one word: the test's own, or one of panic, deadlock, exit (the process
	// ended without a record), time (it was killed), race, failed. "" if it passed.
	Cause string
	Text  string // one or more sentences for the student
	File  string // the student's file and line, where known
	Line  int
	Print string // the beginning of what the test printed
}

// judge makes an outcome of the record and of what the process printed.
func (t *Trial) judge(r record, out string, late bool) Outcome {
	o := Outcome{Passed: r.Passed, Cause: r.Cause, Text: r.Text, Print: head(out)}
	if race := strings.Index(out, "WARNING: DATA RACE"); t.spec.Race && race >= 0 {
		lines := t.lines(out[race:])
		slices.SortFunc(lines, func(a, b string) int { // files in order, and lines by their number
			fileA, lineA := split(a)
			fileB, lineB := split(b)
			return cmp.Or(cmp.Compare(fileA, fileB), cmp.Compare(lineA, lineB))
		})
		o = Outcome{Cause: "race", Print: o.Print, Text: "Two goroutines use the same variable at the same time, and one of them writes it."}
		if len(lines) > 0 {
			o.File, o.Line = split(lines[0])
			o.Text += " Look at " + lines[0] + "."
		}
		return o
	}
	if r.Nonce != "" && (r.Passed || r.Cause != "") {
		return o
	}
	o.Passed = false
	fatal := strings.Index(out, "panic: ")
	if i := strings.Index(out, "fatal error: "); fatal < 0 || i >= 0 && i < fatal {
		fatal = i
	}
	switch {
	case late:
		o.Cause, o.Text = "time", fmt.Sprintf("The test had not ended after %v and was killed.", t.o.Timeout)
	case strings.Contains(out, "deadlock: "), strings.Contains(out, "all goroutines are asleep"):
		o.Cause, o.Text = "deadlock", "All goroutines wait, and nothing can wake them: somebody waits for a number that is never sent, or sends one that nobody takes."
		o.File, o.Line = t.place(out)
	case fatal >= 0:
		line, _, _ := strings.Cut(out[fatal:], "\n")
		line, _, _ = strings.Cut(line, " [recovered")
		o.Cause, o.Text = "panic", "The program crashed: "+line
		o.File, o.Line = t.place(out[fatal:])
	default:
		o.Cause, o.Text = "exit", "The program ended before the test did."
	}
	if o.Line > 0 {
		o.Text += fmt.Sprintf(" (%s:%d)", o.File, o.Line)
	}
	return o
}

// place is the first place in the student's files that a stack names.
func (t *Trial) place(out string) (string, int) {
	if lines := t.lines(out); len(lines) > 0 {
		return split(lines[0])
	}
	return "", 0
}

// lines lists places in the student's files, as "pool.go:12", in the order of a text.
func (t *Trial) lines(out string) []string {
	var list []string
	for _, m := range framePattern.FindAllStringSubmatch(out, -1) {
		if slices.Contains(t.spec.Student, m[1]) && !slices.Contains(list, m[1]+":"+m[2]) {
			list = append(list, m[1]+":"+m[2])
		}
	}
	return list
}

var framePattern = regexp.MustCompile(`[/\\]([\w.]+\.go):(\d+)`)

func split(place string) (string, int) {
	file, number, _ := strings.Cut(place, ":")
	line := 0
	fmt.Sscan(number, &line)
	return file, line
}
