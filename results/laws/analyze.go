package laws

import (
	"fmt"

	"amdahl/results"
)

// Analyze fits every law that the curve can carry, chooses one, and says what
// the data show. It returns an error only for a curve that it cannot work
// with: fewer than two levels ([ErrOneLevel]), a level without samples, a time
// or a level that is not a positive finite number, an unknown option. All
// else is a warning in the result. It may be called concurrently.
func Analyze(c *results.Curve, o Options) (*Analysis, error) {
	if o.Loss == "" {
		o.Loss = LogTime
	}
	if o.Confidence == 0 {
		o.Confidence = 0.95
	}
	if o.Loss != LogTime && o.Loss != Throughput {
		return nil, fmt.Errorf("laws: unknown loss %q: want %q or %q", o.Loss, LogTime, Throughput)
	}
	if !(o.Confidence > 0.5 && o.Confidence < 1) {
		return nil, fmt.Errorf("laws: confidence %g: want a number between 0.5 and 1, such as 0.95", o.Confidence)
	}
	d, err := reduce(c, o.Loss)
	if err != nil {
		return nil, err
	}
	d.drift = c.Drift(o.Confidence)
	a := &Analysis{Curve: c}
	a.KarpFlatt = d.karpFlatt(fractions(c.Kind), o.Confidence)
	boot := d.resample()
	var all []*solved
	for _, law := range All {
		if !law.speaksOf(c.Kind) || len(d.n) < law.Levels {
			continue
		}
		s := d.solve(law)
		all = append(all, s)
		a.Fits = append(a.Fits, d.finish(s, boot, o.Confidence))
	}
	a.choose(d, all)
	a.summarise(d, o.Confidence)
	a.diagnose(d, o.Confidence)
	return a, nil
}

// speaksOf says whether the law is about curves of that kind; a curve that
// does not say is a strong one.
func (l *Law) speaksOf(kind results.Kind) bool {
	if kind == "" {
		kind = results.Strong
	}
	return l.Kind == "" || l.Kind == kind
}
