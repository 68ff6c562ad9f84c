package read

import (
	"encoding/json"
	"fmt"
	"strings"
)

// amdahl is the time at n workers of all examples: 1000 at one, σ = 0.1.
func amdahl(n int) float64 { return 1000 * (0.1 + 0.9/float64(n)) }

// levels writes one text for each of 1, 2, 4, 8: the level and the time.
func levels(format string) string {
	var b strings.Builder
	for _, n := range []int{1, 2, 4, 8} {
		fmt.Fprintf(&b, format, n, amdahl(n))
	}
	return b.String()
}

// rates is levels with throughputs instead of times.
func rates(format string) string {
	var b strings.Builder
	for _, n := range []int{1, 2, 4, 8} {
		fmt.Fprintf(&b, format, n, 1e6/amdahl(n))
	}
	return b.String()
}

// goLines are results of go test -bench at four levels. With a suffix, "-%d", the
// name at one processor has none.
func goLines(name string, suffix ...string) string {
	var b strings.Builder
	for _, n := range []int{1, 2, 4, 8} {
		at := name
		if len(suffix) == 0 {
			at = fmt.Sprintf(name, n)
		} else if n > 1 {
			at += fmt.Sprintf(suffix[0], n)
		}
		fmt.Fprintf(&b, "%s\t1000\t%.10g ns/op\n", at, amdahl(n))
	}
	return b.String()
}

// behind puts a prefix in front of each line.
func behind(prefix, text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(prefix + line)
	}
	return b.String()
}

// goEvents is a text as go test -json prints it: a name and its numbers are two
// events.
func goEvents(text string) string {
	var b strings.Builder
	b.WriteString(`{"Time":"2031-02-03T04:05:06Z","Action":"start","Package":"p"}` + "\n")
	event := func(output string) {
		quoted, _ := json.Marshal(output)
		fmt.Fprintf(&b, `{"Time":"2031-02-03T04:05:06Z","Action":"output","Package":"p","Test":"BenchmarkX","Output":%s}`+"\n", quoted)
	}
	for line := range strings.Lines(text) {
		name, rest, _ := strings.Cut(line, "\t")
		event(name + " \t")
		event(rest)
	}
	return b.String()
}

func hyperfineJSON(commandLine string, parameter bool) string {
	var b strings.Builder
	b.WriteString(`{"results": [`)
	for i, n := range []int{1, 2, 4, 8} {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, `{"command": %q, "mean": 9, "times": [%g, %g], "exit_codes": [0, 0]`, fmt.Sprintf(commandLine, n), amdahl(n), amdahl(n))
		if parameter {
			fmt.Fprintf(&b, `, "parameters": {"threads": "%d"}`, n)
		}
		b.WriteString("}\n")
	}
	return b.String() + "]}"
}

func googleJSON(name string) string {
	list := strings.TrimSuffix(levels(`{"name": "`+name+`", "run_type": "iteration", "iterations": 7, "real_time": %g, "cpu_time": 1, "time_unit": "us"},`), ",")
	return `{"context": {"num_cpus": 8}, "benchmarks": [` + list + `]}`
}

func googleConsole(name string) string { return levels(name + "   %g ns   1000 ns   700\n") }

func jmhJSON(mode, unit string, score func(n int) float64) string {
	var list []string
	for _, n := range []int{1, 2, 4, 8} {
		list = append(list, fmt.Sprintf(`{"jmhVersion": "1.36", "benchmark": "a.B.c", "mode": %q, "threads": %d, "params": {"size": "7"}, "primaryMetric": {"score": 5, "scoreError": "NaN", "scoreUnit": %q, "rawData": [[%g], [%g]]}}`,
			mode, n, unit, score(n), score(n)))
	}
	return "[" + strings.Join(list, ",\n") + "]"
}

const jmhLog = `# JMH version: 1.36
# Threads: 1 thread, will synchronize iterations
# Benchmark mode: Throughput, ops/time
# Benchmark: a.B.c

# Fork: 1 of 1
# Warmup Iteration   1: 7.000 ops/s
Iteration   1: 1000.000 ops/s
Iteration   2: 1000.000 ops/s

Result "a.B.c":
  1000.000 ±(99.9%) 1.0 ops/s [Average]

# Threads: 4 threads, will synchronize iterations
# Benchmark mode: Throughput, ops/time
# Benchmark: a.B.c
Iteration   1: 3076.923077 ops/s

Benchmark   Mode  Cnt  Score   Error  Units
B.c        thrpt    2  1000.000      ops/s
`

func pytestJSON(name string) string {
	list := strings.TrimSuffix(levels(`{`+name+`, "stats": {"mean": 7, "data": [%[2]g, %[2]g]}},`), ",")
	return `{"machine_info": {"node": "x"}, "benchmarks": [` + list + `]}`
}
