package grading

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// A run with names that no lab has is broken, and takes no time and no memory to draw: a name of
// half a megabyte beside ten thousand lines, and ten thousand names.
func TestRunWithManyNames(t *testing.T) {
	l := open(t, "third")
	c := predicted(l, "ada", "2")
	_, order := c.Seeds()
	var many, long strings.Builder
	for _, b := range []*strings.Builder{&many, &long} {
		fmt.Fprintf(b, "run-seed: %d\nround: 1\n", order)
	}
	fmt.Fprintf(&long, "BenchmarkThird/plan=%s/workers=1 1 5 ns/op\n", strings.Repeat("x", 500_000))
	for i := range 10_000 {
		fmt.Fprintf(&many, "BenchmarkThird/plan=p%d/workers=%d 1 5 ns/op\n", i, i+1)
		fmt.Fprintf(&long, "BenchmarkThird/plan=static/workers=%d 1 5 ns/op\n", i+1)
	}
	for _, text := range []string{many.String(), long.String()} {
		s := submission(l, "ada", text, c)
		s.Answers["e1"] = "1"
		r := judged(t, s)
		if r.Figure != nil {
			t.Errorf("it is drawn with %d series", len(r.Figure.Series))
		}
		for _, q := range r.Questions {
			if q.ID == "e1" && (q.Passed || !strings.Contains(q.Text, "The run has")) {
				t.Errorf("%s: %+v", q.ID, q)
			}
			if len(q.Text) > 2000 {
				t.Errorf("%s: a text of %d bytes", q.ID, len(q.Text))
			}
		}
	}
}

// Text that is not a run ends in an error, never in a panic.
func FuzzRun(f *testing.F) {
	l := open(f, "third")
	c := predicted(l, "ada", "2")
	f.Add(honest(l, c, &noise{rng: rand.New(rand.NewPCG(1, 1))}))
	f.Add("BenchmarkThird/plan=static/workers=1 1 NaN ns/op\n")
	f.Add("round: x\nBenchmarkThird/workers=-3 1 2 ns/op 3 iters/op")
	f.Fuzz(func(t *testing.T, text string) {
		s := submission(l, "ada", text, c)
		if err := Fits(l, s); err != nil {
			return
		}
		if _, err := Show(l, s); err != nil {
			t.Error(err)
		}
	})
}
