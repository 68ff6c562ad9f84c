package laws

import (
	"math"
	"slices"
)

// A region is the likelihood region of a fit: all p whose loss is at most cut.
// Its shadow on any function of p is the profile likelihood interval of that
// function, and does not depend on how the law is written: the interval of
// 1/σ is 1 over the interval of σ. The cut
//
//	loss(p) ≤ loss(p̂) + s²·t²(ν)
//
// is exact where the law is a straight line and close to it elsewhere, also
// for few samples (D. M. Bates, D. G. Watts, Nonlinear Regression Analysis, 1988,
// section 6.1). Where the estimate sits on a bound the same cut is kept, so that
// changing between one-sided and two-sided never costs coverage.
type region struct {
	q       *problem
	c       point
	cut     float64
	turn    [maxTerms][maxTerms]float64 // from the unit circle to steps of p
	ring    [][maxTerms]float64         // its edge, in equal turns
	corners [][maxTerms]float64         // where its edge meets a bound
}

const (
	turns  = 28
	coarse = 1e-3 // how near the ring is to the edge, as a share of its distance
	exact  = 1e-8 // how near an end of an interval is
)

func newRegion(q *problem, c point, rise float64) *region {
	r := &region{q: q, c: c, cut: c.sse + rise}
	m, _ := q.normal(c)
	size := math.Sqrt(rise)
	switch q.k {
	case 1:
		r.turn[0][0] = size / math.Sqrt(m[0][0])
		if !(m[0][0] > 0) {
			r.turn[0][0] = math.Max(math.Abs(c.p[0]), 1) * 1e-3
		}
		r.ring = [][maxTerms]float64{r.end(-1), r.end(1)}
	case 2:
		// m = LLᵀ; a step d with Lᵀd = u on the circle of that size rises alike
		// in every direction.
		l00 := math.Sqrt(m[0][0])
		l10 := m[0][1] / l00
		l11 := math.Sqrt(math.Max(m[1][1]-l10*l10, 1e-12*m[1][1]))
		if l00 > 0 && l11 > 0 {
			r.turn = [maxTerms][maxTerms]float64{
				{size / l00, -size * l10 / (l00 * l11)},
				{0, size / l11},
			}
		}
		r.ring = make([][maxTerms]float64, turns)
		for i := range r.ring {
			r.ring[i] = r.edge(2*math.Pi*float64(i)/turns, coarse)
		}
		r.findCorners()
	}
	return r
}

// findCorners follows every bound that the ring touches to where the region ends
// on that bound.
func (r *region) findCorners() {
	for k := range r.q.k {
		for _, bound := range [2]float64{r.q.lo[k], r.q.hi[k]} {
			if bound >= unbounded || !slices.ContainsFunc(r.ring, func(p [maxTerms]float64) bool { return p[k] == bound }) {
				continue
			}
			held := *r.q
			held.lo[k], held.hi[k] = bound, bound
			p := r.c.p
			p[k] = bound
			c := held.down(held.at(p))
			if c.sse > r.cut {
				continue
			}
			for _, sign := range [2]float64{-1, 1} {
				var dir [maxTerms]float64
				dir[1-k] = sign * math.Hypot(r.turn[1-k][0], r.turn[1-k][1])
				r.corners = append(r.corners, r.along(c.p, dir, exact))
			}
		}
	}
}

// fine is where the region ends in the direction of that angle.
func (r *region) fine(angle float64) [maxTerms]float64 { return r.edge(angle, exact) }

// edge is fine to within a tolerance.
func (r *region) edge(angle, tolerance float64) [maxTerms]float64 {
	sin, cos := math.Sincos(angle)
	if math.Abs(sin) < 1e-12 {
		sin = 0
	}
	return r.along(r.c.p, [maxTerms]float64{
		r.turn[0][0]*cos + r.turn[0][1]*sin,
		r.turn[1][0]*cos + r.turn[1][1]*sin,
	}, tolerance)
}

// end is the end of a region of one parameter, downwards or upwards. A law that
// bends can have more than one piece; the outermost counts.
func (r *region) end(sign float64) [maxTerms]float64 {
	dir := [maxTerms]float64{sign * r.turn[0][0]}
	p := r.along(r.c.p, dir, exact)
	if r.q.law.kinks == nil {
		return p
	}
	for _, k := range r.q.law.kinks(r.q.n) {
		from := [maxTerms]float64{k}
		if k >= r.q.lo[0] && k <= r.q.hi[0] && sign*(k-p[0]) > 0 && r.q.at(from).sse <= r.cut {
			if q := r.along(from, dir, exact); sign*(q[0]-p[0]) > 0 {
				p = q
			}
		}
	}
	return p
}

// along follows a ray from a point of the region to where the loss reaches the
// cut or a bound stops it.
func (r *region) along(from, dir [maxTerms]float64, tolerance float64) [maxTerms]float64 {
	far := math.Inf(1) // where the ray leaves the bounds
	for k := range r.q.k {
		switch {
		case dir[k] > 0:
			far = math.Min(far, (r.q.hi[k]-from[k])/dir[k])
		case dir[k] < 0:
			far = math.Min(far, (r.q.lo[k]-from[k])/dir[k])
		}
	}
	if math.IsInf(far, 1) || !(far > 0) {
		return from
	}
	pos := func(t float64) [maxTerms]float64 {
		p := from
		for k := range r.q.k {
			p[k] = math.Min(math.Max(from[k]+t*dir[k], r.q.lo[k]), r.q.hi[k])
		}
		return p
	}
	// The square root of the rise is nearly a straight line in t.
	want := math.Sqrt(r.cut - r.c.sse)
	rise := func(t float64) float64 {
		return math.Sqrt(math.Max(r.q.at(pos(t)).sse-r.c.sse, 0)) - want
	}
	a, fa := 0.0, -want
	if from != r.c.p {
		fa = rise(0)
	}
	b := math.Min(1, far)
	fb := rise(b)
	for fb < 0 {
		if b >= far {
			return pos(far)
		}
		a, fa = b, fb
		b = math.Min(2*b, far)
		fb = rise(b)
	}
	// Regula falsi with the Illinois rule, by halves where a side is infinite.
	side := 0
	for range 60 {
		if b-a <= tolerance*b || fb == 0 {
			break
		}
		t := (a + b) / 2
		if !math.IsInf(fb, 1) && fb > fa {
			t = (a*fb - b*fa) / (fb - fa)
		}
		if t <= a || t >= b {
			t = (a + b) / 2
		}
		ft := rise(t)
		if math.Abs(ft) <= tolerance*want {
			return pos(t)
		}
		if ft > 0 {
			if side == 1 {
				fa /= 2
			}
			b, fb, side = t, ft, 1
		} else {
			if side == -1 {
				fb /= 2
			}
			a, fa, side = t, ft, -1
		}
	}
	return pos(b)
}

// shadow is the range of f over the region. Beyond the fit itself its extremes
// lie on the edge: near the outermost points of the ring, from which a search
// along the edge goes on.
func (r *region) shadow(f func(p []float64) float64) (lo, hi float64) {
	value := func(p [maxTerms]float64) float64 { return f(p[:r.q.k]) }
	lo = value(r.c.p)
	hi = lo
	iLo, iHi := -1, -1
	for i, p := range r.ring {
		v := value(p)
		if v < lo {
			lo, iLo = v, i
		}
		if v > hi {
			hi, iHi = v, i
		}
	}
	if r.q.k < 2 {
		return lo, hi
	}
	if iLo >= 0 && !math.IsInf(lo, -1) {
		lo = -r.around(iLo, func(p [maxTerms]float64) float64 { return -value(p) })
	}
	if iHi >= 0 && !math.IsInf(hi, 1) {
		hi = r.around(iHi, value)
	}
	for _, p := range r.corners {
		v := value(p)
		lo, hi = math.Min(lo, v), math.Max(hi, v)
	}
	return lo, hi
}

// around is the largest value on the edge next to ring point i. The vertex of the
// parabola through three points of the ring is near it; that of three points
// next to that vertex is as good as exact, where the edge has no corner.
func (r *region) around(i int, value func([maxTerms]float64) float64) float64 {
	n := len(r.ring)
	step := 2 * math.Pi / float64(n)
	b := step * float64(i)
	b = vertex(b, step, value(r.ring[(i+n-1)%n]), value(r.ring[i]), value(r.ring[(i+1)%n]))
	step /= 8
	fa, fb, fc := value(r.fine(b-step)), value(r.fine(b)), value(r.fine(b+step))
	best := math.Max(fb, math.Max(fa, fc))
	if v := vertex(b, step, fa, fb, fc); v != b {
		best = math.Max(best, value(r.fine(v)))
	}
	return best
}

// vertex is where the parabola through three values at b−step, b and b+step is
// largest, kept within that range; b where it has no largest value.
func vertex(b, step, fa, fb, fc float64) float64 {
	bend := (fb - fa) + (fb - fc)
	if !(bend > 0) || math.IsInf(bend, 0) {
		return b
	}
	return b + step*math.Max(-1, math.Min(1, (fc-fa)/(2*bend)))
}
