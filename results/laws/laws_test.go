package laws

import (
	"math"
	"testing"
)

// samples are parameters to try each law with. A law without an entry is tried
// with a small value of every parameter.
var samples = map[string][][]float64{
	"ideal":      {{}},
	"amdahl":     {{0}, {0.05}, {1}},
	"usl":        {{0, 0}, {0.05, 0.001}, {0.3, 0.02}, {0, 0.5}, {0.5, 3}},
	"log":        {{0, 0}, {0.05, 0.01}, {0.3, 0.1}, {0, 2}},
	"bottleneck": {{1}, {6.5}, {100}},
	"convoy":     {{1}, {1.5}, {6}},
	"gustafson":  {{0}, {0.05}, {0.95}},
}

func TestLaws(t *testing.T) {
	for _, l := range All {
		if Find(l.Name) != l {
			t.Errorf("Find(%q) is another law", l.Name)
		}
		if l.Title == "" || l.Formula == "" || l.Doc == "" || l.Source == "" {
			t.Errorf("%s: a text is missing", l.Name)
		}
		if l.Levels < len(l.Terms)+2 {
			t.Errorf("%s: %d levels leave no degree of freedom for %d parameters and T(1)", l.Name, l.Levels, len(l.Terms))
		}
		if samples[l.Name] == nil {
			p := make([]float64, len(l.Terms))
			for k := range p {
				p[k] = 0.05
			}
			samples[l.Name] = [][]float64{p}
		}
		for _, p := range samples[l.Name] {
			if len(p) != len(l.Terms) {
				t.Fatalf("%s: %d parameters to try, want %d", l.Name, len(p), len(l.Terms))
			}
			if got := l.Ratio(1, p); got != 1 {
				t.Errorf("%s %v: T(1)/T(1) = %g, want 1", l.Name, p, got)
			}
			peak, limit := math.Inf(1), math.Inf(1)
			if l.Peak != nil {
				peak = l.Peak(p)
			}
			if l.Limit != nil {
				limit = l.Limit(p)
			}
			// The largest speedup on a fine grid of workers agrees with both.
			best, at := 0.0, 0.0
			for n := 1.0; n < 1e9; n *= 1.001 {
				if s := 1 / l.Ratio(n, p); s > best*(1+1e-12) {
					best, at = s, n
				}
			}
			if math.IsInf(limit, 1) {
				if best < 1e7 {
					t.Errorf("%s %v: no limit, but at most %g times faster", l.Name, p, best)
				}
				continue
			}
			if math.Abs(best/limit-1) > 1e-6 {
				t.Errorf("%s %v: limit %g, but %g at %g workers", l.Name, p, limit, best, at)
			}
			if !math.IsInf(peak, 1) && math.Abs(at/peak-1) > 2e-3 {
				t.Errorf("%s %v: peak at %g, but the best is at %g", l.Name, p, peak, at)
			}
		}
		if l.slope != nil {
			for _, p := range samples[l.Name] {
				n, h := 7.3, 1e-6
				want := (l.Shape(n, p[0]+h) - l.Shape(n, p[0]-h)) / (2 * h)
				if got := l.slope(n, p[0]); math.Abs(got-want) > 1e-5*math.Max(1, math.Abs(want)) {
					t.Errorf("%s %v: slope %g, want %g", l.Name, p, got, want)
				}
			}
		}
	}
	if l := Find("moore"); l != nil {
		t.Errorf("Find(moore) = %s, want none", l.Name)
	}
}

// The time form of the laws is the throughput form of the textbooks.
func TestTextbookForms(t *testing.T) {
	const sigma, kappa, lambda = 0.03, 0.0002, 90.0
	for _, n := range []float64{0.5, 1, 2, 17, 216} {
		x := lambda * n / (1 + sigma*(n-1) + kappa*n*(n-1))
		near(t, "USL", lambda/USL.Ratio(n, []float64{sigma, kappa}), x, 1e-14)
		near(t, "Amdahl", 1/Amdahl.Ratio(n, []float64{sigma}), 1/((1-sigma)/n+sigma), 1e-14)
		near(t, "Gustafson", 1/Gustafson.Ratio(n, []float64{sigma}), sigma+(1-sigma)*n, 1e-14)
	}
}
