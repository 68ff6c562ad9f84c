package rounds

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// A profiled round comes after each of the others, and the rest after the last one. Each has
// every point once in each of its ways, in an order of its own, and writes what Take makes of
// what was printed.
// A failure is told, and stops nothing.
func TestProfiling(t *testing.T) {
	points := benches("A", "B", "C")
	var out bytes.Buffer
	var told []Failure
	asked := map[string]int{}
	o := Options{Out: &out, Rounds: 2, Failed: func(f Failure) { told = append(told, f) }}
	o.Profiling = &Profiling{
		Rounds: 3,
		Runs: func(p Point, round int) []ProfiledRun {
			asked[p.Name]++
			take := func(printed []string) ([]string, error) {
				if p.Name == "B" && round == 2 {
					return nil, errors.New("the trace is broken")
				}
				if len(printed) != 1 || !strings.HasPrefix(printed[0], "Benchmark"+p.Name) {
					t.Errorf("%s: got %q", p.Name, printed)
				}
				return []string{strings.Fields(printed[0])[0] + " 1 5 paid-ns/op"}, nil
			}
			switch p.Name {
			case "A":
				return []ProfiledRun{{"true", []string{"bench", "A/traced"}, take}, {"sampled", []string{"bench", "A/sampled"}, take}}
			case "B":
				return []ProfiledRun{{"true", []string{"bench", "B"}, take}}
			}
			return nil
		},
	}
	sum, err := Run(t.Context(), Plan{Points: points, Text: "p", Seed: 1}, o)
	if err != nil || sum.Results != 8 || len(sum.Failures) != 1 {
		t.Errorf("got %+v, %v, want 8 results, of rounds alone, and a failure", sum, err)
	}
	if len(told) != 1 || told[0].Point != "B" || !told[0].Last || told[0].Err.Error() != "the trace is broken" {
		t.Errorf("told of %+v", told)
	}
	for name, n := range asked {
		if n != 3 {
			t.Errorf("%s was asked for %d times, want 3", name, n)
		}
	}
	text := out.String()
	after := ""
	for i, want := range []int{2, 1, 2} { // B fails in the second
		_, rest, _ := strings.Cut(text, fmt.Sprintf("# ended round %d\n", min(i+1, 2)))
		if i == 2 {
			_, rest, _ = strings.Cut(text, "# profiled round 2\n")
		}
		block, _, found := strings.Cut(rest, fmt.Sprintf("# profiled round %d\n", i+1))
		if n := strings.Count(block, "profiled: true\nBenchmark"); !found || n != want || strings.Count(block, "profiled: sampled\nBenchmarkA/sampled") != 1 || strings.Count(block, "\nprofiled:\n") != want+1 {
			t.Errorf("%d profiled results after round %d, want %d: %s", n, i+1, want, text)
		}
		after += block
	}
	if strings.Contains(after, "ns/op\nBenchmark") || strings.Contains(after, "100 ns/op") {
		t.Errorf("times of profiled runs are written: %s", after)
	}
	// Going on measures more rounds, and profiles those that are missing: none.
	past, err := ReadPast(strings.NewReader(text))
	if err != nil || past.Results != 8 || past.Profiled != 3 || past.Size != int64(len(text)) {
		t.Errorf("going on: %+v, %v, want all of it", past, err)
	}
	clear(asked)
	o.Resume, o.Rounds, o.Out = past, 4, io.Discard
	if _, err := Run(t.Context(), Plan{Points: points, Text: "p", Seed: 1}, o); err != nil || len(asked) > 0 {
		t.Errorf("going on asked for %v, %v, want nothing", asked, err)
	}
	// What was cut off in the second round of profiles is profiled anew.
	cut, _, _ := strings.Cut(text, "# profiled round 2\n")
	past, err = ReadPast(strings.NewReader(cut))
	if err != nil || past.Profiled != 1 || !strings.HasSuffix(cut[:past.Size], "# ended round 2\n") {
		t.Errorf("cut: %+v, %v, want one round", past, err)
	}
	o.Resume, o.Rounds = past, 2
	if _, err := Run(t.Context(), Plan{Points: points, Text: "p", Seed: 1}, o); err != nil || asked["A"] != 2 {
		t.Errorf("going on asked for %v, %v, want rounds 2 and 3", asked, err)
	}
}
