package laws

import (
	"math"
	"math/rand/v2"
	"testing"
)

// coneLSQ against a search over a fine grid of the parameters with the best
// scale for each: no grid point may be better, and one must be nearly as good.
func TestConeLSQ(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	n := []float64{1, 2, 4, 8, 16}
	for trial := range 60 {
		cols := [][]float64{make([]float64, len(n)), make([]float64, len(n)), make([]float64, len(n))}
		b := make([]float64, len(n))
		for i, n := range n {
			t := math.Exp(rng.NormFloat64()) / n
			cols[0][i], cols[1][i], cols[2][i], b[i] = 1/n/t, (1-1/n)/t, (n-1)/t, 1
		}
		lo, hi := []float64{0, 0}, []float64{1, 0.5}
		loss := func(p0, p1 float64) float64 {
			var cb, cc float64
			for i := range b {
				c := cols[0][i] + p0*cols[1][i] + p1*cols[2][i]
				cb += c * b[i]
				cc += c * c
			}
			var bb float64
			for _, v := range b {
				bb += v * v
			}
			return bb - cb*cb/cc
		}
		p, ok := coneLSQ(cols, b, lo, hi)
		if !ok {
			t.Fatalf("trial %d: no solution", trial)
		}
		got := loss(p[0], p[1])
		best := math.Inf(1)
		for i := range 101 {
			for j := range 101 {
				best = math.Min(best, loss(float64(i)/100, float64(j)/200))
			}
		}
		if got > best*(1+1e-9)+1e-12 {
			t.Errorf("trial %d: loss %.12g at %v, but %.12g on the grid", trial, got, p, best)
		}
		if p[0] < lo[0] || p[0] > hi[0] || p[1] < lo[1] || p[1] > hi[1] {
			t.Errorf("trial %d: %v is out of bounds", trial, p)
		}
	}
}

// The fit in log time, too, has no better point next to it or far from it.
func TestBestIsBest(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	n := []float64{1, 2, 4, 8, 16, 32}
	w := []float64{1, 2, 1, 3, 1, 1}
	for _, law := range All {
		for _, loss := range []Loss{LogTime, Throughput} {
			for trial := range 20 {
				h := make([]float64, len(n))
				for i := range h {
					h[i] = -math.Log(n[i])*rng.Float64() + 0.3*rng.NormFloat64()
					if loss == Throughput {
						h[i] = math.Exp(-h[i])
					}
				}
				q := newProblem(law, loss, n, w, h)
				got := q.best()
				top := [maxTerms]float64{math.Min(q.hi[0], 2), math.Min(q.hi[1], 2)}
				if law == Bottleneck {
					top[0] = q.hi[0]
				}
				for i := range 101 {
					for j := range 101 {
						// Squares put more of the grid at small parameters.
						x, y := float64(i)/100, float64(j)/100
						p := [maxTerms]float64{q.lo[0] + x*x*(top[0]-q.lo[0]), y * y * top[1]}
						if c := q.at(p); c.sse < got.sse*(1-1e-9) {
							t.Fatalf("%s, %s, trial %d: loss %.9g at %v, but %.9g at %v", law.Name, loss, trial, got.sse, got.p, c.sse, p)
						}
						if q.k < 2 {
							break
						}
					}
					if q.k < 1 {
						break
					}
				}
			}
		}
	}
}
