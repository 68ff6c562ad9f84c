package laws

import (
	"amdahl/results"
	"amdahl/results/stats"
	"amdahl/results/why"
)

// The estimates of package stats, under the names that speak of a fit.
type (
	Estimate = stats.Estimate
	Interval = stats.Interval
)

// A Term is one parameter of a law. Where G is not nil the law is linear in
// it: its summand in T(n)/T(1) is p·G(n).
type Term struct {
	Symbol string                  // "σ"
	Name   string                  // "sigma", for JSON and flags
	Doc    string                  // what it measures, range, unit
	Max    float64                 // upper bound; 0 means none. The lower bound is 0.
	G      func(n float64) float64 // g(n), with g(1) = 0; nil where Law.Shape holds the parameter
}

// A Param is one fitted parameter.
type Param struct {
	Symbol, Name string
	Estimate
	// StdErr is the asymptotic standard error, as publications print it:
	// symmetric, and so only for comparison. The interval does not come from
	// it. It is nil for a parameter on its bound.
	StdErr *float64
}

// A Fit is one law fitted to one curve.
type Fit struct {
	Law        *Law
	Loss       Loss
	T1         Estimate  // seconds per task at one worker: fitted, not the measured point
	Params     []Param   // in the order of the law
	MaxSpeedup *Estimate // the most that any number of workers gives, +Inf for σ = 0; nil where the law has no limit
	Peak       *Estimate // the number of workers that gives it; nil where more is always better
	Error      float64   // typical relative error: sqrt of the mean squared log residual over degrees of freedom
	R2         float64   // share of the variance of log time that the law explains; below 0 where a constant does better
	AICc       *float64  // nil where there are too few samples for it
	Weight     float64   // Akaike weight among the laws fitted to this curve, 0 to 1
	Warnings   []error

	// Best95 is the range of workers that give at least 95 % of MaxSpeedup.
	// High is +Inf where the speedup never falls again. Nil where the law
	// has no limit.
	Best95 *Interval
	// Method says in words how the intervals were made.
	Method string
	// LackOfFit is the p-value of the F test of the law against the pure
	// error of repeated samples; nil where no level was repeated.
	LackOfFit *float64
	// Refuted says that the level means are further from the law than the spread
	// of the samples and a misfit of 1 % explain. Where all laws are refuted the
	// verdict is NoneFits.
	Refuted bool
	// RSE is the residual standard error in the unit of the loss: log time,
	// or tasks per second. DF is its degrees of freedom.
	RSE float64
	DF  int

	basis *basis // what Predict needs; nil in a Fit made by hand
}

// A Loss says what a fit makes small.
type Loss string

const (
	LogTime    Loss = "log"        // squared differences of log time: noise in timings is multiplicative
	Throughput Loss = "throughput" // squared differences of throughput: to reproduce publications
)

// A Law is a scaling law, given as a literal. It has at most two terms. A law
// that is linear has a G in every term,
//
//	T(n)/T(1) = 1/n + Σ pₖ·gₖ(n), 0 ≤ pₖ ≤ Maxₖ,
//
// and no Shape; another has one term and a Shape. A linear law may have another
// first summand than 1/n, its Base, and then no term at all.
type Law struct {
	Name    string // "amdahl"
	Title   string // "Amdahl's law", for people
	Formula string
	Doc     string // one line
	Source  string
	Kind    results.Kind // the kind of curve the law is about; "" is both
	Levels  int          // fewest levels that leave a degree of freedom
	Terms   []Term

	// Default marks the law of its kind that stands until the data speak
	// against it. Its one parameter is the serial fraction.
	Default bool
	// Overhead says when the last term is paid again, as in "for every further
	// worker"; "" for a law without an overhead that grows with the workers.
	Overhead string
	// Says is the law's own sentence: what the chosen fit f says about what
	// limits the curve of a. Where it is nil, the sentence is Title and Doc.
	Says func(f *Fit, a *Analysis) Finding

	// Base is the summand of a linear law that has no parameter, 1 at n = 1; nil is
	// 1/n.
	Base func(n float64) float64
	// Shape is T(n)/T(1) for a law that is not linear in its parameter.
	Shape func(n, p float64) float64
	// Limit is the largest speedup of the law, +Inf if there is none. A nil
	// Limit means that there never is.
	Limit func(p []float64) float64
	// Peak is the number of workers with the largest speedup, at least 1, or
	// +Inf where more is always better. A nil Peak means that it always is.
	Peak func(p []float64) float64

	slope func(n, p float64) float64        // dShape/dp; nil is a central difference
	solve func(q *problem) point            // an exact solution, where the law has its own
	span  func(n []float64) [2]float64      // the range of p that levels n can tell apart; nil is 0 to Max
	kinks func(n []float64) []float64       // values of p where Shape bends; nil is none
	open  func(n []float64, p float64) bool // reports whether p at these levels means "p or any larger value"
}

// KarpFlatt is the experimentally determined serial fraction at one level:
// e(n) = (1/S − 1/n)/(1 − 1/n). On a weak curve it is Gustafson's fraction,
// (n − S)/(n − 1), instead. Interval comes from the spread of the samples;
// it is nil where there are too few.
type KarpFlatt struct {
	N, Value float64
	Interval *Interval
}

// A Finding is one sentence of diagnosis, with a code for programs.
type Finding struct{ Code, Text string }

// An Analysis is all that one curve supports.
type Analysis struct {
	Curve      *results.Curve
	Confidence float64       // of all intervals
	Levels     []stats.Level // what was measured, level by level, without any law
	Account    *why.Stack    // where the worker time went; nil if no line of the curve says so

	Fits      []*Fit // in the order of All, only those that the levels can carry
	Chosen    *Fit   // one of Fits; nil unless Verdict is LawChosen
	Verdict   Verdict
	Closest   *Fit // the law that misses by least, where none fits; nil else
	KarpFlatt []KarpFlatt
	Implied   *Implied // by the speedup at the largest level; nil without a level at 1
	Diagnosis []Finding
	Warnings  []error

	// Sigma is the serial fraction for a table, from 0 to 1: that of the chosen
	// law; where that is the ideal one, Amdahl's (on a weak curve Gustafson's).
	// With two levels no law can be checked, Chosen is nil, and it is the
	// Karp–Flatt fraction of the upper level, cut to 0 to 1. Nil where there is
	// none, as under the bottleneck law, where no law fits, or where that
	// fraction is outside 0 to 1 with its whole interval.
	Sigma *Estimate
	// Method says in words how the intervals of Chosen (with two levels, of
	// Sigma) were made.
	Method string
	// Noise is the typical relative spread of samples of one level, nil
	// where no level was repeated.
	Noise *float64
	// DetectableKappa is the smallest κ of the USL that these data would
	// have shown four times in five, had it been there. Nil below 4 levels.
	DetectableKappa *float64
	// PoolSize is the number of workers to use; nil where no law was chosen.
	PoolSize *PoolSize
}

// A PoolSize is a recommendation inside the measured range: High is never
// above the largest level.
type PoolSize struct {
	N         int     // the smallest whole number of workers within 95 % of the best
	Low, High float64 // the range of workers within 95 % of the best
	Speedup   float64 // at N: that of the chosen law, and where none fits the measured one
	Measured  bool    // N is a level that was measured
}

// Options steer an analysis. The zero value is the default.
type Options struct {
	Loss       Loss    // "" is LogTime
	Confidence float64 // of all intervals; 0 is 0.95

	// Lean keeps of an analysis what a table prints: the fit that was chosen, or
	// is closest, without what [Fit.Predict] needs. It takes a quarter of the
	// memory, for inputs of very many curves.
	Lean bool
}
