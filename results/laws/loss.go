package laws

import "math"

const (
	maxTerms = 2
	// unbounded stands for no upper bound of a parameter: large enough never
	// to bind on times anybody measured, small enough to compute with.
	unbounded = 1e12
)

// A problem is one law to be fitted to the levels of one curve. Its scale is
// fixed so that times are near 1. T(1) never is among the unknowns: for any p
// the best one follows in closed form (a variable projection), so that a law
// has at most two unknowns.
type problem struct {
	law    *Law
	loss   Loss
	k      int       // number of parameters beside T(1)
	n      []float64 // levels
	w      []float64 // weight of each level
	h      []float64 // mean of log time, or of throughput, at each level
	g      [maxTerms][]float64
	lo, hi [maxTerms]float64
	fixed  *float64 // the scale, where T(1) is not to be fitted
}

// A point is a value of the parameters with the best T(1) for it. scale is
// log T(1) under LogTime and 1/T(1) under Throughput.
type point struct {
	p     [maxTerms]float64
	scale float64
	sse   float64
}

// onStack is the number of levels up to which work space lives on the stack.
const onStack = 24

func newProblem(law *Law, loss Loss, n, w, h []float64) *problem {
	q := &problem{law: law, loss: loss, k: len(law.Terms), n: n, w: w, h: h}
	for k, t := range law.Terms {
		q.hi[k] = unbounded
		if t.Max > 0 {
			q.hi[k] = t.Max
		}
		if t.G != nil {
			q.g[k] = make([]float64, len(n))
			for i, n := range n {
				q.g[k][i] = t.G(n)
			}
		}
	}
	if law.span != nil {
		s := law.span(n)
		q.lo[0], q.hi[0] = s[0], s[1]
	}
	return q
}

// with is the same problem on other data.
func (q *problem) with(w, h []float64) *problem {
	c := *q
	c.w, c.h = w, h
	return &c
}

// ratio is T(n)/T(1) at level i.
func (q *problem) ratio(i int, p *[maxTerms]float64) float64 {
	if q.law.Shape != nil {
		return q.law.Shape(q.n[i], p[0])
	}
	r := q.law.base(q.n[i])
	for k := range q.k {
		r += p[k] * q.g[k][i]
	}
	return r
}

// slope is the derivative of ratio by parameter k.
func (q *problem) slope(i, k int, p *[maxTerms]float64) float64 {
	if q.law.Shape != nil {
		return q.law.slopeAt(q.n[i], p[0])
	}
	return q.g[k][i]
}

// slopeAt is dShape/dp: the law's own, or a central difference.
func (l *Law) slopeAt(n, p float64) float64 {
	if l.slope != nil {
		return l.slope(n, p)
	}
	h := 1e-6 * math.Max(math.Abs(p), 1e-3)
	return (l.Shape(n, p+h) - l.Shape(n, p-h)) / (2 * h)
}

// at gives the loss at p with the best T(1) for it. It is +Inf where the law
// would give a time that is not positive (a load below 1 can do that).
func (q *problem) at(p [maxTerms]float64) point {
	if q.loss == Throughput {
		return q.atThroughput(p)
	}
	// Residuals from the fitted mean, in two passes: the sum of squares of
	// data that fit to the last digit must not drown in cancellation.
	var buf [onStack]float64
	d := buf[:0]
	var sum, sw float64
	for i, w := range q.w {
		r := q.ratio(i, &p)
		if !(r > 0) {
			return point{p: p, sse: math.Inf(1)}
		}
		v := q.h[i] - math.Log(r)
		d = append(d, v)
		sum += w * v
		sw += w
	}
	mean := sum / sw
	if q.fixed != nil {
		mean = *q.fixed
	}
	var sse float64
	for i, w := range q.w {
		e := d[i] - mean
		sse += w * e * e
	}
	return point{p: p, scale: mean, sse: sse}
}

func (q *problem) atThroughput(p [maxTerms]float64) point {
	var xf, ff float64
	for i, w := range q.w {
		r := q.ratio(i, &p)
		if !(r > 0) {
			return point{p: p, sse: math.Inf(1)}
		}
		xf += w * q.h[i] / r
		ff += w / (r * r)
	}
	scale := xf / ff
	if q.fixed != nil {
		scale = *q.fixed
	}
	var sse float64
	for i, w := range q.w {
		e := q.h[i] - scale/q.ratio(i, &p)
		sse += w * e * e
	}
	return point{p: p, scale: scale, sse: sse}
}

// normal is the Gauss–Newton system of the projected problem at c: m·d = b is
// the step d of the parameters, before any bound. Each derivative is taken
// along with the T(1) that follows it (Kaufman's projection).
func (q *problem) normal(c point) (m [maxTerms][maxTerms]float64, b [maxTerms]float64) {
	// Under LogTime a change of T(1) moves every level alike: u = 1. Under
	// Throughput it moves each by its own share: u = 1/ratio.
	type row struct {
		u, e float64
		j    [maxTerms]float64
	}
	var buf [onStack]row
	rows := buf[:0]
	var uu float64
	var uj [maxTerms]float64
	for i, w := range q.w {
		r := q.ratio(i, &c.p)
		v := row{u: 1}
		move := 1 / r
		if q.loss == Throughput {
			v.u, v.e = 1/r, q.h[i]-c.scale/r
			move = -c.scale / (r * r)
		} else {
			v.e = q.h[i] - c.scale - math.Log(r)
		}
		uu += w * v.u * v.u
		for k := range q.k {
			v.j[k] = q.slope(i, k, &c.p) * move
			uj[k] += w * v.u * v.j[k]
		}
		rows = append(rows, v)
	}
	for i, w := range q.w {
		v := &rows[i]
		for k := range q.k {
			if q.fixed == nil {
				v.j[k] -= v.u * uj[k] / uu
			}
			b[k] += w * v.j[k] * v.e
			for l := range k + 1 {
				m[k][l] += w * v.j[k] * v.j[l]
			}
		}
	}
	m[0][1] = m[1][0]
	return m, b
}
