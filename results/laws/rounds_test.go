package laws

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRounds(t *testing.T) {
	s := sim{law: Amdahl, p: []float64{0.05}, levels: powers(8), repeats: 8, noise: 0.02, rounds: 0.05}
	c := s.curve(rand.New(rand.NewPCG(7, 1)))
	a, err := Analyze(c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := "profile likelihood of 8 whole rounds"; a.Method != want {
		t.Errorf("method %q, want %q", a.Method, want)
	}
	b, _ := Analyze(c, Options{})
	if d := cmp.Diff(*a.Sigma, *b.Sigma); d != "" {
		t.Errorf("equal data gave another interval: %s", d)
	}

	// What a whole round shares cancels in σ: without the round numbers the
	// interval is wider.
	for i := range c.Points {
		for j := range c.Points[i].Samples {
			c.Points[i].Samples[j].Round = 0
		}
	}
	b, _ = Analyze(c, Options{})
	if w, v := a.Sigma.Interval.High-a.Sigma.Interval.Low, b.Sigma.Interval.High-b.Sigma.Interval.Low; w > 0.8*v {
		t.Errorf("interval of σ is %g wide with rounds, %g without: want clearly less", w, v)
	}

	// The last round was cut short: it is no whole round, and yet counts.
	s.repeats = 9
	c = s.curve(rand.New(rand.NewPCG(7, 1)))
	c.Points[3].Samples = c.Points[3].Samples[:8]
	if a, _ = Analyze(c, Options{}); a.Method != "profile likelihood of 8 whole rounds" {
		t.Errorf("method %q, want the 8 rounds that are whole", a.Method)
	}

	s.repeats = 4
	a, _ = Analyze(s.curve(rand.New(rand.NewPCG(7, 1))), Options{})
	if w := texts(a.Warnings); strings.Contains(a.Method, "rounds;") || !strings.Contains(w, "4 whole rounds: need >= 6") {
		t.Errorf("method %q and warnings %q, want samples and a word on 6 rounds", a.Method, w)
	}
}

// Many samples in a round are not many observations: what a round shares at
// one level must not shrink the interval.
func TestRoundsAreTheUnit(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	s := sim{law: Amdahl, p: []float64{0.1}, levels: powers(8), repeats: 8, noise: 0.03, rounds: 1e-9}
	few := s.curve(rng)
	many := s.curve(rand.New(rand.NewPCG(8, 8)))
	for i := range many.Points {
		p := &many.Points[i]
		for _, s := range slices.Clone(p.Samples) {
			for range 20 {
				p.Samples = append(p.Samples, s)
			}
		}
	}
	a, _ := Analyze(few, Options{})
	b, _ := Analyze(many, Options{})
	near(t, "low end", b.Sigma.Interval.Low, a.Sigma.Interval.Low, 1e-6)
	near(t, "high end", b.Sigma.Interval.High, a.Sigma.Interval.High, 1e-6)
}

func texts(errs []error) string {
	var s []string
	for _, e := range errs {
		s = append(s, e.Error())
	}
	return strings.Join(s, "; ")
}
