package laws

import "math"

// A growth is how the variance of log time grows with the workers:
//
//	variance(n) = variance · (n/center)^Power
//
// Power is 1 where n workers are n independent sources of noise, 2 where every
// operation has the same delay in seconds whatever the number of workers.
type growth struct {
	power  float64 // 0 where the levels do not show any growth
	center float64 // the geometric mean of the levels
	slope  float64 // the estimated power before it is shrunk
	z      float64 // slope over its standard error
}

// mostGrowth bounds the power.
const mostGrowth = 2.5

// growthOf estimates the growth from the sums of squares of the levels and their
// degrees of freedom: the slope of the logarithm of the variances over log n,
// each weighted by 1 over its own variance, ψ′(df/2), after the bias ψ(df/2) −
// ln(df/2) of a logarithm. The slope is shrunk by 1 − 1/z², so that noise which
// does not grow is rarely said to, without a jump where it does.
//
// Source: M. S. Bartlett, D. G. Kendall, The statistical analysis of
// variance-heterogeneity and the logarithmic transformation, JRSS Suppl. 8,
// 1946; W. James, C. Stein, Estimation with quadratic loss, 1961.
func growthOf(n, ss, df []float64) growth {
	g := growth{center: 1}
	var sw, swx, swy, logs float64
	var x, y, w [onStack]float64
	if len(n) > onStack {
		return g
	}
	for i := range n {
		if !(ss[i] > 0) || df[i] < 1 {
			return g
		}
		x[i] = math.Log(n[i])
		logs += x[i]
		h := df[i] / 2
		y[i] = math.Log(ss[i]/df[i]) - (digamma(h) - math.Log(h))
		w[i] = 1 / trigamma(h)
		sw, swx, swy = sw+w[i], swx+w[i]*x[i], swy+w[i]*y[i]
	}
	g.center = math.Exp(logs / float64(len(n)))
	mx, my := swx/sw, swy/sw
	var sxx, sxy float64
	for i := range n {
		sxx += w[i] * (x[i] - mx) * (x[i] - mx)
		sxy += w[i] * (x[i] - mx) * (y[i] - my)
	}
	if !(sxx > 0) {
		return g
	}
	g.slope = sxy / sxx
	g.z = g.slope * math.Sqrt(sxx)
	if g.z > 1 {
		g.power = math.Min(g.slope*(1-1/(g.z*g.z)), mostGrowth)
	}
	return g
}

// at is the variance at n workers over that at the center.
func (g growth) at(n float64) float64 {
	if g.power == 0 {
		return 1
	}
	return math.Pow(n/g.center, g.power)
}

// digamma is ψ(x), the derivative of ln Γ, for x > 0.
func digamma(x float64) float64 {
	var v float64
	for ; x < 6; x++ {
		v -= 1 / x
	}
	i := 1 / (x * x)
	return v + math.Log(x) - 0.5/x - i*(1.0/12-i*(1.0/120-i/252))
}

// trigamma is ψ′(x), for x > 0.
func trigamma(x float64) float64 {
	var v float64
	for ; x < 6; x++ {
		v += 1 / (x * x)
	}
	i := 1 / (x * x)
	return v + 1/x + i/2 + i/x*(1.0/6-i*(1.0/30-i/42))
}
