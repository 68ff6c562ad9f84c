package laws

import "amdahl/results"

// All lists the laws, in the order in which they are fitted and shown. To add
// one, write one file and one line here.
var All = []*Law{Ideal, Amdahl, USL, Log, Bottleneck, Convoy, Random, Gustafson}

// Find returns the law of that name, or nil.
func Find(name string) *Law {
	for _, l := range All {
		if l.Name == name {
			return l
		}
	}
	return nil
}

// appliesTo reports whether the law is about curves of that kind. A curve that
// does not say its kind is a strong one.
func (l *Law) appliesTo(kind results.Kind) bool {
	if kind == "" {
		kind = results.Strong
	}
	return l.Kind == "" || l.Kind == kind
}

// defaultLaw is the law that stands for curves of that kind until the data
// speak against it: Amdahl's, on a weak curve Gustafson's.
func defaultLaw(kind results.Kind) *Law {
	for _, l := range All {
		if l.Default && l.appliesTo(kind) {
			return l
		}
	}
	return nil
}

// Ratio is T(n)/T(1) of the law with parameters p, in the order of Terms.
func (l *Law) Ratio(n float64, p []float64) float64 {
	if l.Shape != nil {
		return l.Shape(n, p[0])
	}
	r := l.base(n)
	for k, t := range l.Terms {
		r += p[k] * t.G(n)
	}
	return r
}

// base is the summand of T(n)/T(1) without a parameter.
func (l *Law) base(n float64) float64 {
	if l.Base != nil {
		return l.Base(n)
	}
	return 1 / n
}
