package charts

import (
	"math"
	"slices"
)

// The size of a panel for which points are moved apart, in points, and how close
// two may come.
const (
	dodgeWidth, dodgeHeight = 320, 170
	touching                = 6.5
	mostShift               = 14 // of the outermost of a crowd
)

// dodge moves points that would hide each other apart, in both panels. At one
// worker every speedup is 1 by definition, and they may hide each other.
func (b *builder) dodge() {
	if b.sideBySide() {
		for _, p := range []*Panel{&b.left, &b.right} {
			b.shifted = sideBySide(p) || b.shifted // of every series
		}
		return
	}
	l := dodge(&b.left, func(Point) bool { return false })
	r := dodge(&b.right, func(at Point) bool { return at.X == 1 && at.Y == 1 })
	b.shifted = l || r
}

// sideBySide reports whether the few levels have room for all series beside each
// other, which no line connects.
func (b *builder) sideBySide() bool { return !b.fitted && len(b.levels) <= 3 }

// sideBySide gives every series a place of its own beside each level: where no
// line connects the points of a series, their intervals are what is compared.
func sideBySide(p *Panel) bool {
	n := float64(len(p.Points))
	if n < 2 {
		return false
	}
	step := math.Min(9, 60/n)
	for i, s := range p.Points {
		for k := range s.At {
			s.At[k].Shift = step * (float64(i) - (n-1)/2)
		}
	}
	return true
}

// dodge moves points of several series that would hide each other apart, and
// reports whether it moved any. A frame around a point, as of a simulated one,
// hides nothing and moves with its series.
func dodge(p *Panel, keep func(Point) bool) bool {
	type place struct {
		series, at int
		x, y       float64
		group      int
	}
	var all []place
	var xs []float64
	for i, s := range p.Points {
		if (dot{source: s.Source}).frame() {
			continue
		}
		for k, at := range s.At {
			if !keep(at) {
				all = append(all, place{i, k, p.X.along(at.X) * dodgeWidth, p.Y.along(at.Y) * dodgeHeight, len(all)})
				xs = append(xs, at.X)
			}
		}
	}
	slices.Sort(xs)
	if len(slices.Compact(xs)) > dodgeWidth/16 {
		return false // no room between the levels
	}
	for again := true; again; {
		again = false
		for i := range all {
			for k := range i {
				a, b := &all[i], &all[k]
				if a.group != b.group && a.series != b.series && math.Abs(a.x-b.x) < touching && math.Abs(a.y-b.y) < touching {
					g := min(a.group, b.group)
					a.group, b.group, again = g, g, true
				}
			}
		}
	}
	crowds := map[int][]place{}
	for _, a := range all {
		crowds[a.group] = append(crowds[a.group], a)
	}
	moved := false
	for _, crowd := range crowds {
		n := float64(len(crowd))
		if n < 2 {
			continue
		}
		moved = true
		step := math.Min(7, 2*mostShift/(n-1))
		for i, a := range crowd {
			p.Points[a.series].At[a.at].Shift = step * (float64(i) - (n-1)/2)
		}
	}
	if moved {
		moveFrames(p)
	}
	return moved
}

// moveFrames moves frames with the point of their series that they go around.
func moveFrames(p *Panel) {
	for _, f := range p.Points {
		if !(dot{source: f.Source}).frame() {
			continue
		}
		for k, at := range f.At {
			for _, s := range p.Points {
				if s.Ink != f.Ink || s.Source == f.Source {
					continue
				}
				for _, under := range s.At {
					if under.X == at.X && math.Abs(p.Y.along(under.Y)-p.Y.along(at.Y))*dodgeHeight < 2*touching {
						f.At[k].Shift = under.Shift
					}
				}
			}
		}
	}
}

// along is where v stands on the axis, from 0 to 1.
func (a Axis) along(v float64) float64 {
	if a.Scale == Log2 {
		return math.Log(v/a.Min) / math.Log(a.Max/a.Min)
	}
	return (v - a.Min) / (a.Max - a.Min)
}
