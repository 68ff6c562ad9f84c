package laws

// All lists the laws, in the order in which they are fitted and shown. To add
// one, write one file and one line here.
var All = []*Law{Ideal, Amdahl, USL, Log, Bottleneck, Gustafson}

// Find returns the law of that name, or nil.
func Find(name string) *Law {
	for _, l := range All {
		if l.Name == name {
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
	r := 1 / n
	for k, t := range l.Terms {
		r += p[k] * t.G(n)
	}
	return r
}
