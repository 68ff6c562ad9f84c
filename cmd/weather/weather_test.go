package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amdahl/results"
	"amdahl/results/laws"
)

// text is what amdahl run writes of one program with a serial fraction, in rounds with a
// canary after every second one.
func text(rounds int, sigma, given float64) string {
	var b strings.Builder
	b.WriteString("cpu-count: 2\ncanary-threads: 2\nrun-seed: 1\nrun-plan: []\nrun-command: amdahl run\nrun-x: gomaxprocs\n")
	canary := func() {
		fmt.Fprintf(&b, "canary: true\nBenchmarkCanary 600 100000 ns/op %.0f cpu-ns/op\ncanary:\n", 5e4*given)
	}
	for r := 1; r <= rounds; r++ {
		fmt.Fprintf(&b, "round: %d\n", r)
		if r == 1 {
			canary()
		}
		noise := 1 + 0.002*float64(r%3)
		fmt.Fprintf(&b, "BenchmarkPlanted-1 1 %.0f ns/op\nBenchmarkPlanted-2 1 %.0f ns/op\n", 3e8*noise, 3e8*(0.5+0.5*sigma))
		if r%2 == 0 || r == rounds {
			canary()
		}
		fmt.Fprintf(&b, "# ended round %d\n", r)
	}
	return b.String()
}

// A part has its own rounds, and the canaries around them.
func TestCut(t *testing.T) {
	whole := text(9, 0.2, 2)
	for _, tt := range []struct{ first, last, samples, canaries int }{{1, 4, 8, 3}, {3, 4, 4, 2}, {5, 5, 2, 2}, {9, 9, 2, 2}, {1, 9, 18, 6}} {
		got := cut(whole, tt.first, tt.last)
		if n := strings.Count(got, "BenchmarkPlanted"); n != tt.samples {
			t.Errorf("rounds %d to %d: %d samples, want %d", tt.first, tt.last, n, tt.samples)
		}
		if n := strings.Count(got, "BenchmarkCanary"); n != tt.canaries {
			t.Errorf("rounds %d to %d: %d canaries, want %d:\n%s", tt.first, tt.last, n, tt.canaries, got)
		}
		if !strings.HasPrefix(got, "cpu-count: 2\n") {
			t.Errorf("rounds %d to %d: no head", tt.first, tt.last)
		}
	}
}

func TestVerdict(t *testing.T) {
	sigma := func(low, high float64) *laws.Analysis {
		return &laws.Analysis{Curve: &results.Curve{}, Sigma: &laws.Estimate{Value: low, Interval: &laws.Interval{Low: low, High: high}}}
	}
	for _, tt := range []struct {
		name string
		a    *laws.Analysis
		want int
	}{
		{"the truth in it", sigma(0.1, 0.3), right},
		{"near it", sigma(0.24, 0.3), right},
		{"off", sigma(0.26, 0.3), wrong},
		{"off below", sigma(0, 0.14), wrong},
		{"too few rounds", &laws.Analysis{Curve: &results.Curve{}, Verdict: laws.TooFewSoundRounds}, unsure},
		{"no interval", &laws.Analysis{Curve: &results.Curve{}, Sigma: &laws.Estimate{Value: 1}}, unsure},
	} {
		if got := verdict(tt.a, 0.2); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}

// The files of a whole experiment: status 0 where all is right or unsure, 1 where a
// situation is wrong, 3 where the reference does not say what is true.
func TestShow(t *testing.T) {
	for _, tt := range []struct {
		name     string
		quiet    int
		beside   float64 // the fraction that shows beside a loop
		given    float64 // and what its canaries were given
		status   int
		out, err string
	}{
		{"loads are seen", 60, 1, 1.2, done, "of 30: 25 right, 5 cannot tell (?), 0 wrong", ""},
		{"a load is not seen", 60, 1, 2, failed, "25 right, 0 cannot tell (?), 5 wrong", "loop, Planted: 5 of 5 are wrong"},
		{"no truth", 20, 1, 1.2, undecided, "", "20 sound rounds, and 60 are needed"},
	} {
		dir := t.TempDir()
		put := func(name, text string) {
			if err := os.WriteFile(filepath.Join(dir, name+".txt"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		put(reference, text(tt.quiet, 0.2, 2))
		for _, s := range situations {
			put(s.name, text(20, 0.2, 2))
		}
		put("loop", text(20, tt.beside, tt.given))
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), []string{"show", dir}, &stdout, &stderr)
		if status != tt.status || !strings.Contains(stdout.String(), tt.out) || !strings.Contains(stderr.String(), tt.err) {
			t.Errorf("%s: exit status %d, %q, %q, want %d, %q, %q", tt.name, status, &stdout, &stderr, tt.status, tt.out, tt.err)
		}
	}
}

// The reference goes on until enough of its rounds are sound, and ends all the same.
func TestQuietly(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell here, which stands in for amdahl")
	}
	for _, tt := range []struct {
		name  string
		given float64 // to the canaries of what is measured later
		calls string
	}{
		{"sound later", 2, "-o 66\n--resume 86\n"},
		{"never sound", 1.2, "-o 66\n" + resumed(86, 186)},
	} {
		dir := t.TempDir()
		file := func(name string) string { return filepath.Join(dir, name) }
		for name, text := range map[string]string{"first": text(66, 0.2, 1.2), "later": text(66, 0.2, tt.given), "amdahl": "#!" + sh + `
cd "$(dirname "$0")"
case "$*" in
*--resume*) echo "--resume $4" >>calls; cp later results.txt ;;
*) echo "-o $4" >>calls; cp first results.txt ;;
esac
`} {
			if err := os.WriteFile(file(name), []byte(text), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		m := measurement{amdahl: file("amdahl"), quiet: 66, levels: "1,2", dir: dir}
		if err := m.quietly(t.Context(), io.Discard); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if got, _ := os.ReadFile(file("calls")); string(got) != tt.calls {
			t.Errorf("%s: got the calls %q, want %q", tt.name, got, tt.calls)
		}
	}
}

// resumed are the calls that let a file go on from this many rounds to that many.
func resumed(from, to int) (calls string) {
	for n := from; n <= to; n += moreQuiet {
		calls += fmt.Sprintf("--resume %d\n", n)
	}
	return calls
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"show"}, {"measure"}, {"measure", "-repeats", "0", "x"}, {"predict"}} {
		var stdout, stderr bytes.Buffer
		if status := run(t.Context(), args, &stdout, &stderr); status != usage || stderr.Len() == 0 {
			t.Errorf("%q: exit status %d, %q, want %d and words", args, status, &stderr, usage)
		}
	}
}

// Every situation has a load, and each ends with its lifeline.
func TestLoads(t *testing.T) {
	for _, s := range situations {
		if s.load == "" {
			continue
		}
		ended := make(chan int, 1)
		go func() { ended <- makeLoad(s.load, t.TempDir(), strings.NewReader("")) }()
		select {
		case status := <-ended:
			if status != done {
				t.Errorf("%s: exit status %d", s.name, status)
			}
		case <-time.After(3 * time.Minute):
			t.Fatalf("%s: it goes on", s.name)
		}
	}
	if status := makeLoad("wind", "", strings.NewReader("")); status != usage {
		t.Errorf("an unknown load: exit status %d", status)
	}
}

// The table beside the stored run is what its files give today, and no repeat in it is
// wrong.
func TestStored(t *testing.T) {
	dir := filepath.Join("..", "..", "results", "runs", "epyc-2cpu", "weather")
	want, err := os.ReadFile(filepath.Join(dir, "table.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	run(t.Context(), []string{"show", dir}, &stdout, &stderr)
	if stdout.String() != string(want) {
		t.Errorf("got\n%s%s\nwant\n%s\nif the new table is right: weather show %s > table.txt", &stdout, &stderr, want, dir)
	}
	if !strings.HasSuffix(strings.TrimSpace(stdout.String()), ", 0 wrong") {
		t.Errorf("a repeat is wrong:\n%s", &stdout)
	}
}
