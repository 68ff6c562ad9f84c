package charts

import "math"

// The size of a panel for which points are moved apart, in points, and how close
// two may come.
const (
	dodgeWidth, dodgeHeight = 320, 170
	touching                = 6.5
	mostShift               = 14
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
// reports whether it moved any. Each point in turn takes the place nearest to its
// own where it touches none before it, so the first series stays where it is. No
// point is moved by more than a third of the way to the next level: how far to the
// right it stands is what it says. A frame around a point, as of a simulated one,
// hides nothing and moves with its series.
func dodge(p *Panel, keep func(Point) bool) bool {
	var placed []XY
	moved := false
	for i, s := range p.Points {
		if (dot{source: s.Source}).frame() {
			continue
		}
		first := len(placed) // points of one series do not move each other
		for k, at := range s.At {
			if keep(at) {
				continue
			}
			own := XY{p.X.along(at.X) * dodgeWidth, p.Y.along(at.Y) * dodgeHeight}
			shift := freePlace(own, placed[:first], math.Min(mostShift, p.room(at.X)/3))
			p.Points[i].At[k].Shift, moved = shift, moved || shift != 0
			placed = append(placed, XY{own.X + shift, own.Y})
		}
	}
	if moved {
		moveFrames(p)
	}
	return moved
}

// freePlace is how far a point moves so that it touches none of the others; 0 if
// there is no such place within most.
func freePlace(own XY, others []XY, most float64) float64 {
	for _, step := range []float64{0, 1, -1, 2, -2} {
		shift := step * math.Min(7, most/2)
		free := true
		for _, o := range others {
			if math.Abs(own.X+shift-o.X) < math.Min(touching, most/2*0.99) && math.Abs(own.Y-o.Y) < touching {
				free = false
				break
			}
		}
		if free {
			return shift
		}
	}
	return 0
}

// room is how far the next level is from one, on either side.
func (p *Panel) room(x float64) float64 {
	least := math.Inf(1)
	for _, s := range p.Points {
		for _, at := range s.At {
			if d := math.Abs(p.X.along(at.X)-p.X.along(x)) * dodgeWidth; d > touching/2 {
				least = math.Min(least, d)
			}
		}
	}
	return least
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
