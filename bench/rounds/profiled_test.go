package rounds

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// Profiled rounds come after the others, each point once a round in an order of its own, and
// write what Take makes of what was printed. A failure is told, and stops nothing.
func TestProfiling(t *testing.T) {
	points := benches("A", "B", "C")
	var out bytes.Buffer
	var told []Failure
	asked := map[string]int{}
	o := Options{Out: &out, Rounds: 2, Failed: func(f Failure) { told = append(told, f) }}
	o.Profiling = &Profiling{
		Rounds: 3,
		Args: func(p Point, round int) []string {
			asked[p.Name]++
			switch p.Name {
			case "A":
				return []string{"bench", "A/traced"}
			case "B":
				return []string{"bench", "B"}
			}
			return nil
		},
		Take: func(p Point, round int, printed []string) ([]string, error) {
			if p.Name == "B" && round == 2 {
				return nil, errors.New("the trace is broken")
			}
			if len(printed) != 1 || !strings.HasPrefix(printed[0], "Benchmark"+p.Name) {
				t.Errorf("%s: got %q", p.Name, printed)
			}
			return []string{strings.Fields(printed[0])[0] + " 1 5 paid-ns/op"}, nil
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
	_, after, _ := strings.Cut(out.String(), "# ended round 2\n")
	if n := strings.Count(after, "profiled: true\nBenchmark"); n != 5 || strings.Count(after, "\nprofiled:\n") != 5 {
		t.Errorf("%d profiled results, want 5: %s", n, after)
	}
	if strings.Contains(after, "ns/op\nBenchmark") || strings.Contains(after, "100 ns/op") {
		t.Errorf("times of profiled runs are written: %s", after)
	}
	// Going on measures more rounds, and profiles anew.
	past, err := ReadPast(strings.NewReader(out.String()))
	if err != nil || past.Results != 8 || strings.Contains(string(past.text), "profiled") {
		t.Errorf("going on: %+v, %v, want the rounds alone", past, err)
	}
}
