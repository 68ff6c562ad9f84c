package laws

import "math"

// best fits the law: the p of least loss. A law linear in its parameters starts
// from the exact solution of the nearest linear problem and goes down from
// there; no step makes the loss larger. With two parameters the same is done
// along each lower bound, where one of them is held. So a law never fits
// worse than one that it contains, and noise as large as the signal, which
// can make a second valley, does not hide the deeper one.
func (q *problem) best() point {
	if q.law.solve != nil {
		return q.law.solve(q)
	}
	if q.k == 0 {
		return q.at([maxTerms]float64{})
	}
	c := q.valley()
	if q.k == 2 && !q.near(c) {
		for k := range q.k {
			edge := *q
			edge.hi[k] = edge.lo[k]
			if e := edge.valley(); e.sse < c.sse*(1+1e-9) {
				c = q.lower(c, q.down(e))
			}
		}
	}
	return q.settle(c)
}

// settle puts a parameter on a bound that it is off by no more than rounding.
func (q *problem) settle(c point) point {
	var size float64
	for i, w := range q.w {
		if q.loss == Throughput {
			w *= q.h[i] * q.h[i]
		}
		size += w
	}
	for k := range q.k {
		for _, bound := range [2]float64{q.lo[k], q.hi[k]} {
			p := c.p
			p[k] = bound
			if t := q.at(p); t.sse <= c.sse*(1+1e-13)+least*least*size {
				c = t
			}
		}
	}
	return c
}

// near reports whether a law passes so near the levels, within 3 % of time, that
// there is one valley only.
func (q *problem) near(c point) bool {
	var w float64
	for i := range q.w {
		u := q.w[i]
		if q.loss == Throughput {
			u *= q.h[i] * q.h[i]
		}
		w += u
	}
	return c.sse < 0.03*0.03*w
}

// valley goes down from the linear start and from both ends of the bounds.
func (q *problem) valley() point {
	c := q.down(q.start())
	if q.near(c) {
		return c
	}
	c = q.lower(c, q.down(q.at(q.lo)))
	for k := range q.k {
		if q.hi[k] == unbounded {
			return c
		}
	}
	return q.lower(c, q.down(q.at(q.hi)))
}

func (q *problem) lower(a, b point) point {
	if b.sse < a.sse || math.IsInf(a.sse, 1) || math.IsNaN(a.sse) {
		return b
	}
	return a
}

// start is the exact optimum of relative time, Σ w(T(n)/t − 1)², which agrees with
// log time to first order in the residuals. For Throughput it is the same
// problem with the weights that make it agree with that loss.
func (q *problem) start() point {
	zero := q.at(q.lo)
	if q.law.Shape != nil {
		mid := q.lo
		mid[0] = (q.lo[0] + q.hi[0]) / 2
		return q.lower(zero, q.at(mid))
	}
	cols := make([][]float64, q.k+1)
	flat := make([]float64, (q.k+2)*len(q.n))
	for j := range cols {
		cols[j] = flat[j*len(q.n) : (j+1)*len(q.n)]
	}
	b := flat[(q.k+1)*len(q.n):]
	for i := range q.n {
		s, perTime := math.Sqrt(q.w[i]), 0.0
		if q.loss == Throughput {
			// x − X(n) = x·(x·T(n) − 1) to first order.
			perTime = q.h[i]
			s *= q.h[i]
		} else {
			perTime = math.Exp(-q.h[i])
		}
		b[i] = s
		cols[0][i] = s * perTime * q.law.base(q.n[i])
		for k := range q.k {
			cols[k+1][i] = s * perTime * q.g[k][i]
		}
	}
	p, ok := coneLSQ(cols, b, q.lo[:q.k], q.hi[:q.k])
	if !ok {
		return zero
	}
	return q.lower(zero, q.at(p))
}

// down goes from c to the next minimum within the bounds by a damped
// Gauss–Newton (Levenberg–Marquardt) method. Each step solves its small
// bounded problem exactly; it is taken only if the loss falls, else the damping
// grows, which turns the step towards the steepest descent and shortens it. So
// the loss falls until no direction lowers it.
func (q *problem) down(c point) point { return q.descend(c, 200) }

// descend is down with at most that many steps.
func (q *problem) descend(c point, steps int) point {
	damp := 0.0
	for range steps {
		m, b := q.normal(c)
		improved := false
		for range 60 {
			d := q.step(c, m, b, damp)
			next := c.p
			small := true
			for k := range q.k {
				next[k] = math.Min(math.Max(c.p[k]+d[k], q.lo[k]), q.hi[k])
				if math.Abs(next[k]-c.p[k]) > 1e-14*math.Abs(c.p[k]) {
					small = false
				}
			}
			if next == c.p {
				return c
			}
			t := q.at(next)
			if t.sse < c.sse {
				fell := c.sse - t.sse
				c, improved = t, true
				damp /= 16
				if damp < 1e-9 {
					damp = 0
				}
				if small || (fell <= 1e-16*c.sse && damp == 0) {
					return c
				}
				break
			}
			if small {
				return c
			}
			if damp == 0 && t.sse <= c.sse*(1+1e-13) {
				return t // equal but for rounding: the full step is the better one
			}
			damp = math.Max(8*damp, 1e-4)
		}
		if !improved {
			return c
		}
	}
	return c
}

// step minimises dᵀ(m + damp·diag m)d − 2bᵀd with c.p+d within the bounds: every
// way of putting parameters on bounds is tried, the best allowed one is exact.
func (q *problem) step(c point, m [maxTerms][maxTerms]float64, b [maxTerms]float64, damp float64) [maxTerms]float64 {
	var lo, hi [maxTerms]float64
	for k := range q.k {
		m[k][k] *= 1 + damp
		lo[k], hi[k] = q.lo[k]-c.p[k], q.hi[k]-c.p[k]
	}
	one := func(k int, b float64) float64 {
		if !(m[k][k] > 0) {
			return 0
		}
		return math.Min(math.Max(b/m[k][k], lo[k]), hi[k])
	}
	if q.k == 1 {
		return [maxTerms]float64{one(0, b[0])}
	}
	det := m[0][0]*m[1][1] - m[0][1]*m[1][0]
	if det > 1e-14*m[0][0]*m[1][1] {
		d := [maxTerms]float64{
			(b[0]*m[1][1] - b[1]*m[0][1]) / det,
			(b[1]*m[0][0] - b[0]*m[1][0]) / det,
		}
		if d[0] >= lo[0] && d[0] <= hi[0] && d[1] >= lo[1] && d[1] <= hi[1] {
			return d
		}
	}
	// On the edges of the box one parameter is fixed and the other follows.
	var best [maxTerms]float64
	value := math.Inf(1)
	for k := range 2 {
		o := 1 - k
		for _, v := range [2]float64{lo[k], hi[k]} {
			var d [maxTerms]float64
			d[k] = v
			d[o] = one(o, b[o]-m[o][k]*v)
			f := -2 * (b[0]*d[0] + b[1]*d[1])
			for i := range 2 {
				for j := range 2 {
					f += d[i] * m[i][j] * d[j]
				}
			}
			if f < value {
				best, value = d, f
			}
		}
	}
	return best
}
