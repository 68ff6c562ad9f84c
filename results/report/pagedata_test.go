package report

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"amdahl/results/laws"
	"amdahl/results/read"
	"amdahl/results/report/page"
)

// A law that only Go has is not given to the script, which would not know its curve.
func TestLawsOfScript(t *testing.T) {
	set, err := read.Files(nil, strings.NewReader("BenchmarkX-1 1 100 ns/op\nBenchmarkX-2 1 55 ns/op\nBenchmarkX-4 1 33 ns/op\nBenchmarkX-8 1 21 ns/op\n"), read.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := laws.Analyze(set.Curves[0], laws.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fits := func() (page.Series, string) {
		var s page.Series
		new(pageMaker).fill(&s, a, nil)
		return s, string(must(t, s))
	}
	known, _ := fits()
	if known.Law != a.Chosen.Law.Name || len(known.Fits) != len(a.Fits) && !slices.ContainsFunc(a.Fits, func(f *laws.Fit) bool { return !page.Knows(f.Law.Name) }) {
		t.Errorf("law %q and %d fits, want %s and %d", known.Law, len(known.Fits), a.Chosen.Law.Name, len(a.Fits))
	}
	own := *a.Chosen.Law
	own.Name = "only-go-has-it"
	a.Chosen.Law = &own
	if s, text := fits(); s.Law != "" || len(s.Fits) != len(known.Fits)-1 || strings.Contains(text, own.Name) {
		t.Errorf("law %q and %d fits, want none and %d: %s", s.Law, len(s.Fits), len(known.Fits)-1, text)
	}
	for _, name := range []string{"ideal", "amdahl", "usl", "log", "bottleneck", "convoy", "gustafson"} {
		if !page.Knows(name) {
			t.Errorf("the script does not know %s", name)
		}
	}
}

func must(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
