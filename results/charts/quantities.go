package charts

import (
	"math"
	"slices"
)

// panels are those that are asked for and have points.
func (b *builder) panels() []Panel {
	if len(b.right.Points) == 0 {
		if b.o.Only == Speedup || b.o.Only == Efficiency {
			return nil
		}
		return []Panel{b.left}
	}
	switch {
	case b.o.Only == Time:
		return []Panel{b.left}
	case b.o.Only == Efficiency:
		return []Panel{b.efficiency()}
	case b.o.Only == Speedup || b.relative:
		return []Panel{b.right}
	}
	return []Panel{b.left, b.right}
}

// efficiency is the panel of the efficiency, made from that of the speedup: all
// of it divided by the workers, in percent.
func (b *builder) efficiency() Panel {
	p := b.right
	p.Points, p.Lines, p.Refs = slices.Clone(p.Points), slices.Clone(p.Lines), nil
	hi := 100.0
	share := func(y, x float64) float64 { return 100 * y / x }
	for i, s := range p.Points {
		s.At = slices.Clone(s.At)
		for k, at := range s.At {
			if at.Bar != nil {
				at.Bar = &Bar{share(at.Bar.Low, at.X), share(at.Bar.High, at.X)}
				hi = math.Max(hi, at.Bar.High)
			}
			at.Y = share(at.Y, at.X)
			hi = math.Max(hi, at.Y)
			s.At[k] = at
		}
		p.Points[i] = s
	}
	for i, l := range p.Lines {
		l.At = slices.Clone(l.At)
		for k, at := range l.At {
			l.At[k].Y = share(at.Y, at.X)
		}
		p.Lines[i] = l
	}
	for _, r := range b.right.Refs {
		if r.Vertical {
			p.Refs = append(p.Refs, r)
		}
	}
	p.Y = Axis{Label: "efficiency T(1)/(n·T(n))", Unit: "%", Scale: Linear, Max: 1.05 * hi}
	p.Y.Ticks = linearTicks(0, p.Y.Max)
	if b.sideBySide() {
		return p
	}
	for i := range p.Points { // levels that were apart may be together now, and the other way round
		for k := range p.Points[i].At {
			p.Points[i].At[k].Shift = 0
		}
	}
	b.shifted = dodge(&p, func(at Point) bool { return at.X == 1 })
	return p
}
