package law_test

import (
	"fmt"
	"math"
	"testing"

	law "lab"
)

func TestCeiling(t *testing.T) {
	want(t, "Ceiling(0.1)", law.Ceiling(0.1), 10)
	want(t, "Ceiling(1)", law.Ceiling(1), 1)
	want(t, "Ceiling(0)", law.Ceiling(0), math.Inf(1))
}

func TestFitNoise(t *testing.T) {
	// y = T(n)/T(1) - 1/n is 0.1 at x = 0.5, and 0.1 at x = 0.75: least squares gives
	// (0.05 + 0.075) / (0.25 + 0.5625).
	noisy := []law.Point{{N: 1, T: 10}, {N: 2, T: 6}, {N: 4, T: 3.5}}
	want(t, "Fit of the times 10, 6 and 3.5 at N = 1, 2 and 4", law.Fit(noisy), 0.125/0.8125)
	want(t, "Fit of times that fall faster than 1/N", law.Fit([]law.Point{{N: 1, T: 10}, {N: 2, T: 4}}), 0)
	want(t, "Fit of times that grow", law.Fit([]law.Point{{N: 1, T: 10}, {N: 2, T: 12}}), 1)
}

func TestWorkers(t *testing.T) {
	for _, c := range []struct {
		sigma, share float64
		fewest       float64
	}{{0.1, 0.6, 14}, {0.25, 0.6, 5}, {0.1, 0.84, 48}, {1, 0.9, 1}, {0.5, 0.3, 1}} {
		want(t, fmt.Sprintf("Workers(%v, %v)", c.sigma, c.share), float64(law.Workers(c.sigma, c.share)), c.fewest)
	}
}
