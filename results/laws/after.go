package laws

import (
	"errors"
	"math"
)

// A member is a fit whose region, at its own confidence, is a part of an interval
// that accounts for the choice of the law.
type member struct {
	b          *basis
	confidence func(of float64) float64
}

// full is the confidence that was asked for; ninety is the one of an overhead law
// whose overhead was not seen: 90 % for 95 %.
func full(confidence float64) float64   { return confidence }
func ninety(confidence float64) float64 { return 1 - 2*(1-confidence) }

// rival is how much larger N·ln(loss) of an overhead law may be than that of
// another one before the data count as against it.
const rival = 4

// afterChoice widens the intervals of the chosen law by what is not known
// because a law was chosen.
//
// An overhead that is too small to be seen is taken for a serial part by
// Amdahl's law, whose own interval then covers the true fraction in as little as
// 15 % of measurements. So the overhead laws that are in play (USL and log law,
// but not one whose N·ln(loss) is more than 4 above the other's) join it:
//
//   - the overhead is seen: the loss of Amdahl's law exceeds that of an overhead
//     law by more than s²·t²(0.975, ν). The intervals are the union of the 95 %
//     regions of the overhead laws in play.
//   - it is not seen: they are the union of the 95 % region of Amdahl's law and
//     the 90 % regions of the overhead laws in play.
//
// The serial fraction alone goes by Amdahl's law and the USL where no overhead is
// seen: log₂n and 1 − 1/n nearly coincide, so the log law would make every
// serial fraction unknown. That interval holds if the overhead, if there is any,
// is pairwise.
//
// For any other law that was chosen, the laws whose AICc is at most 4 above its
// own join it.
func (a *Analysis) afterChoice(d *data) {
	f := a.Chosen
	if f == nil {
		return
	}
	var family, ceiling []member
	base := a.defaultFit()
	switch {
	case f.Law.Overhead != "" || f.Law.Default || f.Law == Ideal:
		family, ceiling = a.overheads(base)
	default:
		family = []member{{f.basis, full}}
		for _, g := range a.Fits {
			if g != f && f.AICc != nil && g.AICc != nil && *g.AICc <= *f.AICc+rival {
				family = append(family, member{g.basis, full})
			}
		}
		ceiling = family
	}
	if len(ceiling) < 2 && f.Law != Ideal {
		return
	}
	fits := []*Fit{f}
	if f.Law == Ideal && base != nil {
		fits = append(fits, base)
	}
	for _, m := range ceiling {
		m.b.keep(m.confidence(a.Confidence))
	}
	for _, g := range fits {
		g.basis.family, g.basis.ceiling = family, ceiling
		g.widenTo(a.Confidence)
	}
	if len(family) < len(ceiling) {
		a.Warnings = append(a.Warnings, errors.New("σ is known this well if an overhead, if there is one, costs something for every pair of workers; a tree-shaped one could hide more of it"))
	}
}

// overheads are the members that make the intervals of the serial fraction, and
// those of the ceiling and of predictions.
func (a *Analysis) overheads(base *Fit) (family, ceiling []member) {
	if base == nil {
		return nil, nil
	}
	family = []member{{base.basis, full}}
	ceiling = family
	laws, seen := a.inPlay()
	if seen {
		family = nil
		for _, f := range laws {
			family = append(family, member{f.basis, full})
		}
		return family, family
	}
	for _, f := range laws {
		m := member{f.basis, ninety}
		ceiling = append(ceiling[:len(ceiling):len(ceiling)], m)
		if f.Law == USL {
			family = append(family[:len(family):len(family)], m)
		}
	}
	return family, ceiling
}

// inPlay are the overhead laws that the data do not speak against, and whether
// the data show an overhead.
func (a *Analysis) inPlay() (laws []*Fit, seen bool) {
	var best *Fit
	for _, f := range a.Fits {
		if f.Law.Overhead != "" && (best == nil || f.basis.loss() < best.basis.loss()) {
			best = f
		}
	}
	if best == nil {
		return nil, false
	}
	for _, f := range a.Fits {
		if f.Law.Overhead == "" {
			continue
		}
		if f.basis.against(best.basis) <= rival {
			laws = append(laws, f)
			seen = seen || f.basis.significant()
		}
	}
	return laws, seen
}

// loss is the loss of a fit in units of its own variance.
func (b *basis) loss() float64 { return b.c.sse / b.variance }

// against is how far a fit falls behind another one with as many parameters, as
// a difference of N·ln(loss), with the variance of the other. Both have the
// weights of the other's noise.
func (b *basis) against(best *basis) float64 {
	if b == best {
		return 0
	}
	c := b.q.with(best.q.w, best.q.h)
	excess := c.at(b.c.p).sse - best.c.sse
	if !(best.variance > 0) {
		return 0
	}
	n := best.df + float64(best.q.k+1)
	return n * math.Log1p(math.Max(excess, 0)/(best.df*best.variance))
}

// union is the smallest interval that holds a value and the intervals of all
// members. It is nil without members.
func union(value float64, members []member, confidence float64, of func(m *basis, r ranges) *Interval) *Interval {
	if len(members) == 0 {
		return nil
	}
	iv := &Interval{Low: value, High: value}
	for _, m := range members {
		i := of(m.b, m.b.at(m.confidence(confidence)))
		if i == nil {
			continue
		}
		iv.Low, iv.High = math.Min(iv.Low, i.Low), math.Max(iv.High, i.High)
	}
	return iv
}

// widenTo replaces the intervals of a fit by those that account for the choice.
func (f *Fit) widenTo(confidence float64) {
	b := f.basis
	for k := range f.Params {
		p := &f.Params[k]
		iv := union(p.Value, b.family, confidence, func(m *basis, r ranges) *Interval {
			for j, t := range m.q.law.Terms {
				if t.Name == p.Name && (t.Name != "kappa" || m == b) {
					return r.of(func(p []float64) float64 { return p[j] })
				}
			}
			return nil
		})
		if iv != nil && p.Interval != nil {
			iv.OneSided = p.Interval.OneSided && (iv.Low == p.Value || iv.High == p.Value)
			if math.IsInf(p.Interval.High, 1) {
				iv.High = p.Interval.High
			}
			p.Interval = iv
		}
	}
	if b.q.fixed == nil {
		f.T1.Interval = union(f.T1.Value, b.ceiling, confidence, func(m *basis, _ ranges) *Interval { return m.scale(confidence) })
		if b.round != nil {
			f.T1.Widen(b.round.Mean(confidence))
		}
	}
	if f.MaxSpeedup != nil {
		f.MaxSpeedup.Interval = union(f.MaxSpeedup.Value, b.ceiling, confidence, func(m *basis, r ranges) *Interval {
			return r.ceiling(m)
		})
	}
	if f.Peak != nil {
		f.Peak.Interval = union(f.Peak.Value, b.ceiling, confidence, func(m *basis, r ranges) *Interval {
			if m.q.law.Peak == nil {
				return &Interval{Low: math.Inf(1), High: math.Inf(1)}
			}
			return r.of(m.q.law.Peak)
		})
	}
}

// ceiling is the interval of the largest speedup of a member, +Inf where its law
// has none.
func (r ranges) ceiling(m *basis) *Interval {
	law := m.q.law
	if law.Limit == nil {
		return &Interval{Low: math.Inf(1), High: math.Inf(1)}
	}
	iv := r.of(law.Limit)
	if law.open != nil && law.open(m.q.n, r.region.ring[len(r.region.ring)-1][0]) {
		iv.High = math.Inf(1)
	}
	return iv
}
