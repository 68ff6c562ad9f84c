package read

import (
	"fmt"
	"regexp"
	"strings"
)

// PerfStat is what perf stat prints at the end of a run.
var PerfStat = Format{
	Name: "perf stat",
	Doc:  "summaries of `perf stat`, one after the other or one a file; x is the only number of the commands that varies; time is `seconds time elapsed`, with its ± as the samples' spread; of `perf stat -x,` the event `duration_time`, with a line like `threads=4` in front",
	Sniff: func(head []byte, _ string) bool {
		return perfCommand.Match(head) && perfElapsed.Match(head) || perfFields.Match(head)
	},
	Read: readPerfStat,
}

var (
	perfCommand  = compile(`(?m)^\s*Performance counter stats for '(.*)'(?: \((\d+) runs\))?:`)
	perfCounter  = regexp.MustCompile(`^\s*(?:[\d.,;]+|<not \w+>)[\s,;]|^[\d.]+[,;]|^\s*#|^\s*\([\d.]+%\)`)
	perfFields   = regexp.MustCompile(`(?m)^[\d.]+[,;](?:msec|ns)?[,;](?:task-clock|cpu-clock|duration_time|cycles|instructions)[,;:]`)
	perfDuration = regexp.MustCompile(`^\s*([\d.]+)[,;](?:ns)?[,;]duration_time\b`)
	perfElapsed  = compile(`(?m)^\s*([\d.,]+)\s+(?:\+-\s+([\d.,]+)\s+)?seconds time elapsed`)
)

func readPerfStat(in *input) error {
	var run timedRun
	found := false
	for {
		line, ok := in.text.next()
		if !ok {
			break
		}
		text := strings.TrimRight(string(uncoloured(line)), " \t\r\n")
		if c := string(cleaned(line)); perfCommand.MatchString(c) {
			text = c
		}
		if m := perfCommand.FindStringSubmatch(text); m != nil {
			run.command(m[1], in.text.number)
			continue
		}
		m := perfElapsed.FindStringSubmatch(text)
		if d := perfDuration.FindStringSubmatch(text); d != nil && run.name != "" {
			if q, ok := parseQuantity(d[1], false); ok && q.value > 0 {
				run.used, found = true, true
				in.add(label{kind: command, text: timedName(run.name)}, in.text.number, &Measurement{Time: q.value * 1e-9, Tasks: 1})
			}
			continue
		}
		if m == nil {
			if !perfCounter.MatchString(text) && strings.TrimSpace(text) != "" {
				run.offer(strings.TrimSpace(text), in.text.number)
			}
			continue
		}
		run.used = true
		comma := strings.Contains(m[1], ",") && !strings.Contains(m[1], ".") // of the locale
		q, ok := parseQuantity(m[1], comma)
		if !ok || !(q.value > 0) {
			in.complain(in.text.number, text, "the time is %s: a number of seconds above 0 is needed", m[1])
			continue
		}
		found = true
		times := []float64{q.value}
		if s, ok := parseQuantity(m[2], comma); ok && s.value < q.value {
			times = []float64{q.value - s.value, q.value, q.value + s.value}
		}
		for _, t := range times {
			in.add(label{kind: command, text: timedName(run.name)}, in.text.number, &Measurement{Time: t, Tasks: 1})
		}
	}
	if err := in.text.failure(in.name); err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("%w in %s: perf stat says here neither what ran nor how long: run it without -x, as in perf stat -o FILE --append ./program 4, or with -e duration_time and a line like threads=4 in front", ErrNothing, in.name)
	}
	return nil
}
