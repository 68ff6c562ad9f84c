package laws

import (
	"fmt"
	"math"

	"amdahl/results"
	"amdahl/results/words"
)

// Bottleneck is the law of a resource that serves only so much: a disk, a
// server, a memory bus. Below n* workers it is idle at times and scaling is
// ideal; from n* on it is busy always and more workers change nothing.
//
//	T(n) = T(1)·max(1/n, 1/n*)
//	S(n) = min(n, n*)
//
// n*, in workers and at least 1, is where it saturates: T(1)/D for a
// bottleneck that needs D seconds for each task. Operational analysis writes
// N* or N_sat; with a think time Z it is (R + Z)/D.
//
// Source: P. J. Denning, J. P. Buzen, The operational analysis of queueing
// network models, ACM Computing Surveys 10(3), 1978.
var Bottleneck = &Law{
	Name:    "bottleneck",
	Title:   "Bottleneck law",
	Formula: "T(n) = T(1)·max(1/n, 1/n*)",
	Doc:     "ideal up to n* workers, where one resource is busy always; flat from there",
	Source:  "Denning & Buzen, Computing Surveys 1978",
	Kind:    results.Strong,
	Levels:  4,
	Terms: []Term{{
		Symbol: "n*",
		Name:   "nstar",
		Doc:    "saturation: the number of workers that keep the bottleneck busy, at least 1",
	}},
	Shape: func(n, p float64) float64 { return math.Max(1/n, 1/p) },
	Limit: func(p []float64) float64 { return p[0] },
	Peak:  func(p []float64) float64 { return p[0] },
	slope: func(n, p float64) float64 {
		if n <= p {
			return 0
		}
		return -1 / (p * p)
	},
	solve: saturate,
	span: func(n []float64) [2]float64 {
		last := atLeastOne(n[len(n)-1])
		return [2]float64{math.Min(atLeastOne(n[0]), last), last}
	},
	kinks: func(n []float64) []float64 { return n },
	open:  func(n []float64, p float64) bool { return p >= n[len(n)-1] },
	Says: func(f *Fit, a *Analysis) Finding {
		n := f.Params[0]
		resource := "one resource (a disk, a server, a memory bus) is always busy"
		if p := processorsNear(a.Curve, n.Value); p != "" {
			resource = "one resource is always busy, probably the " + p
		}
		text := fmt.Sprintf("It scales perfectly up to %s%s and not at all beyond: from there on %s.",
			words.Number(n.Value)+" workers", plainRange(n.Interval), resource)
		if powersOfTwo(levelsOf(a)) && processorsNear(a.Curve, n.Value) == "" {
			text += " A few tasks that the workers cannot share evenly look the same at powers of two: measure between them (3, 5, 6, 7) to tell."
		}
		return Finding{"bottleneck", text}
	},
}

// levelsOf are the levels of the curve.
func levelsOf(a *Analysis) []float64 {
	n := make([]float64, len(a.Curve.Points))
	for i, p := range a.Curve.Points {
		n[i] = p.Workers
	}
	return n
}

// saturate finds the best n* exactly. Between two levels the law is a line
// through each side of n*, with its own optimum; the best of all of them, each
// kept between its two levels, is the answer. Sums from the left and from the
// right make it one pass over the levels.
func saturate(q *problem) point {
	lo, hi := q.lo[0], q.hi[0]
	best := q.at([maxTerms]float64{hi})
	try := func(p, from, to float64) {
		p = math.Min(math.Max(p, math.Max(from, lo)), math.Min(to, hi))
		if c := q.at([maxTerms]float64{p}); c.sse < best.sse {
			best = c
		}
	}
	try(lo, lo, lo)
	var left, right side
	for i := range q.n {
		right.add(q, i, false)
	}
	for i := 0; i+1 < len(q.n); i++ {
		left.add(q, i, true)
		right.take(q, i)
		if q.n[i+1] <= lo {
			continue
		}
		p := right.level() / left.level()
		if q.loss == LogTime {
			p = math.Exp(left.level() - right.level())
		}
		try(p, q.n[i], q.n[i+1])
		if q.fixed != nil { // T(1) is known, so the flat side alone tells
			p = *q.fixed / right.level()
			if q.loss == LogTime {
				p = math.Exp(*q.fixed - right.level())
			} else {
				p = 1 / p
			}
			try(p, q.n[i], q.n[i+1])
		}
	}
	return best
}

// A side is what one side of n* adds up to: under LogTime a mean of log T·n or
// of log T, under Throughput a slope of X over n or a mean of X.
type side struct{ num, den float64 }

func (s *side) add(q *problem, i int, rising bool) {
	switch {
	case !rising:
		s.num += q.w[i] * q.h[i]
		s.den += q.w[i]
	case q.loss == LogTime:
		s.num += q.w[i] * (q.h[i] + math.Log(q.n[i]))
		s.den += q.w[i]
	default:
		s.num += q.w[i] * q.h[i] * q.n[i]
		s.den += q.w[i] * q.n[i] * q.n[i]
	}
}

func (s *side) take(q *problem, i int) {
	s.num -= q.w[i] * q.h[i]
	s.den -= q.w[i]
}

func (s *side) level() float64 { return s.num / s.den }
