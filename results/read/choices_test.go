package read

import (
	"fmt"
	"strings"
	"testing"
)

// The modes of one JMH benchmark are series of their own, in all of its formats.
func TestModes(t *testing.T) {
	json := func(mode, unit string, threads int, score float64) string {
		return fmt.Sprintf(`{"jmhVersion": "1.36", "benchmark": "a.B.c", "mode": %q, "threads": %d, "primaryMetric": {"score": %[3]g, "scoreError": "NaN", "scoreUnit": %[4]q, "rawData": [[%[3]g]]}}`, mode, threads, score, unit)
	}
	list := "[" + strings.Join([]string{
		json("thrpt", "ops/ms", 1, 1), json("thrpt", "ops/ms", 4, 1000/325.0),
		json("avgt", "ms/op", 1, 1), json("avgt", "ms/op", 4, 4*0.325),
		json("sample", "ms/op", 1, 2), json("sample", "ms/op", 4, 4*0.65),
		json("ss", "ms/op", 1, 3), json("ss", "ms/op", 4, 4*0.975),
	}, ",\n") + "]"
	const four = "a.B.c/mode=thrpt threads strong: 1×1 4×1\na.B.c/mode=avgt threads strong: 1×1 4×1\na.B.c/mode=sample threads strong: 1×1 4×1\na.B.c/mode=ss threads strong: 1×1 4×1\n"
	const header = `"Benchmark","Mode","Threads","Samples","Score","Score Error (99.9%)","Unit"` + "\n"
	for _, tt := range []struct{ name, text, want string }{
		{"JSON", list, four},
		{"CSV", header + `"a.B.c","thrpt",1,5,1,0,"ops/ms"
"a.B.c","thrpt",4,5,3.0769230769,0,"ops/ms"
"a.B.c","avgt",1,5,1,0,"ms/op"
"a.B.c","avgt",4,5,1.3,0,"ms/op"
"a.B.c","sample",1,5,2,0,"ms/op"
"a.B.c","sample",4,5,2.6,0,"ms/op"
"a.B.c:c·p0.50","sample",1,1,1.9,NaN,"ms/op"
"a.B.c:c:p0.99","sample",1,1,1.9,NaN,"ms/op"
"a.B.c:·gc.alloc.rate","thrpt",1,5,3.1,0.1,"MB/sec"
"a.B.c:L1-dcache-loads:u","thrpt",1,5,3.1,0.1,"#/op"
"a.B.c","ss",1,5,3,0,"ms/op"
"a.B.c","ss",4,5,3.9,0,"ms/op"
`, four},
		{"text", `Benchmark  (threads)    Mode  Cnt  Score   Error   Units
B.c                1   thrpt    5  1.000 ± 0.100  ops/ms
B.c                4   thrpt    5  3.076923 ± 0.1 ops/ms
B.c                1    avgt    5  1.000 ± 0.001   ms/op
B.c                4    avgt    5  0.325 ± 0.001   ms/op
B.c                1  sample  999  1.000 ± 0.001   ms/op
B.c:c·p0.50        1  sample       0.900           ms/op
B.c                4  sample  999  0.325 ± 0.001   ms/op
B.c                1      ss       1.000           ms/op
B.c                4      ss       0.325           ms/op
`, strings.ReplaceAll(four, "a.B.c", "B.c")},
		{"modes at other levels", header + "\"a.B.c\",\"thrpt\",1,5,1,0,\"ops/ms\"\n\"a.B.c\",\"avgt\",1,5,1,0,\"ms/op\"\n\"a.B.c\",\"avgt\",4,5,1.3,0,\"ms/op\"\n",
			"a.B.c/mode=thrpt threads strong: 1×1\na.B.c/mode=avgt threads strong: 1×1 4×1\n"},
		{"one mode", header + "\"a.B.c\",\"thrpt\",1,5,1,0,\"ops/ms\"\n\"a.B.c\",\"thrpt\",4,5,3.0769230769,0,\"ops/ms\"\n", "a.B.c threads strong: 1×1 4×1\n"},
	} {
		s, err := read(t, tt.text, Options{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := sketch(s); got != tt.want || len(s.Problems) > 0 {
			t.Errorf("%s: got %q, %v, want %q", tt.name, got, s.Problems, tt.want)
		}
		for _, c := range s.Curves {
			followsAmdahl(t, c)
		}
	}
}

// hyperfineRuns is what hyperfine writes of a command with two parameters; the
// time follows the second.
func hyperfineRuns(a, b string, as, bs []int) string {
	var list []string
	for _, x := range as {
		for _, y := range bs {
			list = append(list, fmt.Sprintf(`{"command": "tool %d %d", "times": [%g], "exit_codes": [0], "parameters": {%q: "%d", %q: "%d"}}`, x, y, amdahl(y), a, x, b, y))
		}
	}
	return `{"results": [` + strings.Join(list, ",\n") + `]}`
}

// Of two numeric parameters of hyperfine the one that names workers is taken; a
// letter names none.
func TestHyperfineParameters(t *testing.T) {
	one, four := []int{1, 2, 4}, []int{1, 2, 4}
	for _, tt := range []struct {
		name, text string
		o          Options
		want       string // the sketch
		said       string // a part of the notes or of the error
	}{
		{"t and n", hyperfineRuns("n", "t", []int{10, 20}, one), Options{}, "", `several numeric parameters: "n", "t": choose the x axis: amdahl fit -x n, or amdahl fit -x t`},
		{"p and n", hyperfineRuns("n", "p", []int{10, 20}, one), Options{}, "", `choose the x axis`},
		{"size and t", hyperfineRuns("size", "t", []int{10, 20}, one), Options{}, "", `choose the x axis`},
		{"jobs and threads", hyperfineRuns("jobs", "threads", one, four), Options{}, "", `"jobs", "threads": choose the x axis`},
		{"size and jobs", hyperfineRuns("size", "jobs", []int{10, 20}, one), Options{}, "tool/size=10 jobs strong: 1×1 2×1 4×1\ntool/size=20 jobs strong: 1×1 2×1 4×1\n", `x is the parameter "jobs"`},
		{"n and threads", hyperfineRuns("n", "threads", []int{10, 20}, one), Options{}, "tool/n=10 threads strong: 1×1 2×1 4×1\ntool/n=20 threads strong: 1×1 2×1 4×1\n", `x is the parameter "threads"`},
		{"t and n, said", hyperfineRuns("n", "t", []int{10, 20}, one), Options{X: "t"}, "tool/n=10 t strong: 1×1 2×1 4×1\ntool/n=20 t strong: 1×1 2×1 4×1\n", ""},
		{"t alone", hyperfineRuns("n", "t", []int{10}, one), Options{}, "tool/n=10 t strong: 1×1 2×1 4×1\n", `x is the parameter "t"`},
		{"size alone", hyperfineRuns("mode", "size", []int{7}, []int{100, 200}), Options{}, "", `the parameter "size" looks like a size, and no other number varies: if it counts workers: amdahl fit -x size`},
	} {
		s, err := read(t, tt.text, tt.o)
		if tt.want == "" {
			if err == nil || !strings.Contains(err.Error(), tt.said) {
				t.Errorf("%s: got %v, want %s", tt.name, err, tt.said)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := sketch(s); got != tt.want || !strings.Contains(notes(s.Notes), tt.said) || len(s.Problems) > 0 {
			t.Errorf("%s: got %q, %v, %v, want %q", tt.name, got, s.Notes, s.Problems, tt.want)
		}
	}
}

// A flag for which a format has no use is a complaint with the command without it.
func TestUnusedFlags(t *testing.T) {
	goText := goLines("BenchmarkX", "-%d")
	table := "threads,time\n1,1000\n2,550\n"
	wrk := rates("Running 9s test @ http://h/\n  2 threads and %[1]d connections\nRequests/sec:  %[2]g\n")
	for _, tt := range []struct {
		name, text string
		o          Options
		want       string
	}{
		{"a rate of a table", table, Options{Metric: "req/s"}, `--metric req/s names a number of benchmark text, and this is a table (CSV and TSV): name its column: amdahl fit --throughput req/s`},
		{"a time of a table", table, Options{Metric: "ns/op"}, `amdahl fit --time ns/op`},
		{"a metric of hyperfine", hyperfineJSON("x %d", true), Options{Metric: "mean"}, `and this is hyperfine JSON: amdahl fit`},
		{"a column of JSON", hyperfineJSON("x %d", true), Options{Time: []string{"mean"}}, `"mean" is to be a column, and this is hyperfine JSON, which has none: amdahl fit`},
		{"a unit of Go text", goText, Options{Unit: "ms"}, `--unit is for tables, and this is Go benchmark text, which says it itself: amdahl fit`},
		{"a series of Go text", goText, Options{Series: []string{"a"}}, `--series is for tables`},
		{"a comma of Go text", goText, Options{Comma: CommaDecimal}, `--comma is for tables`},
		{"another x of wrk", wrk, Options{X: "users"}, `no "users" in the summaries: choose the x axis: amdahl fit -x connections, or amdahl fit -x threads`},
	} {
		s, err := read(t, tt.text, tt.o)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, %v, want %s", tt.name, s, err, tt.want)
		}
	}
	s, err := read(t, wrk, Options{X: "connections"})
	if err != nil || !strings.Contains(sketch(s), "connections strong: 1×1 2×1 4×1 8×1") {
		t.Errorf("connections: got %v", err)
	}
}

// The right column is found by its unit, by words of other languages, and by what
// the other columns say.
func TestColumnsOfPeople(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       string // the sketch
		times      string
		said       string
	}{
		{"a unit set off by a capital", "Threads,timeMs\n1,1000\n2,550\n", "<stdin> Threads strong: 1×1 2×1\n", "[1 0.55]", "in milliseconds (as its name says)"},
		{"ns/op", "| Impl | Workers | iters | ns/op | B/op |\n|---|---|---|---|---|\n| A | 1 | 64 | 1,000,000 | 16 |\n| A | 2 | 91 | 550,000 | 16 |\n", "A Workers strong: 1×1 2×1\n", "[0.001 0.00055]", `time is the column "ns/op", in nanoseconds (as its name says), a comma marks thousands`},
		{"a unit in brackets", "procs,solve (ms)\n1,1000\n2,550\n", "<stdin> procs strong: 1×1 2×1\n", "[1 0.55]", `time is the column "solve (ms)"`},
		{"two with a unit", "procs,mine (s),theirs (s),speedup ratio\n1,1000,2000,2\n2,550,1100,2\n", "mine (s) procs strong: 1×1 2×1\ntheirs (s) procs strong: 1×1 2×1\n", "[1000 550 2000 1100]", "are times"},
		{"Portuguese", "| # threads | tempo médio de execução | aceleração | eficiência |\n|---|---|---|---|\n|1 | 10,00 ms | N/A | N/A |\n|2 | 5,5 ms | 1,82 | 0,91|\n", "<stdin> threads strong: 1×1 2×1\n", "[0.01 0.0055]", `time is the column "tempo médio de execução"`},
		{"German", "Kerne;Laufzeit [s];Beschleunigung\n1;10,00;1,00\n2;5,50;1,82\n", "<stdin> Kerne strong: 1×1 2×1\n", "[10 5.5]", `x is the column "Kerne"`},
		{"a serial row without workers", "algo,threads,time\nserial,NA,990\nparallel,1,1000\nparallel,2,550\n", "<stdin> threads strong: 1×1 2×1\n", "[1000 550]", ""},
		{"cells without a number", "threads,time\n1,1000\n2,550\n4,\n8,—\n16,n/a\n", "<stdin> threads strong: 1×1 2×1\n", "[1000 550]", "nothing was measured in 3 lines from line 4 on"},
		{"work that grows", "Threads,Time (ms),Ops/sec\n1,10,1000\n2,11,1818.18182\n4,13,3076.92308\n", "<stdin> Threads strong: 1×1 2×1 4×1\n", "", `throughput is the column "Ops/sec"`},
		{"a rate in a million", "threads,throughput (Mops/s)\n1,1\n2,1.81818182\n", "<stdin> threads strong: 1×1 2×1\n", "[1e-06 5.4999999945e-07]", "in Mops/s (as its name says)"},
		{"a rate a millisecond", "threads,ops_per_ms\n1,1\n2,1.81818182\n", "<stdin> threads strong: 1×1 2×1\n", "[0.001 0.00054999999945]", "in ops/ms (as its name says)"},
		{"speedups in percent", "threads,speedup (%)\n1,100\n2,181.818182\n", "<stdin> threads strong: 1×1 2×1\n", "[1 0.54999999945]", "in percent (as its name says)"},
		{"efficiencies", "threads,efficiency\n1,100%\n2,90.909091%\n", "<stdin> threads strong: 1×1 2×1\n", "", `speedup is x times the column "efficiency"`},
		{"levels in words", "config,time\nserial,1000\n2 threads,550\n4 threads,325\n", "<stdin> config strong: 1×1 2×1 4×1\n", "[1000 550 325]", `x is the column "config"`},
		{"what was measured beside the time", "| Op | Threads | Time | Memory |\n|---|---|---|---|\n| a | 1 | 1000 s | 5.84 MiB |\n| a | 2 | 550 s | 5.85 MiB |\n| a | 4 | 325 s | 5.85 MiB |\n", "a Threads strong: 1×1 2×1 4×1\n", "", ""},
		{"one quantity in two units", "workers,ns/op,ms/op\n1,1000000,1\n2,550000,0.55\n", "<stdin> workers strong: 1×1 2×1\n", "[0.001 0.00055]", ""},
		{"ratios in wide columns", "n | 1 Thread | 2 Threads | 4 Threads\n50×50 | baseline | 1.81818182× | 3.07692308×\n", "50×50 thread strong: 1×1 2×1 4×1\n", "", "the numbers are of a speedup"},
		{"Slurm's days", "JobID|NCPUS|Elapsed|State\n11|1|1-00:00:00|COMPLETED\n12|2|13:12:00|COMPLETED\n", "<stdin> NCPUS strong: 1×1 2×1\n", "[86400 47520]", ""},
		{"links and footnotes", "| threads | time |\n|---|---|\n| 1 | [1000 s](https://h/1) |\n| 2 | <b>550 s</b>[^1] |\n| 4 | 🥇 325 s |\n| 8 | 212.5¹ s |\n", "<stdin> threads strong: 1×1 2×1 4×1\n", "[1000 550 325]", ""},
		{"a title of Excel", "sep=;\r\nThreads;Time (s)\r\n1;10,00\r\n2;5,50\r\n", "<stdin> Threads strong: 1×1 2×1\n", "[10 5.5]", ""},
		{"a number of operations", "allocator,threads,elapsed_us,total_ops,ops_per_sec\na,1,1000,1000,1\na,2,1100,2000,1.81818182\na,4,1300,4000,3.07692308\n", "a threads strong: 1×1 2×1 4×1\n", "", `throughput is the column "ops_per_sec"`},
		{"marks of Markdown", "| `Op` | 1 thread | 2 threads | Efficiency |\n|---|---|---|---|\n| **sum** | 1000 | 550 | 91% |\n", "sum thread strong: 1×1 2×1\n", "", ""},
		{"units below the header", "threads,time\n[-],[ms]\n1,1000\n2,550\n", "<stdin> threads strong: 1×1 2×1\n", "[1 0.55]", `time is the column "time (ms)", in milliseconds (as its name says)`},
		{"letters for speedup and time", "np=1  T=1000 s  S=1.00  E=100%\nnp=2  T=550 s   S=1.82  E=91%\n", "<stdin> np strong: 1×1 2×1\n", "[1000 550]", `time is the column "T"`},
		{"letters behind the level", "threads,time\n1T,1000s\n2T,550s\n", "<stdin> threads strong: 1×1 2×1\n", "[1000 550]", ""},
		{"graphics processors", "| GPUs | images/sec |\n|---|---|\n| 1× | 1 |\n| 2× | 1.81818182 |\n", "<stdin> GPUs strong: 1×1 2×1\n", "", `x is the column "GPUs"`},
		{"a row that sums up", "| Threads | Time (s) |\n|---|---|\n| 1 | 1000 |\n| 2 | 550 |\n| Average | 775 |\n", "<stdin> Threads strong: 1×1 2×1\n", "[1000 550]", ""},
		{"marks", "clients,tput/s,in time\n1,1,✓\n2,1.81818182,✓\n4,3.07692308,✗\n", "<stdin> clients strong: 1×1 2×1 4×1\n", "", ""},
		{"bold cells", "| Threads | Time (s) |\n|---|---|\n| 1 | 1000 |\n| **2** | **550** |\n", "<stdin> Threads strong: 1×1 2×1\n", "[1000 550]", ""},
		{"a unit in the names of wide columns", "input,t1 (ms),t2 (ms),t4 (ms)\na,1000,550,325\n", "a threads strong: 1×1 2×1 4×1\n", "[1 0.55 0.325]", "times in milliseconds (as their names say)"},
	} {
		s, err := read(t, tt.text, Options{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := sketch(s); got != tt.want || tt.times != "" && times(s) != tt.times || !strings.Contains(notes(s.Notes), tt.said) {
			t.Errorf("%s: got %q, %s, %q, want %q, %s", tt.name, got, times(s), notes(s.Notes), tt.want, tt.times)
		}
		for _, c := range s.Curves {
			followsAmdahl(t, c)
		}
	}
	_, err := read(t, "nodes,tasks,elapsed\n1,1,119\n1,24,10\n1,48,8\n2,96,6\n", Options{})
	if want := `"nodes"=1 has times or rates that differ 12 times, and the column "tasks" differs as well: is it the x axis, or does it tell series apart? amdahl fit -x tasks, or amdahl fit -x nodes --series tasks`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("mixed levels: got %v, want %s", err, want)
	}
}
