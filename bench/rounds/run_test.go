package rounds

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The whole text of a run: the format that readers rely on.
func TestText(t *testing.T) {
	var out bytes.Buffer
	canary := time.Duration(0)
	snaps := 0
	o := Options{
		Out: &out, Rounds: 2,
		Environment: func(w io.Writer) error {
			_, err := io.WriteString(w, "goos: plan9\nnot a line\nround: 5\n")
			return err
		},
		Snapshot: func(w io.Writer) error { snaps++; _, err := fmt.Fprintf(w, "steal: %d\n", snaps); return err },
		Canary: func() Canary {
			canary++
			return Canary{Pieces: 10, Wall: 10 * canary, CPU: 10*canary - 5, Given: fmt.Sprintf("1.%d of 2", canary)}
		},
		Spoilt: func(r []Reading) []int {
			if last := r[len(r)-1]; last.Wall == 30 && last.Round == 2 && len(r) == 3 {
				return []int{1, 2}
			}
			return nil
		},
		now: tick(),
	}
	plan := Plan{Points: benches("A/workers=1", "A/workers=2"), Seed: 3, Text: "p", Program: "sha"}
	sum, err := Run(t.Context(), plan, o)
	if err != nil || sum.Results != 6 || sum.Rounds != 2 || sum.Stop != StopRounds || len(sum.Failures) != 0 {
		t.Errorf("got %+v, %v, want 6 results of 2 rounds", sum, err)
	}
	want := `goos: plan9
run-seed: 3
run-plan: p
run-program: sha
round: 1
canary: true
BenchmarkCanary	10	1 ns/op	0 cpu-ns/op
canary:
processors-given: 1.1 of 2
pkg: fake
BenchmarkA/workers=2 	 1 	 100 ns/op
# done A/workers=2
BenchmarkA/workers=1 	 1 	 100 ns/op
# done A/workers=1
sentinel: true
BenchmarkA/workers=1 	 1 	 100 ns/op
# done sentinel A/workers=1
sentinel:
canary: true
BenchmarkCanary	10	2 ns/op	1 cpu-ns/op
canary:
processors-given: 1.2 of 2
steal: 1
# ended round 1
round: 2
BenchmarkA/workers=1 	 1 	 100 ns/op
# done A/workers=1
BenchmarkA/workers=2 	 1 	 100 ns/op
# done A/workers=2
sentinel: true
BenchmarkA/workers=1 	 1 	 100 ns/op
# done sentinel A/workers=1
sentinel:
canary: true
BenchmarkCanary	10	3 ns/op	2 cpu-ns/op
canary:
processors-given: 1.3 of 2
spoilt-rounds: 1,2
steal: 2
# ended round 2
`
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Errorf("want -, got +:\n%s", d)
	}
}

// Every result stands under its own program's configuration.
func TestConfiguration(t *testing.T) {
	var out bytes.Buffer
	w := newWriter(&out)
	if err := w.environment("go: go1\n"); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"pkg: a\ngo: go2\nUnit ns/op assume=exact\nBenchmarkA 1 1 ns/op\n", "pkg: b\nextra: 1\nUnit ns/op assume=exact\nBenchmarkB 1 1 ns/op\nBenchmarkB 1 2 ns/op\n", "BenchmarkC 1 1 ns/op\n"} {
		s := &sample{w: w, values: map[string]string{}, other: io.Discard, result: func(string) {}}
		for l := range strings.Lines(text) {
			if err := s.take(l); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := "go: go1\nUnit ns/op assume=exact\npkg: a\ngo: go2\nBenchmarkA 1 1 ns/op\npkg: b\nextra: 1\ngo: go1\nBenchmarkB 1 1 ns/op\nBenchmarkB 1 2 ns/op\nextra:\npkg:\nBenchmarkC 1 1 ns/op\n"
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Errorf("want -, got +:\n%s", d)
	}
}

func TestResultLine(t *testing.T) {
	for _, tt := range []struct {
		line string
		want bool
	}{
		{"BenchmarkA-8 10 5.5 ns/op 3 B/op\n", true},
		{"BenchmarkA-8 \thello\n", false},
		{"BenchmarkA 10 5 ns/op 3\n", false},
		{"BenchmarkA ten 5 ns/op\n", false},
		{"BenchmarkA 10 five ns/op\n", false},
		{" BenchmarkA 10 5 ns/op\n", false},
		{"--- FAIL: BenchmarkA\n", false},
	} {
		if _, got := resultLine(tt.line); got != tt.want {
			t.Errorf("%q: got %v, want %v", tt.line, got, tt.want)
		}
	}
}

// What fails is reported with its output, takes nothing else down, and is
// given up after three failures in a row.
func TestFailures(t *testing.T) {
	var out bytes.Buffer
	var told []Failure
	points := append(benches("Good"), fake("crash", "crash"), fake("flood", "flood"), fake("silent", "silent"),
		Point{Name: "absent", Args: []string{"/no/such/program"}},
		Point{Name: "unprepared", Prepare: []string{os.Args[0], "exit", "4"}, Args: []string{os.Args[0], "bench", "Never"}})
	sum, err := Run(t.Context(), Plan{Points: points, Text: "p"}, Options{Out: &out, Rounds: 5, Failed: func(f Failure) { told = append(told, f) }})
	if err != nil || sum.Rounds != 5 {
		t.Fatalf("got %+v, %v, want 5 rounds", sum, err)
	}
	whole(t, &out)
	for _, tt := range []struct{ point, err, output string }{
		{"crash", "exit status 2", "panic: it went wrong"},
		{"flood", "exit status 3", "noise 0"},
		{"silent", "no benchmark result", ""},
		{"absent", "no such", ""},
		{"unprepared", "the preparation failed: exit status 4", "said this"},
	} {
		n := 0
		for _, f := range told {
			if f.Point != tt.point {
				continue
			}
			n++
			if !strings.Contains(f.Err.Error(), tt.err) || !strings.Contains(f.Output, tt.output) || strings.Count(f.Output, "\n") > 20 || len(f.Output) > 20*400 || f.GivenUp != (n == 3) {
				t.Errorf("got %+v, want %s and %q in at most 20 lines, given up at the third", f, tt.err, tt.output)
			}
		}
		if n != 3 {
			t.Errorf("%s failed %d times, want 3", tt.point, n)
		}
	}
	for text, want := range map[string]int{"BenchmarkGood": 10, "BenchmarkBefore": 3, "BenchmarkFlood": 3, "BenchmarkCrash": 0, "BenchmarkNever": 0, "# failed crash: exit status 2": 3} {
		if got := strings.Count(out.String(), text); got != want {
			t.Errorf("%q stands %d times, want %d", text, got, want)
		}
	}
}

// Where nothing works at all, one round tells.
func TestNothingWorks(t *testing.T) {
	sum, err := Run(t.Context(), Plan{Points: []Point{fake("a", "crash2"), fake("b", "silent")}, Text: "p"}, Options{Out: io.Discard, Rounds: 5})
	if err != nil || sum.Stop != StopFailed || sum.Rounds != 1 || len(sum.Failures) != 2 {
		t.Errorf("got %+v, %v, want one failed round", sum, err)
	}
}

// The round and the seed reach the program; what it says under the driver's
// own keys does not reach the output.
func TestPlaceholders(t *testing.T) {
	var out bytes.Buffer
	plan := Plan{Points: []Point{fake("a", "round", "{round}", "{seed}"), fake("b", "padding")}, Seed: 11, Text: "p"}
	if _, err := Run(t.Context(), plan, Options{Out: &out, Rounds: 2}); err != nil {
		t.Fatal(err)
	}
	padding := map[string]int{}
	for round := 1; round <= 2; round++ {
		for _, s := range plan.steps(round) {
			padding[s.name] = s.padding
		}
		for _, want := range []string{fmt.Sprintf("BenchmarkOrder/is=%d,11 1", round), fmt.Sprintf("BenchmarkPadding 1 %d ns/op\n", 1+padding["b"])} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("got %q, want %q in it", &out, want)
			}
		}
	}
	if strings.Contains(out.String(), "round: 99") || strings.Contains(out.String(), "run-seed: 5") {
		t.Errorf("got %q, want the driver's own round and seed", &out)
	}
}
