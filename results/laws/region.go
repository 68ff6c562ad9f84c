package laws

import "math"

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
	q    *problem
	c    point
	cut  float64
	turn [maxTerms][maxTerms]float64 // from the unit circle to steps of p
	ring [][maxTerms]float64         // its edge, in equal turns
}

const (
	turns  = 48
	golden = 0.6180339887498949
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
			r.ring[i] = r.edge(2 * math.Pi * float64(i) / turns)
		}
	}
	return r
}

// edge is where the region ends in the direction of that angle.
func (r *region) edge(angle float64) [maxTerms]float64 {
	sin, cos := math.Sincos(angle)
	if math.Abs(sin) < 1e-12 {
		sin = 0
	}
	return r.along(r.c.p, [maxTerms]float64{
		r.turn[0][0]*cos + r.turn[0][1]*sin,
		r.turn[1][0]*cos + r.turn[1][1]*sin,
	})
}

// end is the end of a region of one parameter, downwards or upwards. A law that
// bends can have more than one piece; the outermost counts.
func (r *region) end(sign float64) [maxTerms]float64 {
	dir := [maxTerms]float64{sign * r.turn[0][0]}
	p := r.along(r.c.p, dir)
	if r.q.law.kinks == nil {
		return p
	}
	for _, k := range r.q.law.kinks(r.q.n) {
		from := [maxTerms]float64{k}
		if k >= r.q.lo[0] && k <= r.q.hi[0] && sign*(k-p[0]) > 0 && r.q.at(from).sse <= r.cut {
			if q := r.along(from, dir); sign*(q[0]-p[0]) > 0 {
				p = q
			}
		}
	}
	return p
}

// along follows a ray from a point of the region to where the loss reaches the
// cut or a bound stops it.
func (r *region) along(from, dir [maxTerms]float64) [maxTerms]float64 {
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
	a, fa := 0.0, rise(0)
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
		if b-a <= 1e-9*b || fb == 0 {
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
		if math.Abs(ft) <= 1e-9*want {
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

// shadow is the range of f over the region.
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
		lo = math.Min(lo, -r.around(iLo, func(p [maxTerms]float64) float64 { return -value(p) }))
	}
	if iHi >= 0 && !math.IsInf(hi, 1) {
		hi = math.Max(hi, r.around(iHi, value))
	}
	return lo, hi
}

// around is the largest value on the edge next to ring point i.
func (r *region) around(i int, value func([maxTerms]float64) float64) float64 {
	at := 2 * math.Pi * float64(i) / turns
	return largest(at-2*math.Pi/turns, at+2*math.Pi/turns, 16, func(t float64) float64 { return value(r.edge(t)) })
}

// scales is the range of the scale over the region of all parameters, T(1)
// included: at each p it may move as far as the loss there leaves room.
func (r *region) scales() (lo, hi float64) {
	reach := func(p [maxTerms]float64, sign float64) float64 {
		c := r.q.at(p)
		var curve float64
		for i, w := range r.q.w {
			if r.q.loss == Throughput {
				f := 1 / r.q.ratio(i, &p)
				w *= f * f
			}
			curve += w
		}
		return sign*c.scale + math.Sqrt(math.Max(r.cut-c.sse, 0)/curve)
	}
	extreme := func(sign float64) float64 {
		best := reach(r.c.p, sign)
		ray := func(edge [maxTerms]float64) float64 {
			return largest(0, 1, 14, func(t float64) float64 {
				p := r.c.p
				for k := range r.q.k {
					p[k] += t * (edge[k] - p[k])
				}
				return reach(p, sign)
			})
		}
		step := max(len(r.ring)/16, 1)
		at := -1
		for i := 0; i < len(r.ring); i += step {
			if v := ray(r.ring[i]); v > best {
				best, at = v, i
			}
		}
		if r.q.k == 2 && at >= 0 {
			mid, wide := 2*math.Pi*float64(at)/turns, 2*math.Pi*float64(step)/turns
			best = math.Max(best, largest(mid-wide, mid+wide, 8, func(t float64) float64 { return ray(r.edge(t)) }))
		}
		return best
	}
	return -extreme(-1), extreme(1)
}

// largest is the maximum of f, which has one, between a and b by golden section.
func largest(a, b float64, steps int, f func(float64) float64) float64 {
	x, y := b-golden*(b-a), a+golden*(b-a)
	fx, fy := f(x), f(y)
	best := math.Max(math.Max(fx, fy), math.Max(f(a), f(b)))
	for range steps {
		if fx > fy {
			b, y, fy = y, x, fx
			x = b - golden*(b-a)
			fx = f(x)
		} else {
			a, x, fx = x, y, fy
			y = a + golden*(b-a)
			fy = f(y)
		}
		best = math.Max(best, math.Max(fx, fy))
	}
	return best
}
