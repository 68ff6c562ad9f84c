// Package hillmarty has the speedups of chips with a budget of n base cores,
// which may spend r of them on a larger core.
//
// A core of r base cores runs sequential code perf(r) = √r times as fast as a
// base core (Pollack's rule). f is the fraction of the work that is parallel,
// from 0 to 1 and without unit; 1 − f is Amdahl's σ. All speedups are over one
// base core.
//
//	symmetric   n/r cores of r:                S = 1/((1−f)/√r + f·r/(√r·n))
//	asymmetric  one core of r, n−r base cores: S = 1/((1−f)/√r + f/(√r + n − r))
//	dynamic     all n base cores, or one of r: S = 1/((1−f)/√r + f/n)
//
// Source: M. D. Hill, M. R. Marty, Amdahl's law in the multicore era, IEEE
// Computer 41(7), 2008, equations 1 to 3.
package hillmarty

import (
	"fmt"
	"math"
)

// A Design is one kind of chip.
type Design struct {
	Name string // "symmetric"
	Doc  string // one line
	// Speedup is the speedup of a chip of n base cores with a large core of r, for
	// a parallel fraction f. It is NaN unless 0 ≤ f ≤ 1 and 1 ≤ r ≤ n.
	Speedup func(f, n, r float64) float64
}

// Designs lists the three of the paper.
var Designs = []Design{
	{"symmetric", "n/r cores, each of r base cores", Symmetric},
	{"asymmetric", "one core of r base cores beside n − r base cores", Asymmetric},
	{"dynamic", "n base cores that can join into one core of r", Dynamic},
}

// Find returns the design of that name. The error lists the names.
func Find(name string) (Design, error) {
	for _, d := range Designs {
		if d.Name == name {
			return d, nil
		}
	}
	return Design{}, fmt.Errorf("hillmarty: no chip %q: have symmetric, asymmetric and dynamic", name)
}

// Perf is how many times as fast as a base core a core of r base cores runs
// sequential code: √r.
func Perf(r float64) float64 { return math.Sqrt(r) }

// Symmetric is the speedup of n/r cores of r base cores each.
func Symmetric(f, n, r float64) float64 { return speedup(f, n, r, Perf(r)*n/r) }

// Asymmetric is the speedup of one core of r base cores, which runs the serial
// part, and n − r base cores, which all run the parallel part with it.
func Asymmetric(f, n, r float64) float64 { return speedup(f, n, r, Perf(r)+n-r) }

// Dynamic is the speedup of a chip whose n base cores run the parallel part, and
// of which r join to run the serial part.
func Dynamic(f, n, r float64) float64 { return speedup(f, n, r, n) }

// speedup is that of a serial part at Perf(r) and a parallel part at the given
// rate.
func speedup(f, n, r, parallel float64) float64 {
	if !(f >= 0 && f <= 1 && r >= 1 && n >= r) {
		return math.NaN()
	}
	return 1 / ((1-f)/Perf(r) + f/parallel)
}

// Best is the r, from 1 to n, at which a design is fastest, and its speedup
// there. It searches to a relative 1e-6 of r; NaN for arguments out of range.
func (d Design) Best(f, n float64) (r, s float64) {
	if !(f >= 0 && f <= 1 && n >= 1) {
		return math.NaN(), math.NaN()
	}
	// Each speedup has one maximum in r (its inverse is convex in √r), which a
	// golden-section search over log r finds.
	const golden = 0.6180339887498949
	lo, hi := 0.0, math.Log(n)
	at := func(x float64) float64 { return d.Speedup(f, n, math.Min(math.Exp(x), n)) }
	for hi-lo > 1e-7 {
		a, b := hi-golden*(hi-lo), lo+golden*(hi-lo)
		if at(a) >= at(b) {
			hi = b
		} else {
			lo = a
		}
	}
	r, s = 1, at(0)
	for _, x := range []float64{(lo + hi) / 2, math.Log(n)} {
		if v := at(x); v > s*(1+1e-12) {
			r, s = math.Min(math.Exp(x), n), v
		}
	}
	return r, s
}

// Crossing is the largest r, from 1 to n, up to which a chip with one core of r
// is at least as fast as one of base cores alone: beyond it the base cores that
// it costs are missed more than its speed helps. It is n where the large core
// pays at any size, and 1 where it does at none.
func Crossing(f, n float64) float64 {
	base := Symmetric(f, n, 1)
	best, top := Design{Speedup: Asymmetric}.Best(f, n)
	if Asymmetric(f, n, n) >= base {
		return n
	}
	if !(top > base*(1+1e-12)) {
		return 1
	}
	lo, hi := best, n
	for hi-lo > 1e-9*hi {
		if mid := (lo + hi) / 2; Asymmetric(f, n, mid) >= base {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}
