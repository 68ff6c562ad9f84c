package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
)

// exact is a curve of Amdahl's law without noise but for 1 part in 1000, 1 s
// at one worker.
func exact(t *testing.T, series string, sigma float64, levels ...float64) *laws.Analysis {
	t.Helper()
	c := &results.Curve{Name: results.ParseName(series), X: "workers", Kind: results.Strong}
	for i, n := range levels {
		p := results.Point{Workers: n, Tasks: 1}
		for k := range 4 {
			p.Samples = append(p.Samples, results.Sample{Time: (1/n + sigma*(1-1/n)) * (1 + 0.001*float64((i*3+k*5)%7-3))})
		}
		c.Points = append(c.Points, p)
	}
	a, err := laws.Analyze(c, laws.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestPredictions(t *testing.T) {
	as := []*laws.Analysis{exact(t, "A/k=v", 0.1, 1, 2, 4, 8), exact(t, "A/k=w", 0.1, 1, 2)}
	var b bytes.Buffer
	if err := Predictions(&b, as, []float64{16, 17}, Options{}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	for i, want := range []string{"A", "k  law     workers  speedup", "──", "v  amdahl  16       6.4", "v  amdahl  17       6.5", "", "An interval holds a new measurement", "if none of them does", "", "* beyond twice the largest", "w: no law was chosen"} {
		if !strings.HasPrefix(lines[i], want) {
			t.Errorf("line %d: got %q, want %q", i+1, lines[i], want)
		}
	}
	if strings.HasSuffix(strings.TrimSpace(lines[3]), "*") || !strings.HasSuffix(strings.TrimSpace(lines[4]), "*") {
		t.Errorf("got %q and %q: 17 is beyond twice 8, 16 is not", lines[3], lines[4])
	}

	// Series that were spoilt are not told to measure more levels, and given speedups have no time.
	spoilt, relative := exact(t, "A/k=v", 0.1, 1, 2, 4, 8), exact(t, "A/k=w", 0.1, 1, 2, 4, 8)
	spoilt.Verdict, spoilt.Chosen = laws.TooFewSoundRounds, nil
	spoilt.Curve.Rounds = results.Rounds{Total: 8, Kept: 2, LeftOut: []results.LeftOut{{Rounds: []int{1, 2, 3, 4, 5, 6}, Why: results.OtherPrograms}}}
	relative.Curve.Relative = true
	b.Reset()
	if err := Predictions(&b, []*laws.Analysis{spoilt, relative}, []float64{16}, Options{}); err != nil {
		t.Fatal(err)
	}
	if s := b.String(); !strings.Contains(s, "v: Only 2 of 8 rounds got") || strings.Contains(s, "measure at 3") || !strings.Contains(s, "—") || strings.Contains(s, " ms") {
		t.Errorf("got %s", s)
	}

	b.Reset()
	if err := PredictionsJSON(&b, as, []float64{16, 17}, Options{}); err != nil {
		t.Fatal(err)
	}
	var d predictionsDocument
	if err := json.Unmarshal(b.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	p := d.Predictions[0].Points
	if d.Version != Version || len(p) != 2 || *p[0].N != 16 || p[0].Extrapolated || !p[1].Extrapolated || *p[0].Speedup.Low >= *p[0].Speedup.Value || d.Predictions[1].Law != nil {
		t.Errorf("got %s", &b)
	}
}

func TestComparisons(t *testing.T) {
	old := []*laws.Analysis{exact(t, "A/k=v", 0.05, 1, 2, 4, 8), exact(t, "A/k=w", 0.05, 1, 2, 4, 8)}
	now := []*laws.Analysis{exact(t, "A/k=v", 0.05, 1, 2, 4, 8), exact(t, "A/k=w", 0.2, 1, 2, 4, 8)}
	var cs []*laws.Comparison
	for i := range old {
		cs = append(cs, laws.Compare(old[i], now[i], 0))
	}
	var b bytes.Buffer
	if err := Comparisons(&b, cs, Options{}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	for i, want := range [][2]string{
		3: {"v  T(1)", "~"}, 4: {"v  σ", "~"}, 5: {"v  speedup @ 8", "~"},
		6: {"w  T(1)", "~"}, 7: {"w  σ", "worse"}, 8: {"w  speedup @ 8", "worse"},
	} {
		if l := strings.TrimSpace(lines[i]); want[0] != "" && (!strings.HasPrefix(l, want[0]) || !strings.HasSuffix(l, want[1])) {
			t.Errorf("line %d: got %q, want %q … %q", i+1, l, want[0], want[1])
		}
	}

	b.Reset()
	if err := ComparisonsJSON(&b, cs); err != nil {
		t.Fatal(err)
	}
	var d comparisonsDocument
	if err := json.Unmarshal(b.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	c := d.Comparisons[1].Changes
	if *d.Comparisons[1].Law != "amdahl" || len(c) != 3 || c[0].Changed || !c[1].Changed || c[1].N != nil || *c[2].N != 8 {
		t.Errorf("got %s", &b)
	}
}
