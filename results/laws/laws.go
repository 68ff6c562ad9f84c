package laws

import "amdahl/results"

// A Term is one summand of a law that is linear in its parameters.
type Term struct {
	Symbol string                  // "σ"
	Name   string                  // "sigma", for JSON and flags
	Doc    string                  // what it measures, range, unit
	Max    float64                 // upper bound; 0 means none. The lower bound is 0.
	G      func(n float64) float64 // g(n), with g(1) = 0
}

// An Interval is a confidence interval. High is +Inf and Low is -Inf where
// the data set no bound.
type Interval struct {
	Low, High float64
	OneSided  bool // the estimate sits on its bound, only the other end was estimated
}

// An Estimate is a number found from data. Interval is nil where the data
// cannot carry one.
type Estimate struct {
	Value    float64
	Interval *Interval
}

// A Param is one fitted parameter.
type Param struct {
	Symbol, Name string
	Estimate
}

// A Fit is one law fitted to one curve.
type Fit struct {
	Law        *Law
	Loss       Loss
	T1         Estimate  // seconds per task at one worker: fitted, not the measured point
	Params     []Param   // in the order of the law
	MaxSpeedup *Estimate // the most that any number of workers gives; nil where the law has no limit
	Peak       *Estimate // the number of workers that gives it; nil where more is always better
	Error      float64   // typical relative error: sqrt of the mean squared log residual over degrees of freedom
	R2         float64   // share of the variance of log time that the law explains
	AICc       *float64  // nil where there are too few samples for it
	Weight     float64   // Akaike weight among the laws fitted to this curve, 0 to 1
	Warnings   []error
}

// Time is the fitted time per task, in seconds, at n workers.
func (f *Fit) Time(n float64) float64 { panic("laws: being written") }

// Speedup is Time(1)/Time(n) of the fitted law.
func (f *Fit) Speedup(n float64) float64 { return f.Time(1) / f.Time(n) }

// A Loss says what a fit makes small.
type Loss string

const (
	LogTime    Loss = "log"        // squared differences of log time: noise in timings is multiplicative
	Throughput Loss = "throughput" // squared differences of throughput: to reproduce publications
)

// A Law is a scaling law, given as a literal.
type Law struct {
	Name    string // "amdahl"
	Title   string // "Amdahl's law", for people
	Formula string
	Doc     string // one line
	Source  string
	Kind    results.Kind // the kind of curve it speaks of
	Levels  int          // fewest levels that leave a degree of freedom
	Terms   []Term
}

// KarpFlatt is the experimentally determined serial fraction at one level:
// e(n) = (1/S − 1/n)/(1 − 1/n).
type KarpFlatt struct{ N, Value float64 }

// A Finding is one sentence of diagnosis, with a code for programs.
type Finding struct{ Code, Text string }

// An Analysis is all that one curve supports.
type Analysis struct {
	Curve     *results.Curve
	Fits      []*Fit // in the order of All, only those that the levels can carry
	Chosen    *Fit   // one of Fits; nil if none can be
	KarpFlatt []KarpFlatt
	Diagnosis []Finding
	Warnings  []error
}

// Options steer an analysis. The zero value is the default.
type Options struct {
	Loss       Loss    // "" is LogTime
	Confidence float64 // of all intervals; 0 is 0.95
}
