package read

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ShellTime is what the time command of shells, and that of GNU, print.
var ShellTime = Format{
	Name: "time of shells, GNU time",
	Doc:  "what `time` of bash, zsh, fish, tcsh and POSIX and `/usr/bin/time`, also with `-v`, print, with the command or a line like `threads=4` in front; x is the only number of these lines that varies; time is `real`, `elapsed`, `total`",
	Sniff: func(head []byte, _ string) bool {
		return !hasGoText(head) && (gnuElapsed.Match(head) || gnuShort.Match(head) || zshTime.Match(head) || fishTime.Match(head) || cshTime.Match(head) ||
			shellReal.Match(head) && shellUser.Match(head))
	},
	Read: readShellTime,
}

var (
	gnuCommand = compile(`^\s*Command being timed: "(.*)"`)
	gnuElapsed = compile(`(?m)^\s*Elapsed \(wall clock\) time \(h:mm:ss or m:ss\): (\S+)`)
	gnuStatus  = regexp.MustCompile(`^\s*(?:Exit status: [1-9]\d*|Command exited with non-zero status.*|Command terminated by signal.*)$`)
	gnuShort   = compile(`(?m)^\s*[\d.]+user [\d.]+system (\S+?)elapsed `)
	shellReal  = compile(`(?m)^\s*real\s+(\S+)\s*$`)
	shellUser  = compile(`(?m)^\s*user\s+(\S+)\s*$`)
	shellOther = compile(`(?m)^\s*(?:user|sys)\s+\S+\s*$`)
	zshTime    = compile(`(?m)^(.*?)\s*[\d.]+s user [\d.]+s system \d+% cpu ([\d:.]+) total`)
	fishTime   = compile(`(?m)^Executed in\s+([\d.]+) (\w+)`)
	cshTime    = compile(`(?m)^\s*[\d.]+u [\d.]+s (\d+:\d\d[\d:.]*) [\d.]+%`)
	ofGNU      = regexp.MustCompile(`^\s*(?:\d+inputs\+\d+outputs|(?:User time|System time|Percent of CPU|Average|Maximum resident|Major|Minor|Voluntary|Involuntary|Swaps|File system|Socket messages|Signals|Page size|Exit status)\b.*: [\d.]+%?$|-{5,}$|usr time|sys time)`)
	wordEquals = regexp.MustCompile(`(\w)\s*[:=]\s*(\d+)`)
)

// A timedRun is what is known of a run before its time comes.
type timedRun struct {
	name   string // the line that says what ran
	rank   int    // how surely it does
	line   int
	used   bool   // its time has come
	failed string // how it ended, where that was no success
}

// command takes the command that a program named. A line in front says more where the command
// has no number, because a variable of the shell had it.
func (r *timedRun) command(text string, line int) {
	if r.used || r.rank < 3 || len(numbersIn(timedName(text), command, "")) > 0 {
		*r = timedRun{name: text, rank: 4, line: line, failed: r.failed}
	}
}

// offer takes another line that may say what runs: what a program prints does not hide what it
// is.
func (r *timedRun) offer(text string, line int) {
	if rank := timedRank(text); r.used || rank > r.rank {
		*r = timedRun{name: text, rank: rank, line: line, failed: r.failed}
	}
}

func readShellTime(in *input) error {
	var run timedRun
	var last func() // adds the last time, of which the end of the run is not known
	found := false
	flush := func() {
		if last != nil {
			last()
		}
		last = nil
	}
	take := func(cell, unit string) {
		flush()
		q, ok := parseQuantity(strings.Replace(cell, ",", ".", 1), false)
		f := 1.0
		if u := strings.TrimSpace(q.unit + unit); ok && u != "" {
			f, ok = secondsIn(u)
		}
		r, at := run, in.text.number
		run.used, run.failed = true, ""
		switch {
		case !ok || !(q.value > 0):
			in.complain(at, r.name, "the time is %q: a time above 0 is needed", cell)
		case r.failed != "":
			in.complain(at, r.name, "left out: the run failed: %s", r.failed)
		case r.name == "":
			in.complain(at, cell, "no line in front of this time says what ran: write one, such as threads=4")
		default:
			last = func() {
				found = true
				in.add(label{kind: command, text: timedName(r.name)}, r.line, &Measurement{Time: q.value * f, Tasks: 1})
			}
		}
	}
	for {
		line, ok := in.text.next()
		if !ok {
			break
		}
		text := strings.TrimSpace(string(uncoloured(line)))
		switch {
		case text == "":
		case matchText(gnuCommand, text) != "":
			run.command(matchText(gnuCommand, text), in.text.number)
		case gnuStatus.MatchString(text) && strings.HasPrefix(text, "Exit status") && last != nil: // of the last time
			in.complain(in.text.number, run.name, "left out: the run failed: %s", text)
			last = nil
		case gnuStatus.MatchString(text):
			run.failed = text
		case shellOther.MatchString(text), ofGNU.MatchString(text):
		case zshTime.MatchString(text):
			m := zshTime.FindStringSubmatch(text)
			if m[1] != "" {
				run.command(m[1], in.text.number)
			}
			take(m[2], "")
		case fishTime.MatchString(text):
			m := fishTime.FindStringSubmatch(text)
			take(m[1], m[2])
		default:
			timed := false
			for _, re := range []pattern{gnuElapsed, gnuShort, shellReal, cshTime} {
				if m := matchText(re, text); m != "" && !timed {
					timed = true
					take(m, "")
				}
			}
			if !timed {
				run.offer(text, in.text.number)
			}
		}
	}
	flush()
	if err := in.text.failure(in.name); err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("%w in %s: no time with a line in front that says what ran, such as threads=4", ErrNothing, in.name)
	}
	return nil
}

// timedRank says how surely a line says what ran: it is a command behind a prompt, it has a
// number of workers, it has a number.
func timedRank(text string) int {
	numbers := numbersIn(timedName(text), command, "")
	switch {
	case commandLine.MatchString(text):
		return 4
	case slices.ContainsFunc(numbers, func(n number) bool { return isWorkerWord(n.word) }):
		return 3
	case len(numbers) > 0:
		return 2
	}
	return 1
}

// commandLine is a command behind the prompt of a shell, or as set -x prints it.
var commandLine = regexp.MustCompile(`^(?:[$%>❯] |\++ |\S+@\S+[:~].*[$#] |time )`)

// timedName is a command without its prompt and without time, or a line like threads: 4 with
// an equals sign.
func timedName(text string) string {
	text = strings.TrimSpace(commandLine.ReplaceAllString(text, ""))
	for _, word := range []string{"time ", "/usr/bin/time ", "-v ", "-p "} {
		text = strings.TrimPrefix(text, word)
	}
	return wordEquals.ReplaceAllString(text, "$1=$2")
}
