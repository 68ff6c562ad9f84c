package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// FewestRanked is the smallest number of values on either side with which a rank
// test can reach 95 %.
const FewestRanked = 4

// RankShift is by how much the values of b exceed those of a, by the rank test of
// Wilcoxon, Mann and Whitney: the median of all differences b − a (Hodges and
// Lehmann), with the interval of the shifts that the test does not reject. So 0
// is outside the interval where the two-sided test, exact up to 40 values on
// either side, rejects "no shift". Interval is nil where there are too few
// values for the confidence. No distribution is assumed, and one value in ten that
// is far off does little harm.
//
// Source: M. Hollander, D. A. Wolfe, Nonparametric Statistical Methods, 2nd ed.
// 1999, sections 4.1 to 4.3.
func RankShift(a, b []float64, confidence float64) Estimate {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	all := len(a) * len(b)
	e := Estimate{Value: (difference(a, b, (all+1)/2) + difference(a, b, all/2+1)) / 2}
	if k := rankCut(len(a), len(b), 1-confidence); k > 0 {
		e.Interval = &Interval{Low: difference(a, b, k), High: difference(a, b, all+1-k)}
	}
	return e
}

// difference is the k-th smallest of all differences of a value of b and a value
// of a, both sorted: by halving the range, which counts the differences up to a
// value in one walk along both lists.
func difference(a, b []float64, k int) float64 {
	lo, hi := b[0]-a[len(a)-1], b[len(b)-1]-a[0]
	for range 100 {
		mid := lo + (hi-lo)/2
		if mid == lo || mid == hi {
			break
		}
		count, i := 0, len(a)
		for _, y := range b {
			// a[i:] are the values that are at least y − mid.
			for i > 0 && y-a[i-1] <= mid {
				i--
			}
			for i < len(a) && y-a[i] > mid {
				i++
			}
			count += len(a) - i
		}
		if count >= k {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// rankCut is the number of differences that the interval leaves out at either
// end, plus 1: the largest k with P(U ≤ k−1) ≤ alpha/2. It is 0 where there is
// none.
func rankCut(n, m int, alpha float64) int {
	if n > 40 || m > 40 {
		N, M := float64(n), float64(m)
		z := distuv.UnitNormal.Quantile(1 - alpha/2)
		return max(int(math.Floor(N*M/2-z*math.Sqrt(N*M*(N+M+1)/12))), 0)
	}
	// ways[j][u] is in how many ways j of the values seen so far are of b and
	// have rank sum excess u.
	ways := make([][]float64, m+1)
	for j := range ways {
		ways[j] = make([]float64, n*m+1)
	}
	ways[0][0] = 1
	for i := 1; i <= n+m; i++ {
		for j := min(i, m); j >= 1; j-- {
			for u := range ways[j] {
				if from := u - (i - j); from >= 0 && i-j <= n {
					ways[j][u] += ways[j-1][from]
				}
			}
		}
	}
	var total, sum float64
	for _, w := range ways[m] {
		total += w
	}
	for u, w := range ways[m] {
		if sum += w; sum > total*alpha/2 {
			return u
		}
	}
	return 0
}
