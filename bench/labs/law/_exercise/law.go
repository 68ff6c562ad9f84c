// Package law is Amdahl's law: how fast a program gets of which a part is serial.
package law

// Speedup returns how many times faster n workers are than one, if the part sigma of
// the work is serial: from 0, nothing, to 1, all of it.
func Speedup(sigma, n float64) float64 {
	// Your code here.
	return 0
}

// Ceiling returns the speedup that no number of workers exceeds.
func Ceiling(sigma float64) float64 {
	// Your code here.
	return 0
}

// A Point is the time T that a program takes with N workers.
type Point struct{ N, T float64 }

// Fit returns the serial part that fits the points best, 0 to 1: by least squares
// of T(N)/T(1). One of the points has N = 1.
func Fit(points []Point) (sigma float64) {
	// Your code here.
	return 0
}

// Workers returns the fewest workers that reach a share of the ceiling, such as 0.9.
// sigma is above 0, and share below 1.
func Workers(sigma, share float64) int {
	// Your code here.
	return 0
}
