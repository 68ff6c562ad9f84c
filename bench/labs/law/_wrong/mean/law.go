// Wrong on purpose: the mean of what each level says
// Fails: TestFitNoise
package law

import "math"

// Speedup returns how many times faster n workers are than one.
func Speedup(sigma, n float64) float64 { return 1 / (sigma + (1-sigma)/n) }

// Ceiling returns the speedup that no number of workers exceeds.
func Ceiling(sigma float64) float64 {
	if sigma == 0 {
		return math.Inf(1)
	}
	return 1 / sigma
}

// A Point is the time T that a program takes with N workers.
type Point struct{ N, T float64 }

// Fit returns the serial part that fits the points best.
func Fit(points []Point) (sigma float64) {
	first := 0.0
	for _, p := range points {
		if p.N == 1 {
			first = p.T
		}
	}
	var xy, xx float64
	for _, p := range points {
		x := 1 - 1/p.N
		y := p.T/first - 1/p.N
		if x > 0 {
			xy += y / x
			xx++
		}
	}
	return min(max(xy/xx, 0), 1)
}

// Workers returns the fewest workers that reach a share of the ceiling.
func Workers(sigma, share float64) int {
	n := 1
	for Speedup(sigma, float64(n)) < share*Ceiling(sigma) {
		n++
	}
	return n
}
