package read

import (
	"regexp"
	"strconv"
	"strings"
)

// Pgbench is what pgbench prints at the end of a run.
var Pgbench = Format{
	Name:  "pgbench",
	Doc:   "summaries of pgbench, one after the other or one a file; x is the number of clients, or of threads if only that varies; throughput is tps without connecting; two scaling factors are two series",
	Sniff: func(head []byte, _ string) bool { return pgbenchClients.Match(head) && pgbenchTPS.Match(head) },
	Read:  readPgbench,
}

var (
	pgbenchType    = compile(`(?m)(?:transaction type|TRANSACTION TYPE): (.*\S)`)
	pgbenchClients = compile(`(?m)number of clients: (\d+)`)
	pgbenchScale   = compile(`(?m)scaling factor: (\d+)`)
	pgbenchThreads = compile(`(?m)number of threads: (\d+)`)
	pgbenchMode    = compile(`(?m)query mode: (\w+)`)
	pgbenchFailed  = regexp.MustCompile(`(number of failed transactions: [1-9]\d*.*\S)`)
	pgbenchTPS     = compile(`(?m)\btps = ([\d.]+)(?: \((.*)\))?`)
)

func readPgbench(in *input) error {
	s := loadSummary{clients: "clients"}
	var r loadRun
	flush := func() {
		if r.rate > 0 && r.clients > 0 {
			s.runs = append(s.runs, r)
		}
		r.rate, r.clients, r.threads, r.failed, r.scale = 0, 0, 0, "", ""
	}
	r.series = "pgbench"
	for {
		line, ok := in.text.next()
		if !ok {
			break
		}
		text := string(uncoloured(line))
		switch {
		case matchText(pgbenchType, text) != "":
			flush()
			r.series = "pgbench/" + strings.Trim(strings.TrimPrefix(strings.ReplaceAll(matchText(pgbenchType, text), "/", "-"), "<builtin: "), "<>")
		case matchText(pgbenchClients, text) != "":
			if r.clients > 0 {
				flush()
			}
			r.clients = matchNumber(pgbenchClients, text)
		case matchText(pgbenchScale, text) != "":
			if r.clients > 0 {
				flush()
			}
			r.scale = matchText(pgbenchScale, text)
		case matchText(pgbenchThreads, text) != "":
			r.threads = matchNumber(pgbenchThreads, text)
		case matchText(pgbenchMode, text) != "":
			if mode := matchText(pgbenchMode, text); mode != "simple" {
				r.series += "/mode=" + mode
			}
		case matchText(pgbenchFailed, text) != "":
			r.failed = matchText(pgbenchFailed, text)
		case strings.Contains(text, "% of total"): // of one of several scripts
		case matchText(pgbenchTPS, text) != "": // the last of two is without connecting
			r.rate, r.line = matchNumber(pgbenchTPS, text), in.text.number
		}
	}
	flush()
	if err := in.text.failure(in.name); err != nil {
		return err
	}
	return s.read(in, "pgbench")
}

// matchText is the first group of a match, "" without one.
func matchText(re finder, text string) string {
	if m := re.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

func matchNumber(re finder, text string) float64 {
	v, _ := strconv.ParseFloat(strings.ReplaceAll(matchText(re, text), ",", ""), 64)
	return v
}
