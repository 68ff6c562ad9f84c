package read

import (
	"os/exec"
	"strings"
	"testing"
)

// Messages name each column in quotes and print a complete command.
func TestQuestions(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		o          Options
		want       string
	}{
		{"no column of workers", "load,rate\n1.5,3\n2.5,4\n", Options{}, `which column counts the workers? The columns are "load", "rate": amdahl fit -x load --throughput rate`},
		{"no number in x", "threads,seconds\nNaN,10\nInf,5\n", Options{}, `which column counts the workers? The columns are "threads", "seconds": no cell of "threads" is a number above 0, the first is "NaN": put numbers there`},
		{"no number in y", "threads,seconds\n1,NaN\n2,-Inf\n", Options{}, `no cell of "seconds" is a number above 0, the first is "NaN": put numbers there`},
		{"one column with numbers", "name,time\na,5.5\nb,6.5\n", Options{}, `which column counts the workers? The columns are "name", "time": a table needs two columns with numbers, one that counts workers and one that was measured: put in what is missing; for examples type amdahl formats`},
		{"which x", "threads,cores,time\n1,1,9\n2,1,5\n2,2,3\n", Options{}, `several columns can be the workers: "threads", "cores": choose the x axis: amdahl fit -x threads, or amdahl fit -x cores`},
		{"which time", "threads,time a,time b\n1,9.5,8.5\n2,5.5,4.5\n", Options{}, `several columns can be what was measured: "time a", "time b": amdahl fit --time 'time a', or amdahl fit --time 'time b', or amdahl fit --time 'time a,time b' for all`},
		{"what was measured", "threads,static,dynamic\n1,9.5,8.5\n2,5.5,4.5\n", Options{}, `which column was measured? The columns are "threads", "static", "dynamic": if times, amdahl fit -x threads --time static,dynamic, or if speedups, amdahl fit -x threads --speedup static`},
		{"two columns of one name", "threads,time,time\n1,9.5,8.5\n2,5.5,4.5\n", Options{Time: []string{"time"}}, `2 columns have the name "time": name one by its number: amdahl fit --time '#2', or amdahl fit --time '#3'`},
		{"grows without a header", "1,10.5\n2,19.5\n", Options{}, `column "2" grows with "1": is it a throughput, a speedup or a time? amdahl fit -x 1 --throughput 2, or amdahl fit -x 1 --speedup 2, or amdahl fit -x 1 --time 2`},
		{"unlike columns without a header", "1,10.5,1\n2,5.5,1.9\n", Options{}, `there is no header, and columns 2, 3 differ: which one was measured? amdahl fit -x 1 --time 2`},
		{"a comma in a name", "threads,\"a, b\"\n1,9.5\n2,5.5\n", Options{Time: []string{"c"}}, `no column "c" for --time: the columns are "threads", "a, b": amdahl fit -x threads --time '"a, b"'`},
		{"a unit", "threads,time\n1,9.5\n2,5.5\n", Options{Unit: "parsec"}, `parsec is not a unit of time: write ns, us, ms, s, min or h: amdahl fit --unit ms`},
		{"a column of benchmark text", "BenchmarkA 1 5 ns/op\n", Options{Throughput: "req/s"}, `"req/s" is to be a column, and this is Go benchmark text, which has none: name a metric: amdahl fit --metric req/s`},
		{"a metric", "BenchmarkA 1 5 ns/op 7 MB/s\n", Options{Metric: "req/s"}, `1 result has no metric "req/s", first here; the metrics are "MB/s", "ns/op": amdahl fit --metric MB/s, or amdahl fit --metric ns/op`},
		{"no time", "BenchmarkA 1 7 MB/s\n", Options{}, `no ns/op on this line: a time is needed, or a metric: --metric MB/s`},
		{"a file with a name for a shell", "a,b\n1.5,2\n2.5,3\n", Options{Args: []string{"my file's.csv", "-x.csv"}, Command: "amdahl plot"}, `amdahl plot -x b --time a -- 'my file'\''s.csv' -x.csv`},
		{"Cilkscale without times", "tag,work (seconds),span (seconds),parallelism\nsort,9,1,9\n", Options{}, "Cilkscale gives work and span here, and no times: run cilkscale.py -b BENCHMARK"},
		{"no cores", "tag,work (seconds),0c time (seconds)\nsort,9,5\n", Options{}, "cores=0 is not a number of workers: a number above 0 is needed"},
		{"criterion without a name", `{"mean":{"point_estimate":1.5},"median":{"point_estimate":1.5}}`, Options{}, "as in target/criterion/sum/8/new/sample.json"},
	} {
		s, err := read(t, tt.text, tt.o)
		if err == nil {
			t.Errorf("%s: got %q, want %s", tt.name, sketch(s), tt.want)
			continue
		}
		if !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "invalid syntax") {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

// A shell reads the words of a command as they were meant.
func TestQuote(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh: ", err)
	}
	for _, word := range []string{"a", "", "a b", "it's", `"`, `\`, "$x", "`x`", "#2", "ä", "a;b", "*", "~", "a\nb", "-x", "(p)"} {
		out, err := exec.CommandContext(t.Context(), sh, "-c", "printf %s "+Quote(word)).Output()
		if err != nil || string(out) != word {
			t.Errorf("%q: the shell reads %q, %v from %s", word, out, err, Quote(word))
		}
	}
}

// A list of names is read as it was written.
func TestSplitList(t *testing.T) {
	for _, list := range [][]string{nil, {"a"}, {"a", "b"}, {"a, b"}, {"a, b", "c"}, {`say "x"`, "y"}, {"T(n, 1)"}} {
		got := SplitList(joinList(list))
		if strings.Join(got, "|") != strings.Join(list, "|") || len(got) != len(list) {
			t.Errorf("%q: got %q from %s", list, got, joinList(list))
		}
	}
}
