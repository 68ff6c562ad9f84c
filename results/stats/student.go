package stats

import "gonum.org/v1/gonum/stat/distuv"

// StudentT is the t with that confidence between −t and t, for df degrees of
// freedom, which need not be whole.
func StudentT(confidence, df float64) float64 { return StudentQuantile((1+confidence)/2, df) }

// StudentQuantile is the quantile p, between 0 and 1, of Student's
// distribution with df degrees of freedom.
func StudentQuantile(p, df float64) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(p)
}

// FTail is the probability that noise alone gives a ratio of two mean squares
// as large as this one, with their degrees of freedom. Where the lower one is
// 0, any upper one above 0 is impossible by noise.
func FTail(over, under float64, overDF, underDF int) float64 {
	if under == 0 {
		if over == 0 {
			return 1
		}
		return 0
	}
	return distuv.F{D1: float64(overDF), D2: float64(underDF)}.Survival(over / under)
}
