package read

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"amdahl/results"
)

// TestField reads small inputs that have the shape of public ones which were
// once refused or read wrongly. They stand beside the project.
func TestField(t *testing.T) {
	dir := os.Getenv("AMDAHL_CASES")
	if dir == "" {
		t.Skip("no AMDAHL_CASES: the inputs in its folder field are not read")
	}
	dir = filepath.Join(dir, "field")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no inputs: ", err)
	}
	const tenth = " 1×1 2×1 4×1 8×1\n"
	column := func(x, time string) Options { return Options{X: x, Time: []string{time}} }
	for _, tt := range []struct {
		file  string
		o     Options
		want  string  // the sketch
		sigma float64 // of all curves; -1 where it is not of these data
		said  string  // part of the notes, problems or error
	}{
		{"w01-digits-at-cpu1.txt", Options{}, "Read/readers-1 gomaxprocs strong: 1×1 4×1 8×1\nRead/readers-4 gomaxprocs strong: 1×1 4×1 8×1\nRead/readers-16 gomaxprocs strong: 1×1 4×1 8×1\n", -1, ""},
		{"w03-sizes-on-one-cpu.txt", Options{}, "", -1, "look like a size"},
		{"w05-two-variants.md", Options{}, "Put/before gomaxprocs strong:" + tenth + "Put/after gomaxprocs strong:" + tenth, -1, "told apart"},
		{"w06-other-column.csv", column("threads", "time"), "size=1000 threads strong:" + tenth + "size=5000 threads strong:" + tenth, -1, `the column "size" varies within a level`},
		{"w07-headerless.csv", Options{}, "w07-headerless.csv 1 strong: 1×1 2×1 4×1 8×1 16×1\n", 0.1, "there is no header"},
		{"w09-unit-in-header.csv", column("threads", "time_us"), "w09-unit-in-header.csv threads strong:" + tenth, 0.1, "in microseconds (as its name says)"},
		{"w11-work-per-worker.txt", Options{}, "Fan goroutines strong: 1×1 2×1 4×1 8×1 16×1 64×1\n", -1, "falls 6.2 times up to 64: amdahl fit --work-per-worker"},
		{"w12-rate-metric.txt", Options{Metric: "req/s"}, "Serve workers strong:" + tenth, 0.05, ""},
		{"w15-latency.csv", Options{}, "w15-latency.csv clients strong: 1×1 2×1 4×1 8×1 16×1 32×1\n", -1, `throughput is the column "tps"`},
		{"w15-latency.csv", Options{Latency: "latency_ms"}, "w15-latency.csv clients strong: 1×1 2×1 4×1 8×1 16×1 32×1\n", -1, "(Little)"},
		{"w17-speedup-column.csv", Options{X: "cores", Speedup: "speedup"}, "w17-speedup-column.csv cores strong: 1×1 2×1 3×1 4×1\n", -1, ""},
		{"r01-spaces.txt", Options{X: "size", Throughput: "tput"}, "r01-spaces.txt size strong: 1×1 2×1 4×1 8×1 16×1\n", -1, ""},
		{"r02-aligned.txt", Options{}, "r02-aligned.txt threads strong:" + tenth, 0.1, `x is the column "threads", time is the column "time"`},
		{"p03-plain.tsv", Options{}, "p03-plain.tsv threads strong:" + tenth, 0.1, "x is"},
		{"r04-markdown-table.md", Options{}, "r04-markdown-table.md Threads strong:" + tenth, 0.1, "x is"},
		{"r30-bash-time.txt", Options{}, "r30-bash-time.txt 1 strong: 1×2 2×2 4×2 8×2\n", 0.1, "x is column 1"},
		{"r05-decimal-comma.csv", Options{}, "r05-decimal-comma.csv p strong:" + tenth, 0.1, "a comma is the decimal point"},
		{"r31-preamble.csv", Options{}, "lru Clients strong:" + tenth, -1, "line 1 in front of the table left out"},
		{"r07-quoted.md", Options{}, "X gomaxprocs strong:" + tenth, 0.1, ""},
		{"r09-ci-timestamps.txt", Options{}, "X gomaxprocs strong:" + tenth, 0.1, ""},
		{"r34-log-between.txt", Options{}, "X gomaxprocs strong:" + tenth, 0.1, ""},
		{"r11-go-test-json.json", Options{}, "X gomaxprocs strong:" + tenth, 0.1, ""},
		{"r13-dash-number.txt", Options{}, "X w strong:" + tenth, 0.1, `X: x is the number of "w"`},
		{"r14-bare-number.txt", Options{}, "X number strong:" + tenth, 0.1, "X: x is number 1 of the names"},
		{"r17-key-after-comma.txt", Options{}, "X/cost=10/basic concurrency strong:" + tenth, 0.1, `"concurrency"`},
		{"r18-unusual-key.txt", Options{}, "X concurrency strong:" + tenth, 0.1, `"concurrency"`},
		{"r20-benchstat-old.txt", Options{}, "X gomaxprocs strong: 1×3 2×3 4×3 8×3\n", 0.1, "medians"},
		{"r21-benchstat-new.txt", Options{}, "X gomaxprocs strong: 1×3 2×3 4×3 8×3\n", 0.1, "medians"},
		{"r23-google-benchmark.txt", Options{}, "BM_X threads strong:" + tenth, 0.1, ""},
		{"r24-google-benchmark.json", Options{}, "BM_X threads strong:" + tenth, 0.1, ""},
		{"r25-jmh.json", Options{}, "a.B.c threads strong: 1×2 2×2 4×2 8×2\n", 0.1, ""},
		{"r26-wide-threads.csv", Options{}, "A threads strong:" + tenth + "B threads strong:" + tenth, 0.1, "a column for each number of threads"},
		{"r29-hyperfine-no-parameter.json", Options{}, "./a.out OMP_NUM_THREADS strong: 1×3 2×3 4×3 8×3\n", 0.1, `"OMP_NUM_THREADS"`},
		{"p01-comma-in-column.csv", Options{}, "p01-comma-in-column.csv Tasks (p) strong:" + tenth, -1, `"Speedup = T(n, 1) / T(n, p)"`},
	} {
		s, err := Files([]string{filepath.Join(dir, tt.file)}, nil, tt.o)
		if err != nil {
			t.Errorf("%s: %v", tt.file, err)
			continue
		}
		said := notes(s.Notes) + notes(s.Refused) + notes(s.Problems)
		if got := sketch(s); got != tt.want && tt.want != "" || len(s.Problems) > 0 || !strings.Contains(said, tt.said) {
			t.Errorf("%s: got %q, %s", tt.file, got, said)
		}
		for _, c := range s.Curves {
			if tt.sigma >= 0 {
				hasSigma(t, tt.file, c, tt.sigma)
			}
		}
	}
	s, err := Files([]string{filepath.Join(dir, "w14a-not-read.txt"), filepath.Join(dir, "w14b-read.txt")}, nil, Options{})
	if err != nil || sketch(s) != "X gomaxprocs strong:"+tenth || !strings.Contains(errors.Join(s.Problems...).Error(), "w14a-not-read.txt") {
		t.Errorf("w14: got %v, %v", s, err)
	}
}

// hasSigma holds the last level of a curve against Amdahl's law.
func hasSigma(t *testing.T, file string, c *results.Curve, sigma float64) {
	t.Helper()
	first, last := c.Points[0], c.Points[len(c.Points)-1]
	n := last.Workers
	got := (typical(last.Samples)/typical(first.Samples) - 1/n) / (1 - 1/n)
	if math.Abs(got-sigma) > 0.003 {
		t.Errorf("%s: %s: σ is %.4f, want %g", file, c.Name, got, sigma)
	}
}
