package read

import (
	"math"
	"strings"
	"testing"

	"amdahl/results"
)

// examples are texts of every format. The times at 1, 2, 4, 8 are 1000 : 550 :
// 325 : 212.5, which is Amdahl's law at σ = 0.1.
var examples = []struct {
	format Format
	name   string // what of the format is tried
	text   string
	o      Options
	want   string // the sketch
	notes  string // a part of the notes; "" for none at all
}{
	{GoText, "suffix", goLines("BenchmarkX", "-%d"), Options{}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "key", goLines("BenchmarkX/workers=%d-8"), Options{}, "X workers strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "capitals", goLines("BenchmarkX/Workers=%d-8"), Options{}, "X Workers strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "relative", goLines("BenchmarkX/concurrency=%d-16"), Options{}, "X concurrency strong: 1×1 2×1 4×1 8×1\n", `X: x is the number of "concurrency": 1, 2, 4, 8`},
	{GoText, "behind a comma", goLines("BenchmarkX/cost=10,concurrency=%d/basic-16"), Options{}, "X/cost=10/basic concurrency strong: 1×1 2×1 4×1 8×1\n", `x is the number of "concurrency"`},
	{GoText, "dash", goLines("BenchmarkX/w-%d-16"), Options{}, "X w strong: 1×1 2×1 4×1 8×1\n", `X: x is the number of "w"`},
	{GoText, "bare", goLines("BenchmarkX/%d-16"), Options{}, "X number strong: 1×1 2×1 4×1 8×1\n", "X: x is number 1 of the names"},
	{GoText, "underscore", goLines("BenchmarkX/threads_%d-16"), Options{}, "X threads strong: 1×1 2×1 4×1 8×1\n", `"threads"`},
	{GoText, "word behind", goLines("BenchmarkX/%d_workers-16"), Options{}, "X workers strong: 1×1 2×1 4×1 8×1\n", `"workers"`},
	{GoText, "in the name", goLines("BenchmarkXParallel%d-16"), Options{}, "XParallel Parallel strong: 1×1 2×1 4×1 8×1\n", `"Parallel"`},
	{GoText, "quoted", behind("> ", goLines("BenchmarkX", "-%d")), Options{}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "quoted twice", behind("> > ", goLines("BenchmarkX", "-%d")), Options{}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "indented", behind("\t    ", goLines("BenchmarkX", "-%d")), Options{}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "GitHub", behind("2031-02-03T04:05:06.1234567Z ", "goos: linux\n"+goLines("BenchmarkX", "-%d")), Options{}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "gh run view", behind("job\tstep\t2031-02-03T04:05:06.1Z ", goLines("BenchmarkX", "-%d")), Options{}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "Jenkins", behind("[2031-02-03T04:05:06.123Z] ", goLines("BenchmarkX", "-%d")), Options{}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "GitLab", behind("2031-02-03T04:05:06.123456Z 01O ", goLines("BenchmarkX", "-%d")), Options{}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "clock", behind("04:05:06 ", goLines("BenchmarkX", "-%d")), Options{}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "containers", "db_1     | LOG:  ready for 3 connections\n" + behind("bench_1  | ", goLines("BenchmarkX", "-%d")), Options{}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "colours", behind("\x1b[32m", strings.ReplaceAll(goLines("BenchmarkX", "-%d"), "\t1000\t", "\x1b[0m\t1000\t")), Options{}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "fence", "Here is what I get:\n\n```text\n" + goLines("BenchmarkX", "-%d") + "```\nIs that good?\n", Options{}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "log inside", strings.ReplaceAll(goLines("BenchmarkX", "-%d"), "\t1000\t", "\t2031/02/03 04:05:06 open 3 files\n\t 1000\t"), Options{}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "log in the line", strings.ReplaceAll(goLines("BenchmarkX", "-%d"), "\t1000\t", "\topened\t1000\t"), Options{}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "verbose", strings.ReplaceAll(goLines("BenchmarkX", "-%d"), "BenchmarkX", "BenchmarkX\n    x_test.go:1: hello\nBenchmarkX"), Options{}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoText, "rate", strings.NewReplacer("1000 ns/op", "7 ns/op\t1000 req/s", "550 ns/op", "7 ns/op\t1818.181818 req/s", "325 ns/op", "7 ns/op\t3076.923077 req/s", "212.5 ns/op", "7 ns/op\t4705.882353 req/s").Replace(goLines("BenchmarkX", "-%d")), Options{Metric: "req/s"}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},

	{GoTestJSON, "parts of lines", goEvents(goLines("BenchmarkX", "-%d")), Options{}, "X gomaxprocs strong: 1×1 2×1 4×1 8×1\n", ""},

	{Hyperfine, "parameter", hyperfineJSON("tool -t %d", true), Options{}, "tool threads strong: 1×2 2×2 4×2 8×2\n", ""},
	{Hyperfine, "variable", hyperfineJSON("OMP_NUM_THREADS=%d ./a.out", false), Options{}, "./a.out OMP_NUM_THREADS strong: 1×2 2×2 4×2 8×2\n", `"OMP_NUM_THREADS"`},
	{Hyperfine, "option", hyperfineJSON("make -j%d all", false), Options{}, "make all j strong: 1×2 2×2 4×2 8×2\n", `"j"`},
	{Hyperfine, "long option", hyperfineJSON("sort --parallel=%d f", false), Options{}, "sort f parallel strong: 1×2 2×2 4×2 8×2\n", `"parallel"`},
	{Hyperfine, "argument", hyperfineJSON("./run.sh %d", false), Options{}, "./run.sh number strong: 1×2 2×2 4×2 8×2\n", "number 1"},

	{GoogleJSON, "threads", googleJSON("BM_X/real_time/threads:%d"), Options{}, "BM_X threads strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoogleJSON, "argument", googleJSON("BM_X/%d/real_time"), Options{}, "BM_X number strong: 1×1 2×1 4×1 8×1\n", "number 1"},
	{GoogleText, "console", "2031-02-03 04:05:06\nRunning ./x\nRun on (8 X 3000 MHz CPU s)\n" + strings.Repeat("-", 60) + "\nBenchmark    Time   CPU   Iterations\n" + googleConsole("BM_X/threads:%d"), Options{}, "BM_X threads strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoogleText, "no header", googleConsole("BM_X/threads:%d"), Options{}, "BM_X threads strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoogleCSV, "context", "2031-02-03\nRun on (8 X 3000 MHz CPU s)\nname,iterations,real_time,cpu_time,time_unit,bytes_per_second,items_per_second,label,error_occurred,error_message\n" + levels(`"BM_X/threads:%[1]d",7,%[2]g,1000,ns,,,,,`+"\n"), Options{}, "BM_X threads strong: 1×1 2×1 4×1 8×1\n", ""},

	{JMHJSON, "throughput", jmhJSON("thrpt", "ops/us", func(n int) float64 { return 1000 / amdahl(n) }), Options{}, "a.B.c/size=7 threads strong: 1×2 2×2 4×2 8×2\n", ""},
	{JMHJSON, "average time", jmhJSON("avgt", "ns/op", func(n int) float64 { return amdahl(n) * float64(n) }), Options{}, "a.B.c/size=7 threads strong: 1×2 2×2 4×2 8×2\n", "divided by the threads"},
	{JMHJSON, "average time of the whole", jmhJSON("avgt", "ns/op", amdahl), Options{}, "a.B.c/size=7 threads strong: 1×2 2×2 4×2 8×2\n", "times of the whole"},
	{JMHCSV, "csv", "\"Benchmark\",\"Mode\",\"Threads\",\"Samples\",\"Score\",\"Score Error (99.9%)\",\"Unit\",\"Param: size\"\n" + rates(`"a.B.c","thrpt",%[1]d,5,%[2]g,1.5,"ops/s",7`+"\n"), Options{}, "a.B.c/size=7 threads strong: 1×1 2×1 4×1 8×1\n", ""},
	{JMHText, "table", "Benchmark  (threads)   Mode  Cnt  Score   Error  Units\n" + rates("B.c  %[1]d  thrpt  5  %[2]g ± 0.1  ops/s\n"), Options{}, "B.c threads strong: 1×1 2×1 4×1 8×1\n", ""},
	{JMHText, "no count", "Benchmark   Mode  Cnt  Score   Error  Units\n" + rates("B.c_%[1]d_threads  thrpt  %[2]g  ops/s\n"), Options{}, "B.c threads strong: 1×1 2×1 4×1 8×1\n", `"threads"`},
	{JMHText, "log", jmhLog, Options{}, "a.B.c threads strong: 1×2 4×1\n", ""},

	{PytestJSON, "parameter", pytestJSON(`"name": "test_x[%[1]d-fast]", "params": {"workers": %[1]d, "mode": "fast"}`), Options{}, "test_x/mode=fast workers strong: 1×2 2×2 4×2 8×2\n", ""},
	{PytestJSON, "number", pytestJSON(`"name": "test_x[%[1]d]", "params": null`), Options{}, "test_x number strong: 1×2 2×2 4×2 8×2\n", "number 1"},

	{CriterionJSON, "messages", levels(`{"reason":"benchmark-complete","id":"sum/threads/%[1]d","iteration_count":[10,1],"measured_values":[%[2]ge1,%[2]g],"unit":"ns","typical":{"estimate":1,"unit":"ns"}}` + "\n"), Options{}, "sum/threads number strong: 1×2 2×2 4×2 8×2\n", "number 1"},
	{CriterionJSON, "critcmp", `{"name":"base","benchmarks":{` + strings.TrimSuffix(levels(`"g/f/%[1]d":{"criterion_estimates_v1":{"mean":{"point_estimate":%[2]g}}},`), ",") + `}}`, Options{}, "g/f number strong: 1×1 2×1 4×1 8×1\n", "number 1"},

	{Cilkscale, "bench", "tag,work (seconds),span (seconds),parallelism,1c time (seconds),2c time (seconds),4c time (seconds),8c time (seconds)\nsort,9,1,9,1000,550,325,212.5\n,9,1,9,2000,1100,650,425\n", Options{}, "sort cores strong: 1×1 2×1 4×1 8×1\nprogram cores strong: 1×1 2×1 4×1 8×1\n", ""},
	{Pgbench, "runs", rates("transaction type: <builtin: select only>\nscaling factor: 1\nquery mode: simple\nnumber of clients: %[1]d\nnumber of threads: 2\nduration: 9 s\ntps = 1.5 (including connections establishing)\ntps = %[2]g (excluding connections establishing)\n"), Options{}, "pgbench/select only clients strong: 1×1 2×1 4×1 8×1\n", ""},
	{Sysbench, "runs", rates("sysbench 1.0.20\n\nRunning the test with following options:\nNumber of threads: %[1]d\n\nPrime numbers limit: 10000\n\nCPU speed:\n    events per second:  %[2]g\n\nGeneral statistics:\n    total time:   10.0s\n    total number of events:   77\n\n"), Options{}, "sysbench cpu threads strong: 1×1 2×1 4×1 8×1\n", ""},
	{Sysbench, "old", levels("sysbench 0.4.12:  multi-threaded system evaluation benchmark\n\nRunning the test with following options:\nNumber of threads: %[1]d\n\nMaximum prime number checked in CPU test: 9\n\nTest execution summary:\n    total time:                          %[2]gs\n    total number of events:              1000000\n"), Options{}, "sysbench cpu threads strong: 1×1 2×1 4×1 8×1\n", ""},
	{Wrk, "runs", rates("Running 9s test @ http://127.0.0.1:80/\n  2 threads and %[1]d connections\n  Thread Stats   Avg\n    Req/Sec    1.00k\n  99 requests in 9.00s\nRequests/sec:  %[2]g\n"), Options{}, "wrk/127.0.0.1:80_ connections strong: 1×1 2×1 4×1 8×1\n", ""},
	{Wrk, "threads", rates("Running 9s test @ http://127.0.0.1:80/\n  %[1]d threads and 100 connections\nRequests/sec:  %[2]g\n"), Options{}, "wrk/127.0.0.1:80_ threads strong: 1×1 2×1 4×1 8×1\n", ""},
	{K6, "runs", rates("  execution: local\n    http_reqs..........: 77   %[2]g/s\n    iterations.........: 77 3.5/s\n    vus................: 1 min=1 max=%[1]d\n    vus_max............: %[1]d min=%[1]d max=%[1]d\n"), Options{}, "k6 vus strong: 1×1 2×1 4×1 8×1\n", ""},
	{K6JSON, "one", `{"metrics": {"http_reqs": {"count": 9, "rate": 0.001}, "iterations": {"rate": 7}, "vus_max": {"value": 1, "min": 1, "max": 1}}}`, Options{}, "k6 vus strong: 1×1\n", ""},

	{Benchstat, "old", "name  time/op\n" + "X  1.000µs ± 2%\nX-2  550ns ± 1%\nX-4  325ns\nX-8  212.5ns ± ∞%\n[Geo mean]  400ns\n", Options{}, "X gomaxprocs strong: 1×3 2×3 4×1 8×1\n", "medians"},
	{Benchstat, "old and new", "name  old time/op    new time/op    delta\nX  1.00µs ± 2%  1.000ms ± 1%  ~  (p=0.4 n=5+5)\nX-8  212.5ns ± 1%   212.5µs ± 1%  -9.00%  (p=0.000 n=5+5)\n\nname  old alloc/op  new alloc/op  delta\nX  5.00B ± 0%  5.00B ± 0%  ~\n", Options{}, "X/old gomaxprocs strong: 1×3 8×3\nX/new gomaxprocs strong: 1×3 8×3\n", "medians"},
	{Benchstat, "new", "goos: linux\npkg: p\n       │  a.txt  │  b.txt  │\n       │ sec/op  │ sec/op   vs base  │\nX        1.000µ ± 2%   1.000m ± 1%  ~ (p=0.7 n=10)\nX-8      212.5n ± ∞ ¹  212.5µ ± 1%  -9% (p=0.0 n=10)\ngeomean  400n\n¹ need >= 6 samples\n\n  │ a.txt │\n  │ B/op │\nX  5.000 ± 0%\n", Options{}, "X/a.txt gomaxprocs strong: 1×3 8×1\nX/b.txt gomaxprocs strong: 1×3 8×3\n", "medians"},
	{BenchstatCSV, "csv", "goos: linux\n,a.txt,,b.txt,,,\n,sec/op,CI,sec/op,CI,vs base,P\nX,1e-6,2%,1e-3,1%,~,p=1\nX-8,2.125e-7,∞,2.125e-4,1%,-9%,p=0\ngeomean,4e-7,,4e-4,,\n", Options{}, "X/a.txt gomaxprocs strong: 1×3 8×1\nX/b.txt gomaxprocs strong: 1×3 8×3\n", "medians"},
	{Benchcmp, "two", "benchmark   old ns/op   new ns/op   delta\nBenchmarkX   1000   2000   +100%\nBenchmarkX-8   212.5   425   -5%\n\nbenchmark   old allocs   new allocs   delta\nBenchmarkX   5   5   +0%\n", Options{}, "X/old gomaxprocs strong: 1×1 8×1\nX/new gomaxprocs strong: 1×1 8×1\n", ""},

	{HyperfineText, "runs", levels("Benchmark #%[1]d: ./mandel %[1]d\n  Time (mean ± σ):     %[2]g ms ±   1.2 ms    [User: 3.0 ms, System: 1.0 ms]\n  Range (min … max):   1.0 ms … 2.0 ms    10 runs\n\n"), Options{}, "./mandel number strong: 1×1 2×1 4×1 8×1\n", "hyperfine's means"},
	{CriterionText, "names in front", levels("par_sum/threads/%[1]d     time:   [%[2]g µs %[2]g µs %[2]g µs]\n                 change: [-1.2%% -0.5%% +0.1%%] (p = 0.20 > 0.05)\n                 thrpt:  [1.0 Melem/s 1.1 Melem/s 1.2 Melem/s]\nFound 3 outliers among 100 measurements (3.00%%)\n"), Options{}, "par_sum/threads number strong: 1×1 2×1 4×1 8×1\n", "number 1"},
	{CriterionText, "names above", levels("Benchmarking a long name of a group/t%[1]d: Collecting 100 samples in estimated 5.0 s\na long name of a group/t%[1]d\n                        time:   [%[2]g ms %[2]g ms %[2]g ms]\n"), Options{}, "a long name of a group t strong: 1×1 2×1 4×1 8×1\n", `"t"`},
	{CriterionText, "libtest", levels("test bench_sum_%[1]d_threads ... bench: %[2]g ns/iter (+/- 12)\n"), Options{}, "bench_sum threads strong: 1×1 2×1 4×1 8×1\n", `"threads"`},
	{PerfStat, "runs", levels("\n Performance counter stats for './a.out -t %[1]d':\n\n     1,000.12 msec task-clock       #    0.998 CPUs utilized\n   123,456      cycles:u    (74.9%%)\n\n   %[2]g seconds time elapsed\n\n   0.99 seconds user\n   0.01 seconds sys\n\n"), Options{}, "./a.out t strong: 1×1 2×1 4×1 8×1\n", `"t"`},
	{PerfStat, "a spread", levels(" Performance counter stats for './a.out %[1]d' (5 runs):\n\n   %[2]g +- 0.0012 seconds time elapsed  ( +-  0.12%% )\n\n"), Options{}, "./a.out number strong: 1×3 2×3 4×3 8×3\n", "number 1"},
	{PerfStat, "a variable in front", levels("OMP_NUM_THREADS=%[1]d\n Performance counter stats for './a.out':\n\n   7 cycles\n   %[2]g seconds time elapsed\n\n"), Options{}, "<stdin> OMP_NUM_THREADS strong: 1×1 2×1 4×1 8×1\n", `"OMP_NUM_THREADS"`},
	{ShellTime, "bash", bashTimes, Options{}, "./a.out number strong: 1×1 2×1 4×1 8×1\n", "number 1"},
	{ShellTime, "a line in front", levels("threads: %[1]d\nresult 42\nreal %[2]g\nuser 3.0\nsys 0.1\n"), Options{}, "<stdin> threads strong: 1×1 2×1 4×1 8×1\n", `"threads"`},
	{ShellTime, "GNU", levels("threads=%[1]d\n%[2]g00.00user 0.10system %[2]gelapsed 99%%CPU (0avgtext+0avgdata 2048maxresident)k\n0inputs+0outputs (0major+100minor)pagefaults 0swaps\n"), Options{}, "<stdin> threads strong: 1×1 2×1 4×1 8×1\n", `"threads"`},
	{ShellTime, "GNU -v", "\tCommand being timed: \"./a.out -t 1\"\n\tUser time (seconds): 99.00\n\tPercent of CPU this job got: 99%\n\tElapsed (wall clock) time (h:mm:ss or m:ss): 16:40.00\n\tExit status: 0\n" +
		"\tCommand being timed: \"./a.out -t 8\"\n\tElapsed (wall clock) time (h:mm:ss or m:ss): 3:32.50\n\tMaximum resident set size (kbytes): 9\n\tExit status: 0\n", Options{}, "./a.out t strong: 1×1 8×1\n", `"t"`},
	{ShellTime, "zsh", levels("./a.out %[1]d  99.00s user 0.10s system 99%% cpu %[2]g total\n"), Options{}, "./a.out number strong: 1×1 2×1 4×1 8×1\n", "number 1"},
	{ShellTime, "fish", levels("$ ./a.out -j %[1]d\n________________________________________________________\nExecuted in  %[2]g millis    fish           external\n   usr time    3.00 millis\n"), Options{}, "./a.out j strong: 1×1 2×1 4×1 8×1\n", `"j"`},
	{Printed, "one line", levels("Running with %[1]d threads... Time: %[2]g s\n"), Options{}, "Time thread strong: 1×1 2×1 4×1 8×1\n", "stand in sentences"},
	{Printed, "two lines", levels("Number of threads: %[1]d\nsum = 4711\nExecution time: %[2]g seconds\n"), Options{}, "Execution time thread strong: 1×1 2×1 4×1 8×1\n", `"Execution time"`},
	{Printed, "a number in front", levels("%[1]d thread: %[2]g ms\n"), Options{}, "<stdin> thread strong: 1×1 2×1 4×1 8×1\n", "stand in sentences"},
	{Printed, "sizes", levels("N_Dimension: 500\nN_Threads: %[1]d\nTime -- elapsed: %[2]g\n-----\n") + levels("N_Dimension: 900\nN_Threads: %[1]d\nTime -- elapsed: %[2]g\n-----\n"), Options{}, "Time elapsed/N_Dimension=500 thread strong: 1×1 2×1 4×1 8×1\nTime elapsed/N_Dimension=900 thread strong: 1×1 2×1 4×1 8×1\n", "without a unit"},
	{Printed, "no unit", levels("Workers = %[1]d\nElapsed time = %[2]g\n"), Options{}, "Elapsed time worker strong: 1×1 2×1 4×1 8×1\n", "without a unit are in seconds"},

	{Records, "array", "[" + strings.TrimSuffix(levels(`{"threads": %[1]d, "time_s": %[2]g, "tags": ["a", "b"], "host": null},`+"\n"), ",\n") + "]", Options{}, "<stdin> threads strong: 1×1 2×1 4×1 8×1\n", `time is the column "time_s"`},
	{Records, "lines", levels(`{"threads":%[1]d,"time":%[2]g}` + "\n"), Options{}, "<stdin> threads strong: 1×1 2×1 4×1 8×1\n", `x is the column "threads"`},
	{Records, "objects in objects", "[" + strings.TrimSuffix(levels(`{"name": "sum", "config": {"workers": %[1]d}, "result": {"elapsed_ms": [%[2]g, %[2]g]}},`+"\n"), ",\n") + "]", Options{}, "sum config.workers strong: 1×2 2×2 4×2 8×2\n", `x is the column "config.workers"`},
	{Records, "an object around", "{\n  \"host\": \"h\",\n  \"runs\": [\n" + strings.TrimSuffix(levels("    {\n      \"cores\": %[1]d,\n      \"seconds\": %[2]g\n    },\n"), ",\n") + "\n  ]\n}\n", Options{}, "<stdin> cores strong: 1×1 2×1 4×1 8×1\n", "x is"},
	{Records, "lists as columns", `{"threads": [1, 2, 4], "time": [1000, 550, 325]}`, Options{}, "<stdin> threads strong: 1×1 2×1 4×1\n", "x is"},
	{Records, "pandas", `{"threads":{"0":1,"1":2},"time":{"0":1000,"1":550}}`, Options{}, "<stdin> threads strong: 1×1 2×1\n", "x is"},
	{Records, "pandas, split", `{"columns":["threads","time"],"index":[0,1],"data":[[1,1000],[2,550]]}`, Options{}, "<stdin> threads strong: 1×1 2×1\n", "x is"},
	{LaTeX, "table", "\\begin{table}\n\\caption{Times}\n\\begin{tabular}{|r|r|r|}\n\\hline\nCores & Time [s] & Efficiency \\\\ \\hline\n" + levels("%[1]d & \\textbf{%[2]g} & 91\\%% \\\\ \\hline\n") + "\\end{tabular}\n\\end{table}\n", Options{}, "<stdin> Cores strong: 1×1 2×1 4×1 8×1\n", `time is the column "Time [s]", in seconds`},
	{LaTeX, "rows alone", "$p$ & $T_p$ [s] & $S_p$ \\\\\n\\midrule\n1 & 1\\,000 & 1.00 \\\\\n2 & 550 & 1.82 \\\\\n4 & 325 & 3.08 \\\\\n", Options{}, "<stdin> p strong: 1×1 2×1 4×1\n", `x is the column "p"`},
	{LaTeX, "cells over rows", "\\begin{tabular}{lrr}\n\\toprule\nCode & Threads & Time (ms) \\\\\n\\midrule\n\\multirow{2}{*}{a} & 1 & 1000 \\\\\n & 2 & 550 \\\\\n\\multirow{2}{*}{b} & 1 & 2000 \\\\\n & 2 & 1100 \\\\\n\\bottomrule\n\\end{tabular}\n", Options{}, "a Threads strong: 1×1 2×1\nb Threads strong: 1×1 2×1\n", `the column "Code" tells series apart`},

	{DataFrame, "tibble", "# A tibble: 3 × 2\n  threads  time\n    <int> <dbl>\n1       1 1000 \n2       2  550 \n3       4  325 \n", Options{}, "<stdin> threads strong: 1×1 2×1 4×1\n", `x is the column "threads"`},
	{DataFrame, "Julia", "3×3 DataFrame\n Row │ nthreads  time_s   speedup \n     │ Int64     Float64  Float64 \n─────┼────────────────────────────\n   1 │        1   1000.0     1.0\n   2 │        2    550.0     1.82\n   3 │        4    325.0     3.08\n", Options{}, "<stdin> nthreads strong: 1×1 2×1 4×1\n", `time is the column "time_s"`},
	{Columns, "index of pandas", "         time   std\nthreads             \n1        1000.0  0.5\n2         550.0  0.4\n4         325.0  0.3\n", Options{}, "<stdin> threads strong: 1×1 2×1 4×1\n", `x is the column "threads"`},
	{Columns, "two indices of pandas", "                   time            \n                   mean   std count\nvariant threads                    \nbase    1        1000.0   0.5    10\n        8         212.5   0.4    10\nsimd    1         500.0   0.5    10\n        8        106.25   0.1    10\n", Options{}, "base threads strong: 1×1 8×1\nsimd threads strong: 1×1 8×1\n", `time is the column "time mean"`},
	{Wide, "pivot of pandas", "threads       1      2      4      8\nvariant                              \nbase     1000.0  550.0  325.0  212.5\nsimd      500.0  275.0  162.5 106.25\n", Options{}, "base thread strong: 1×1 2×1 4×1 8×1\nsimd thread strong: 1×1 2×1 4×1 8×1\n", "a column for each number of thread"},
	{Markdown, "polars", "shape: (3, 2)\n┌─────────┬────────┐\n│ threads ┆ time   │\n│ ---     ┆ ---    │\n│ i64     ┆ f64    │\n╞═════════╪════════╡\n│ 1       ┆ 1000.0 │\n│ 2       ┆ 550.0  │\n│ 4       ┆ 325.0  │\n└─────────┴────────┘\n", Options{}, "<stdin> threads strong: 1×1 2×1 4×1\n", "x is"},
	{Markdown, "DuckDB", "┌─────────┬────────┐\n│ threads │  time  │\n│  int32  │ double │\n├─────────┼────────┤\n│       1 │ 1000.0 │\n│       2 │  550.0 │\n└─────────┴────────┘\n", Options{}, "<stdin> threads strong: 1×1 2×1\n", "x is"},
	{Markdown, "the last number of a command", "| Command | Mean [s] | Min [s] | Max [s] | Relative |\n|:---|---:|---:|---:|---:|\n| `./nbody 1000000 1` | 10.000 ± 0.1 | 9.9 | 10.1 | 4.71 |\n| `./nbody 1000000 8` | 2.125 ± 0.1 | 2.1 | 2.2 | 1.00 |\n", Options{}, "./nbody 1000000 number strong: 1×1 8×1\n", "number 2 of the names"},
	{Columns, "titles of spaces", "Problem size 1000\nthreads time\n1 1000\n2 550\n4 325\n\nProblem size 10000\nthreads time\n1 2000\n2 1100\n4 650\n", Options{}, "<stdin>/Problem size 1000 threads strong: 1×1 2×1 4×1\n<stdin>/Problem size 10000 threads strong: 1×1 2×1 4×1\n", "told apart"},
	{CSV, "letters in front of the level", "threads,time\nT1,1000\nT2,550\nT4,325\n", Options{}, "<stdin> threads strong: 1×1 2×1 4×1\n", `x is the column "threads"`},
	{CSV, "processors in percent", "threads,time,cpu%\n1,1000,99%\n2,550,190%\n", Options{}, "<stdin> threads strong: 1×1 2×1\n", `x is the column "threads"`},
	{CSV, "adjectives", "threads,serial,parallel time\n1,1000,1000\n2,1000,550\n4,1000,325\n", Options{}, "<stdin> threads strong: 1×1 2×1 4×1\n", `time is the column "parallel time"`},
	{CSV, "two columns of one count", "nprocs,ntasks,walltime\n1,1,1000\n2,2,550\n", Options{}, "<stdin> nprocs strong: 1×1 2×1\n", `x is the column "nprocs" (column 2, "ntasks", has the same numbers)`},
	{CSV, "one level", "threads,time\n1,1000\n1,1000\n", Options{}, "<stdin> threads strong: 1×2\n", "has one value only"},
	{CSV, "colours in the header", "\x1b[1mthreads\x1b[0m,\x1b[1mtime\x1b[0m\n1,1000\n2,550\n", Options{}, "<stdin> threads strong: 1×1 2×1\n", `x is the column "threads"`},
	{CSV, "one name twice", "threads,time,threads,time\n1,1000,1,2000\n2,550,2,1100\n", Options{X: "#1", Time: []string{"#2", "#4"}}, "time #2 threads strong: 1×1 2×1\ntime #4 threads strong: 1×1 2×1\n", ""},
	{CSV, "a serial row", "threads,time\nserial,1000\n2,550\n4,325\n", Options{}, "<stdin> threads strong: 1×1 2×1 4×1\n", "was taken for 1"},
	{CSV, "a serial row beside one worker", "threads,time\nseq,980\n1,1000\n2,550\n4,325\n", Options{}, "<stdin> threads strong: 1×1 2×1 4×1\n", "line 2 left out"},
	{Wide, "a serial column", "matrix,serial,2,4,8\n512,1000,550,325,212.5\n1024,8000,4400,2600,1700\n", Options{}, "matrix=512 threads strong: 1×1 2×1 4×1 8×1\nmatrix=1024 threads strong: 1×1 2×1 4×1 8×1\n", `the column "serial" is a word for one worker, and was taken for 1`},
	{Wide, "a serial column beside one worker", "matrix,serial,1,2,4,8\n512,990,1000,550,325,212.5\n1024,7900,8000,4400,2600,1700\n", Options{}, "matrix=512 threads strong: 1×1 2×1 4×1 8×1\nmatrix=1024 threads strong: 1×1 2×1 4×1 8×1\n", `the column "serial" left out`},
	{CSV, "rates a millisecond", "op,1,2,4\nA,1,1.81818182,3.07692308\nB,2,3.63636364,6.15384615\n", Options{Throughput: "cells", Unit: "ms"}, "A threads strong: 1×1 2×1 4×1\nB threads strong: 1×1 2×1 4×1\n", "a throughput a millisecond (as --unit says)"},
	{Pgbench, "two scales", rates("transaction type: <builtin: select only>\nscaling factor: 1\nnumber of clients: %[1]d\nnumber of threads: 2\ntps = %[2]g (without initial connection time)\n") + rates("transaction type: <builtin: select only>\nscaling factor: 10\nnumber of clients: %[1]d\nnumber of threads: 2\ntps = %[2]g (without initial connection time)\n"), Options{}, "pgbench/select only/scale=1 clients strong: 1×1 2×1 4×1 8×1\npgbench/select only/scale=10 clients strong: 1×1 2×1 4×1 8×1\n", ""},
	{GoogleText, "aggregates alone", "Benchmark   Time   CPU   Iterations\n" + levels("BM_X/threads:%[1]d_mean    %[2]g ns   9 ns   5\nBM_X/threads:%[1]d_median  %[2]g ns   9 ns   5\nBM_X/threads:%[1]d_stddev  1.1 ns   9 ns   5\nBM_X/threads:%[1]d_cv      1.10 %%  1.2 %%  5\n"), Options{}, "BM_X threads strong: 1×1 2×1 4×1 8×1\n", "the median of each was taken"},
	{GoogleCSV, "aggregates alone", "name,iterations,real_time,cpu_time,time_unit,bytes_per_second,items_per_second,label,error_occurred,error_message\n" + levels("\"BM_X/threads:%[1]d_mean\",5,%[2]g,9,ns,,,,,\n\"BM_X/threads:%[1]d_median\",5,%[2]g,9,ns,,,,,\n\"BM_X/threads:%[1]d_stddev\",5,1,9,ns,,,,,\n\"BM_X/threads:%[1]d_cv\",5,0.1,0.1,ns,,,,,\n"), Options{}, "BM_X threads strong: 1×1 2×1 4×1 8×1\n", "the median of each was taken"},
	{PytestJSON, "a letter in front of the word", pytestJSON(`"name": "test_x[%[1]d-10]", "params": {"n_jobs": %[1]d, "size": 10}`), Options{}, "test_x/size=10 n_jobs strong: 1×2 2×2 4×2 8×2\n", `"n_jobs"`},
	{GoText, "a letter", goLines("BenchmarkX/n1000/t%d-8"), Options{}, "X/n1000 t strong: 1×1 2×1 4×1 8×1\n", `X/n1000: x is the number of "t"`},
	{CriterionJSON, "a letter", levels(`{"reason":"benchmark-complete","id":"sum/t%[1]d","iteration_count":[10,1],"measured_values":[%[2]ge1,%[2]g],"unit":"ns","typical":{"estimate":1,"unit":"ns"}}` + "\n"), Options{}, "sum t strong: 1×2 2×2 4×2 8×2\n", `"t"`},

	{DataFrame, "R", "  threads time\n1       1 1000.0\n2       2  550.0\n3       4  325.0\n4       8  212.5\n", Options{}, "<stdin> threads strong: 1×1 2×1 4×1 8×1\n", `x is the column "threads", time is the column "time", in seconds (no unit is named)`},
	{DataFrame, "knitr", "##   processors throughput\n## 1          1 1\n## 2          2 1.81818182\n## 3          4 3.07692308\n", Options{}, "<stdin> processors strong: 1×1 2×1 4×1\n", `throughput is the column "throughput"`},
	{DataFrame, "pandas", "   cores  seconds kind\n0      1  1000.0    a\n1      8   212.5    a\n2      1  2000.0    b\n3      8   425.0    b\n", Options{}, "a cores strong: 1×1 8×1\nb cores strong: 1×1 8×1\n", `the column "kind" tells series apart`},
	{Wide, "numbers", "input,1,2,4,8\nA,1000,550,325,212.5\nB,2000,1100,650,425\n", Options{}, "A threads strong: 1×1 2×1 4×1 8×1\nB threads strong: 1×1 2×1 4×1 8×1\n", "a column for each number of threads"},
	{Wide, "words", "name   1 worker  2 workers  4 workers\nA  1000  550  325\nB  2000  1100  650\n", Options{}, "A worker strong: 1×1 2×1 4×1\nB worker strong: 1×1 2×1 4×1\n", "a column for each number of worker"},
	{Wide, "letters", "input\tt1\tt2\tt4\tt8\nA\t1000\t550\t325\t212.5\n", Options{}, "A threads strong: 1×1 2×1 4×1 8×1\n", "a column for each"},
	{CSV, "repeats as columns", "threads,run 1,run 2,run 3\n1,1000,1000,1000\n2,550,550,550\n4,325,325,325\n", Options{}, "<stdin> threads strong: 1×3 2×3 4×3\n", `the columns "run 1", "run 2", "run 3" are repeats of a time`},
	{CSV, "comma", "threads,time\n1,1000\n2,550\n4,325\n8,212.5\n", Options{}, "<stdin> threads strong: 1×1 2×1 4×1 8×1\n", `x is the column "threads"`},
	{CSV, "semicolons, decimal commas", "p;time\n1;10,00\n2;5,50\n4;3,25\n8;2,125\n", Options{}, "<stdin> p strong: 1×1 2×1 4×1 8×1\n", "a comma is the decimal point"},
	{CSV, "thousands", "threads\ttime\n1\t1,000.0\n2\t550.0\n", Options{}, "<stdin> threads strong: 1×1 2×1\n", "x is"},
	{CSV, "unit in the header", "Threads,Elapsed_ms\n1,1000\n8,212.5\n", Options{}, "<stdin> Threads strong: 1×1 8×1\n", "in milliseconds (as its name says)"},
	{CSV, "header as a comment", "# made by hand\n# threads,time\n1,1000\n8,212.5\n", Options{}, "<stdin> threads strong: 1×1 8×1\n", "x is"},
	{CSV, "no header", "1,1000\n2,550\n4,325\n", Options{}, "<stdin> 1 strong: 1×1 2×1 4×1\n", "there is no header: x is column 1"},
	{CSV, "preamble", "Config { clients: [1, 2, 4] }\n\nCache, Clients, Secs\nlru, 1, 1000\nlru, 2, 550\nlru, 4, 325\n", Options{}, "lru Clients strong: 1×1 2×1 4×1\n", "line 1 in front of the table left out"},
	{CSV, "another column", "size,threads,time\n10,1,1000\n10,8,212.5\n50,1,5000\n50,8,1062.5\n", Options{}, "size=10 threads strong: 1×1 8×1\nsize=50 threads strong: 1×1 8×1\n", `the column "size" varies within a level`},
	{CSV, "repeats as rows", "run,threads,time\n1,1,1000\n2,1,1000\n1,2,550\n2,2,550\n", Options{}, "<stdin> threads strong: 1×2 2×2\n", "x is"},
	{CSV, "latency", "clients,latency_ms\n1,1\n2,1.1\n4,1.3\n8,1.7\n", Options{}, "<stdin> clients strong: 1×1 2×1 4×1 8×1\n", "throughput is x / latency (Little)"},
	{CSV, "a test of fixed length", "threads,time,events/s\n1,10.0,1000\n8,10.1,4705.88235\n", Options{}, "<stdin> threads strong: 1×1 8×1\n", `throughput is the column "events/s"`},
	{CSV, "a test of fixed length for each series", "threads,mode,duration,ops\n1,a,5,1000\n8,a,5,4705.88235\n1,b,10,2000\n8,b,10,9411.7647\n", Options{}, "a threads strong: 1×1 8×1\nb threads strong: 1×1 8×1\n", `throughput is the column "ops"`},
	{CSV, "commas in names", "Tasks (p),Speedup = T(n, 1) / T(n, p)\n1,1\n2,1.81818182\n4,3.07692308\n", Options{}, "<stdin> Tasks (p) strong: 1×1 2×1 4×1\n", `speedup is the column "Speedup = T(n, 1) / T(n, p)"`},
	{Markdown, "table", "| Threads | Time      |\n| ----- | -------- |\n|  1 | 100.0 sec |\n|  2 | 55.0 sec |\n| 4 | **32.5 sec** |\n", Options{}, "<stdin> Threads strong: 1×1 2×1 4×1\n", "in seconds (as its cells say)"},
	{Markdown, "no pipes outside", "Threads | Time\n--- | ---\n1 | 1m40.000s\n8 | 0m21.25s\n", Options{}, "<stdin> Threads strong: 1×1 8×1\n", "in seconds"},
	{Markdown, "text around two tables", "# Numbers\n\n## Machines\n\n| name | cores |\n|---|---|\n| a | 8 |\n\n## Times\n\n| Threads | Time |\n|---|---|\n| 1 | 1000ms |\n| 8 | 212.5ms |\n\nThat is all.\n", Options{}, "<stdin> Threads strong: 1×1 8×1\n", "a table was left out"},
	{Markdown, "names with numbers", "| Command | Mean [ms] | Relative |\n|:---|---:|---:|\n| `pigz -p 1 f` | 1000.0 ± 4.5 | 1.00 |\n| `pigz -p 8 f` | 212.5 ± 1.0 | 4.7 |\n", Options{}, "pigz f p strong: 1×1 8×1\n", `the column "Command"`},
	{Markdown, "two columns of times", "| Threads | Before | After |\n|---|---|---|\n| 1 | 16:40.0 | 33:20.0 |\n| 8 | 3:32.5 | 7:05.0 |\n", Options{}, "Before Threads strong: 1×1 8×1\nAfter Threads strong: 1×1 8×1\n", "are times"},
	{Markdown, "quantities as rows", "| Threads | 1 | 2 | 4 |\n|---|---|---|---|\n| Time (ms) | 1000 | 550 | 325 |\n| Speedup | 1 | 1.8 | 3.1 |\n", Options{}, "<stdin> Threads strong: 1×1 2×1 4×1\n", "a column for each number of Threads"},
	{Markdown, "psql", " clients |   tps   \n---------+---------\n       1 |  1\n       2 |  1.81818182\n(2 rows)\n", Options{}, "<stdin> clients strong: 1×1 2×1\n", `throughput is the column "tps"`},
	{Columns, "aligned", "threads      time   speedup\n      1    10.000      1.00\n      8     2.125      4.71\n", Options{}, "<stdin> threads strong: 1×1 8×1\n", "x is"},
	{Columns, "spaces in names", "Number of threads   Execution time (s)   Speedup\n1                   10.00                1.00\n2                   5.50                 1.82\n", Options{}, "<stdin> Number of threads strong: 1×1 2×1\n", "in seconds (as its name says)"},
	{Columns, "time of bash", "1   16m40.000s 16m40.000s\n8   3m32.500s 3m32.500s\n", Options{}, "<stdin> 1 strong: 1×2 8×2\n", "there is no header"},
	{Columns, "units apart", "cores time\n1 1000 ms\n8 212.5 ms\n", Options{}, "<stdin> cores strong: 1×1 8×1\n", "in milliseconds (as its cells say)"},
	{Columns, "names in front", "starting\nthreads: 1 time: 1000\nthreads: 8 time: 212.5\n", Options{}, "<stdin> threads strong: 1×1 8×1\n", "x is"},
	{Columns, "equals signs", "threads=1 time=1000\nthreads=8 time=212.5\n", Options{}, "<stdin> threads strong: 1×1 8×1\n", "x is"},
}

// bashTimes is what bash prints of four runs.
const bashTimes = "$ time ./a.out 1\nsum = 4711\n\nreal\t16m40.000s\nuser\t1m39.000s\nsys\t0m0.100s\n" +
	"$ time ./a.out 2\nsum = 4711\n\nreal\t9m10.000s\nuser\t1m39.000s\nsys\t0m0.100s\n" +
	"$ time ./a.out 4\nsum = 4711\n\nreal\t5m25.000s\nuser\t1m39.000s\nsys\t0m0.100s\n" +
	"$ time ./a.out 8\nsum = 4711\n\nreal\t3m32.500s\nuser\t1m39.000s\nsys\t0m0.100s\n"

// Every example is recognised as what it is, and read without a complaint.
func TestExamples(t *testing.T) {
	for _, tt := range examples {
		t.Run(tt.format.Name+"/"+tt.name, func(t *testing.T) {
			head := tt.text[:min(len(tt.text), sniffed)]
			if got := formatOf([]byte(head), "<stdin>", tt.o).Name; got != tt.format.Name {
				t.Errorf("recognised as %s", got)
			}
			s, err := read(t, tt.text, tt.o)
			if err != nil {
				t.Fatal(err)
			}
			if got := sketch(s); got != tt.want || len(s.Problems) > 0 {
				t.Errorf("got %q, problems %v, want %q", got, s.Problems, tt.want)
			}
			said := ""
			for _, n := range s.Notes {
				said += n.Error() + "\n"
			}
			if !strings.Contains(said, tt.notes) || tt.notes == "" && said != "" {
				t.Errorf("got notes %q, want %q", said, tt.notes)
			}
			for _, c := range s.Curves {
				followsAmdahl(t, c)
			}
		})
	}
	for _, f := range All {
		if f.Name == "" || f.Doc == "" {
			t.Errorf("%q: the table of formats needs a name and a line", f.Name)
		}
	}
}

// followsAmdahl holds the median times of a curve against the law of all
// examples.
func followsAmdahl(t *testing.T, c *results.Curve) {
	t.Helper()
	if c.Points[0].Workers != 1 {
		t.Fatalf("%s: no level at 1", c.Name)
	}
	for _, p := range c.Points {
		got := typical(p.Samples) / typical(c.Points[0].Samples)
		if want := amdahl(int(p.Workers)) / 1000; math.Abs(got/want-1) > 1e-6 {
			t.Errorf("%s: T(%g)/T(1) is %g, want %g", c.Name, p.Workers, got, want)
		}
	}
}
