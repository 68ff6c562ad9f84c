package main

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
)

// tried is the analysis of a curve of two levels that shows the fraction.
func tried(t *testing.T, series string, found float64, levels ...float64) *laws.Analysis {
	t.Helper()
	c := &results.Curve{Name: results.ParseName(series), X: "gomaxprocs", Kind: results.Strong, File: "x.txt", Line: 1}
	if len(levels) == 0 {
		levels = []float64{1, 2}
	}
	for _, n := range levels {
		p := results.Point{Workers: n}
		for _, off := range []float64{0.99, 1, 1, 1.01} {
			p.Samples = append(p.Samples, results.Sample{Time: off * laws.Amdahl.Ratio(n, []float64{found})})
		}
		c.Points = append(c.Points, p)
	}
	a, err := laws.Analyze(c, laws.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestContest(t *testing.T) {
	for _, tt := range []struct {
		name    string
		a, b    []float64 // errors by repeat
		ratio   float64
		closer  int
		verdict int
	}{
		{"much better", []float64{0.01, 0.02, 0.01, 0.03, 0.02, 0.01, 0.02}, []float64{0.2, 0.3, 0.2, 0.4, 0.3, 0.2, 0.1}, 0.1, 7, done},
		{"alike", []float64{0.2, 0.3, 0.2, 0.4, 0.3, 0.2, 0.1}, []float64{0.2, 0.31, 0.19, 0.4, 0.3, 0.2, 0.1}, 1, 1, failed},
		{"worse", []float64{0.2, 0.3, 0.2, 0.4, 0.3, 0.2}, []float64{0.01, 0.02, 0.01, 0.02, 0.02, 0.02}, 12.5, 0, failed},
		{"better, perhaps by half", []float64{0.05, 0.1, 0.15, 0.2, 0.05, 0.1}, []float64{0.3, 0.1, 0.3, 0.2, 0.3, 0.2}, 0.4, 4, undecided},
		{"few", []float64{0.01}, []float64{0.5}, 0.02, 1, undecided},
	} {
		var as []*laws.Analysis
		for i := range tt.a {
			for k, method := range []string{"b", "a"} {
				e := [][]float64{tt.b, tt.a}[k][i]
				if i%2 == 1 && e < 0.05 {
					e = -e // an error is a distance
				}
				as = append(as, tried(t, fmt.Sprintf("Planted/serial=0.05/method=%s/repeat=%d", method, i+1), 0.05+e))
			}
		}
		as = append(as, tried(t, "Other", 0.5), tried(t, "Planted/serial=0.1", 0.5))
		c, err := newContest(as)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if c.Methods[0].Name != "a" || c.Methods[1].Name != "b" || math.Abs(c.Ratio.Value-tt.ratio) > 1e-4 || c.Closer > tt.closer || c.Closer < tt.closer-1 || c.Pairs != len(tt.a) || c.verdict() != tt.verdict {
			t.Errorf("%s: got ratio %+v, closer in %d of %d, status %d, want %g, %d, %d", tt.name, c.Ratio, c.Closer, c.Pairs, c.verdict(), tt.ratio, tt.closer, tt.verdict)
		}
		if i := c.Ratio.Interval; (i != nil) != (len(tt.a) >= 6) || i != nil && !(i.Low <= c.Ratio.Value && c.Ratio.Value <= i.High) {
			t.Errorf("%s: got interval %v of %g", tt.name, i, c.Ratio.Value)
		}
		if m := c.Methods[0]; len(m.Attempts) != len(tt.a) || m.Attempts[0].Repeat != 1 || m.Attempts[0].Samples != 8 || (m.Error.Interval != nil) != (len(tt.a) >= 6) {
			t.Errorf("%s: got %+v", tt.name, m)
		}
	}
}

// With levels enough the fraction is that of Amdahl's law, and the interval
// says whether the truth is in it.
func TestContestLevels(t *testing.T) {
	c, err := newContest([]*laws.Analysis{
		tried(t, "P/serial=0.05/method=x/repeat=1", 0.05, 1, 2, 4, 8), tried(t, "P/serial=0.05/method=y/repeat=1", 0.3, 1, 2, 4, 8),
	})
	if err != nil {
		t.Fatal(err)
	}
	x, y := c.Methods[0], c.Methods[1]
	if x.Holds != 1 || y.Holds != 0 || x.Error.Value > 1e-3 || math.Abs(y.Error.Value-0.25) > 1e-3 || y.Worst != y.Error.Value {
		t.Errorf("got %+v and %+v, want the truth in the first one's interval only", x, y)
	}
}

func TestContestErrors(t *testing.T) {
	for _, tt := range []struct {
		series []string
		want   string
	}{
		{nil, "two methods are compared, there are 0"},
		{[]string{"P/serial=0.05/method=a/repeat=1", "P/serial=0.05/method=b", "P/method=b/repeat=1", "P/serial=0/locked=0.1/method=b/repeat=1"}, "there are 1"},
		{[]string{"P/serial=0.05/method=a/repeat=1", "P/serial=0.05/method=b/repeat=2"}, "no repeat in common"},
		{[]string{"P/serial=0.05/method=a/repeat=x"}, "x.txt:1: P/serial=0.05/method=a/repeat=x: repeat=x is not a whole number"},
		{[]string{"P/serial=3/method=a/repeat=1"}, "serial=3 is not a fraction"},
	} {
		var as []*laws.Analysis
		for _, s := range tt.series {
			as = append(as, tried(t, s, 0.05))
		}
		if _, err := newContest(as); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %q", tt.series, err, tt.want)
		}
	}
}
