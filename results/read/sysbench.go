package read

import "regexp"

// Sysbench is what sysbench prints at the end of a run.
var Sysbench = Format{
	Name:  "sysbench",
	Doc:   "summaries of sysbench, one after the other or one a file; x is the number of threads; throughput is transactions, events or operations a second",
	Sniff: func(head []byte, _ string) bool { return sysbenchThreads.Match(head) && sysbenchMark.Match(head) },
	Read:  readSysbench,
}

var (
	sysbenchMark         = regexp.MustCompile(`sysbench \d|Running the test with following options|total number of events:|Threads fairness`)
	sysbenchThreads      = compile(`(?m)Number of threads: (\d+)`)
	sysbenchTransactions = regexp.MustCompile(`transactions:\s+\d+\s+\(([\d.]+) per sec\.\)`)
	sysbenchEvents       = regexp.MustCompile(`events per second:\s+([\d.]+)`)
	sysbenchOperations   = regexp.MustCompile(`(?:[Tt]otal o|O)perations(?: performed)?: \d+ \(\s*([\d.]+) (?:per second|ops/sec)\)`)
	sysbenchTotal        = regexp.MustCompile(`total number of events:\s+(\d+)`)
	sysbenchTime         = regexp.MustCompile(`total time:\s+([\d.]+)s`)
	sysbenchKinds        = []struct {
		mark *regexp.Regexp
		name string
	}{
		{regexp.MustCompile(`Prime numbers limit|CPU speed|Maximum prime number`), "sysbench cpu"},
		{regexp.MustCompile(`memory speed test|memory operations`), "sysbench memory"},
		{regexp.MustCompile(`Number of yields|thread subsystem`), "sysbench threads"},
		{regexp.MustCompile(`mutex`), "sysbench mutex"},
		{regexp.MustCompile(`(?i)file operations|extra file open flags`), "sysbench fileio"},
		{regexp.MustCompile(`SQL statistics|OLTP test`), "sysbench oltp"},
	}
)

func readSysbench(in *input) error {
	var s loadSummary
	var r loadRun
	var events, seconds float64
	flush := func() {
		if r.rate == 0 && seconds > 0 {
			r.rate = events / seconds
		}
		if r.threads > 0 && (r.rate > 0 || seconds > 0) {
			s.runs = append(s.runs, r)
		}
		r, events, seconds = loadRun{series: "sysbench"}, 0, 0
	}
	flush()
	for {
		line, ok := in.text.next()
		if !ok {
			break
		}
		text := string(uncoloured(line))
		for _, k := range sysbenchKinds {
			if r.series == "sysbench" && k.mark.MatchString(text) {
				r.series = k.name
			}
		}
		switch {
		case matchText(sysbenchThreads, text) != "":
			flush()
			r.threads, r.line = matchNumber(sysbenchThreads, text), in.text.number
		case matchText(sysbenchTransactions, text) != "":
			r.rate = matchNumber(sysbenchTransactions, text)
		case matchText(sysbenchEvents, text) != "" && r.rate == 0:
			r.rate = matchNumber(sysbenchEvents, text)
		case matchText(sysbenchOperations, text) != "" && r.rate == 0:
			r.rate = matchNumber(sysbenchOperations, text)
		case matchText(sysbenchTotal, text) != "":
			events = matchNumber(sysbenchTotal, text)
		case matchText(sysbenchTime, text) != "":
			seconds = matchNumber(sysbenchTime, text)
		}
	}
	flush()
	if err := in.text.failure(in.name); err != nil {
		return err
	}
	return s.read(in, "sysbench")
}
