package laws

import "math"

// coneLSQ finds the p, within its bounds, of the law β₀·(c₀ + Σ pₖ·cₖ) that is
// nearest to b in weighted least squares, with β₀ > 0. The columns are given
// as cols[0] = c₀, cols[1] = c₁, … and already carry the weights.
//
// The set of allowed β = β₀·(1, p) is a cone, and the problem is convex: its one
// optimum lies inside the cone or inside one of its faces, where some
// parameters sit on a bound and the rest solve a plain least squares problem.
// Those problems are few (three to the number of parameters) and tiny, so
// all of them are solved and the best allowed one is the exact answer. With
// lo = 0 and hi without bound this is non-negative least squares.
//
// It is false if no face has an allowed solution, which positive times under
// a positive law exclude.
func coneLSQ(cols [][]float64, b []float64, lo, hi []float64) ([maxTerms]float64, bool) {
	k := len(cols) - 1
	faces := 1
	for range k {
		faces *= 3
	}
	var best [maxTerms]float64
	bestSSE, ok := math.Inf(1), false
	base := make([]float64, len(b))
	free := make([][]float64, 0, maxTerms+1)
	for face := range faces {
		// Digit k of the face's number: 0 free, 1 at lo, 2 at hi.
		copy(base, cols[0])
		free = append(free[:0], base)
		var p [maxTerms]float64
		var where [maxTerms]int
		for j, f := 0, face; j < k; j, f = j+1, f/3 {
			where[j] = f % 3
			switch where[j] {
			case 0:
				free = append(free, cols[j+1])
				continue
			case 1:
				p[j] = lo[j]
			case 2:
				p[j] = hi[j]
			}
			for i, c := range cols[j+1] {
				base[i] += p[j] * c
			}
		}
		beta, sse, solved := leastSquares(free, b)
		if !solved || !(beta[0] > 0) || sse >= bestSSE {
			continue
		}
		allowed, next := true, 1
		for j := range k {
			if where[j] == 0 {
				p[j] = beta[next] / beta[0]
				next++
				allowed = allowed && p[j] >= lo[j] && p[j] <= hi[j]
			}
		}
		if !allowed {
			continue
		}
		best, bestSSE, ok = p, sse, true
		if face == 0 {
			break // inside the cone: nothing is better
		}
	}
	return best, ok
}

// leastSquares solves min |b − Σ βⱼ·colsⱼ|² by modified Gram–Schmidt with b as
// the last column, which is as stable as Householder's method. It is false
// where the columns do not determine β.
func leastSquares(cols [][]float64, b []float64) (beta [maxTerms + 1]float64, sse float64, ok bool) {
	const n = maxTerms + 1
	var r [n][n]float64
	var z [n]float64
	work := make([]float64, (len(cols)+1)*len(b))
	var q [n][]float64
	for j, c := range cols {
		q[j] = work[j*len(b) : (j+1)*len(b)]
		copy(q[j], c)
	}
	res := work[len(cols)*len(b):]
	copy(res, b)
	for j := range cols {
		before := norm(cols[j])
		r[j][j] = norm(q[j])
		if !(r[j][j] > 1e-13*before) {
			return beta, 0, false
		}
		for i := range q[j] {
			q[j][i] /= r[j][j]
		}
		for l := j + 1; l < len(cols); l++ {
			r[j][l] = project(q[j], q[l])
		}
		z[j] = project(q[j], res)
	}
	for j := len(cols) - 1; j >= 0; j-- {
		s := z[j]
		for l := j + 1; l < len(cols); l++ {
			s -= r[j][l] * beta[l]
		}
		beta[j] = s / r[j][j]
	}
	e := norm(res)
	return beta, e * e, true
}

// project takes from v its part along the unit vector q and returns its length.
func project(q, v []float64) float64 {
	var s float64
	for i := range q {
		s += q[i] * v[i]
	}
	for i := range q {
		v[i] -= s * q[i]
	}
	return s
}

func norm(v []float64) float64 {
	var s float64
	for _, x := range v {
		s += x * x
	}
	return math.Sqrt(s)
}
