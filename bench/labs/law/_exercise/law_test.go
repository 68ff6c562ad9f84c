package law_test

import (
	"fmt"
	"math"
	"testing"

	law "lab"
)

// record notes why a test failed, for a grader. It is nil in go test.
var record func(cause, text string)

// want fails if a number is not what it should be.
func want(t *testing.T, name string, got, want float64) {
	t.Helper()
	if got == want || !math.IsInf(want, 0) && math.Abs(got-want) <= 1e-9*math.Abs(want) {
		return
	}
	text := fmt.Sprintf("%s is %v, and should be %v.", name, got, want)
	if record != nil {
		record("value", text)
	}
	t.Fatal(text)
}

func TestSpeedup(t *testing.T) {
	want(t, "Speedup(0.5, 1)", law.Speedup(0.5, 1), 1)
	want(t, "Speedup(0.5, 2)", law.Speedup(0.5, 2), 4.0/3)
	want(t, "Speedup(0, 8)", law.Speedup(0, 8), 8)
	want(t, "Speedup(1, 8)", law.Speedup(1, 8), 1)
	want(t, "Speedup(0.1, 16)", law.Speedup(0.1, 16), 6.4)
}

// points are times that follow the law exactly.
func points(sigma, first float64, levels ...float64) []law.Point {
	var list []law.Point
	for _, n := range levels {
		list = append(list, law.Point{N: n, T: first * (sigma + (1-sigma)/n)})
	}
	return list
}

func TestFit(t *testing.T) {
	want(t, "Fit of exact times with sigma = 0.1", law.Fit(points(0.1, 20, 1, 2, 4, 8, 16)), 0.1)
	want(t, "Fit of exact times with sigma = 0.3, N = 1 in the middle", law.Fit(points(0.3, 5, 4, 1, 2)), 0.3)
}
