package stats

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func TestStudentQuantile(t *testing.T) {
	for _, df := range []float64{1, 2, 2.5, 3, 3.2, 4, 4.9, 5, 7.31, 12, 45, 300, 1e5} {
		for _, p := range []float64{1e-6, 0.025, 0.05, 0.3, 0.5, 0.6, 0.8, 0.9, 0.95, 0.975, 0.995, 0.9999} {
			want := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(p)
			if got := StudentQuantile(p, df); math.Abs(got-want) > 1e-9*math.Max(1, math.Abs(want)) {
				t.Errorf("quantile %g with %g degrees of freedom: got %.12g, want %.12g", p, df, got, want)
			}
		}
	}
}

func BenchmarkStudentQuantile(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		StudentQuantile(0.975, 5+float64(i%100)/7)
	}
}
