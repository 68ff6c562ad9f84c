package read

import (
	"regexp"
	"slices"
	"strings"

	"amdahl/results"
)

// JMHText is what JMH prints.
var JMHText = Format{
	Name:  "JMH text",
	Doc:   "what JMH prints: each Iteration of a run, or the table at its end alone; x is `# Threads:`, a parameter or a number of the names",
	Sniff: func(head []byte, _ string) bool { return jmhHeader.Match(head) || jmhThreads.Match(head) },
	Read:  readJMHText,
}

var (
	jmhHeader     = compile(`(?m)Benchmark\s+(?:\([^()\n]+\)\s+)*Mode\s+(?:Cnt|Samples|Thr|Threads).*Score`)
	jmhThreads    = compile(`(?m)# Threads: (\d+) threads?`)
	jmhBenchmark  = regexp.MustCompile(`# Benchmark: (\S+)`)
	jmhMode       = regexp.MustCompile(`# Benchmark mode: (\w+)`)
	jmhParameters = regexp.MustCompile(`# Parameters: \((.*)\)`)
	jmhIteration  = regexp.MustCompile(`^\s*Iteration +\d+: ([^\s]+)(?: ±\([\d.]+%\) [^\s]+)? (\S+/\S+)\s*$`)
	jmhParameter  = regexp.MustCompile(`\(([^()]+)\)`)
	jmhModes      = map[string]string{"Throughput": "thrpt", "Average": "avgt", "Sampling": "sample", "Single": "ss"}
)

func readJMHText(in *input) error {
	var logged, table jmhRuns
	var current jmhRun
	var params []string
	inTable := false
	for {
		line, ok := in.text.next()
		if !ok {
			break
		}
		text := strings.TrimRight(string(uncoloured(line)), " \t\r\n")
		if c := string(trimSpace(cleaned(line))); jmhHeader.MatchString(c) || strings.HasPrefix(c, "# ") || strings.HasPrefix(c, "Iteration") {
			text = c
		}
		match := func(re finder) string {
			if m := re.FindStringSubmatch(text); m != nil {
				return m[1]
			}
			return ""
		}
		switch {
		case jmhHeader.MatchString(text):
			inTable, params = true, nil
			for _, m := range jmhParameter.FindAllStringSubmatch(text, -1) {
				params = append(params, m[1])
			}
		case match(jmhThreads) != "":
			q, _ := parseQuantity(match(jmhThreads), false)
			current = jmhRun{threads: q.value}
			inTable = false
		case match(jmhMode) != "":
			current.mode = jmhModes[match(jmhMode)]
		case match(jmhBenchmark) != "":
			current.name, current.params = match(jmhBenchmark), nil
		case match(jmhParameters) != "":
			for p := range strings.SplitSeq(match(jmhParameters), ", ") {
				k, v, _ := strings.Cut(p, " = ")
				current.params = append(current.params, results.Part{Key: k, Value: v})
			}
		case jmhIteration.MatchString(text) && current.name != "":
			m := jmhIteration.FindStringSubmatch(text)
			if v, ok := jmhScore(m[1]); ok {
				run := current
				run.scores, run.unit, run.line = []float64{v}, m[2], in.text.number
				logged = append(logged, run)
			}
		case inTable:
			if run, ok := jmhRow(text, params); ok {
				run.threads, run.line = current.threads, in.text.number
				table = append(table, run)
			}
		}
	}
	if err := in.text.failure(in.name); err != nil {
		return err
	}
	if len(logged) > 0 {
		return logged.read(in)
	}
	return table.read(in)
}

// jmhRow reads a row of the table at the end.
func jmhRow(text string, params []string) (r jmhRun, ok bool) {
	f := strings.Fields(strings.Trim(text, "|` "))
	at := slices.IndexFunc(f, func(s string) bool { return slices.Contains([]string{"thrpt", "avgt", "sample", "ss"}, s) })
	if at < 1 || at != 1+len(params) || jmhSecondary(f[0]) {
		return r, false
	}
	r.name, r.mode = f[0], f[at]
	for i, p := range params {
		if v := f[1+i]; v != "N/A" {
			r.params = append(r.params, results.Part{Key: p, Value: v})
		}
	}
	rest := f[at+1:]
	if n := len(rest); n < 2 || !strings.Contains(rest[n-1], "/") {
		return r, false
	}
	r.unit = rest[len(rest)-1]
	rest = rest[:len(rest)-1]
	if i := slices.IndexFunc(rest, func(s string) bool { return strings.HasPrefix(s, "±") || s == "+-" }); i >= 0 {
		rest = rest[:i]
	} else if len(rest) == 3 { // the count, the score and its error
		rest = rest[:2]
	}
	if len(rest) == 0 {
		return r, false
	}
	v, ok := jmhScore(rest[len(rest)-1])
	r.scores = []float64{v}
	return r, ok
}
