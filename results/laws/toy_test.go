package laws

import (
	"math"
	"math/rand/v2"
	"testing"

	"amdahl/results"
)

// root is a law that All does not have: a serial part, and an overhead that
// grows with the square root of the workers. It is one literal.
var root = &Law{
	Name:    "root",
	Title:   "Amdahl's law with a root overhead",
	Formula: "T(n) = T(1)·(1/n + σ(1 − 1/n) + κ(√n − 1))",
	Doc:     "Amdahl's law, and a cost κ that grows with √n",
	Source:  "a test",
	Kind:    results.Strong,
	Levels:  4,
	Terms:   []Term{serial, {Symbol: "κ", Name: "kappa", G: func(n float64) float64 { return math.Sqrt(n) - 1 }}},
}

// A law that is added to All with one line is fitted, chosen where the data
// follow it, and gets a sentence: its own, or one of its title and its doc.
func TestNewLaw(t *testing.T) {
	all := All
	t.Cleanup(func() { All = all })
	for _, tt := range []struct {
		says func(*Fit, *Analysis) Finding
		want Finding
	}{
		{nil, Finding{"root", "The data follow this law: Amdahl's law with a root overhead: Amdahl's law, and a cost κ that grows with √n."}},
		{func(f *Fit, a *Analysis) Finding { return Finding{"own", "Its own."} }, Finding{"own", "Its own."}},
	} {
		law := *root
		law.Says = tt.says
		All = append(all[:len(all):len(all)], &law)
		s := sim{law: &law, p: []float64{0.05, 0.1}, levels: powers(64), repeats: 10, noise: 0.005}
		a, err := Analyze(s.curve(rand.New(rand.NewPCG(1, 1))), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if a.Chosen.Law != &law {
			t.Fatalf("chose %s, want root", a.Chosen.Law.Name)
		}
		if got := a.Diagnosis[0]; got != tt.want {
			t.Errorf("says %v, want %v", got, tt.want)
		}
	}
}
