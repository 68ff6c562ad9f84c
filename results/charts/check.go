package charts

import (
	"amdahl/results/stats"
	"fmt"
)

// check refuses what the axes cannot show. Figures made by this
// package pass unless they are empty.
func (f Figure) check() error {
	if f.Empty() {
		return ErrEmpty
	}
	for i, p := range f.Panels {
		if err := p.check(); err != nil {
			return fmt.Errorf("panel %d: %w", i+1, err)
		}
	}
	return nil
}

func (p Panel) check() error {
	for _, a := range []Axis{p.X, p.Y} {
		switch {
		case a.Scale != Log2 && a.Scale != Linear && a.Scale != Categories:
			return fmt.Errorf("axis %q: unknown scale %q", a.Label, a.Scale)
		case !a.shows(a.Min) || !a.shows(a.Max) || a.Min >= a.Max:
			return fmt.Errorf("axis %q: limits %g to %g: must be %s and ascending", a.Label, a.Min, a.Max, a.needs(", "))
		}
	}
	for _, b := range p.Bands {
		if !p.Y.shows(b.Low) || !p.Y.shows(b.High) || b.Low >= b.High {
			return fmt.Errorf("band %q: %g to %g: must be %s and ascending", b.Label, b.Low, b.High, p.Y.needs(", "))
		}
	}
	for _, b := range p.Boxes {
		if !p.shows(b.X0, b.Y0) || !p.shows(b.X1, b.Y1) || b.X0 >= b.X1 || b.Y0 >= b.Y1 {
			return fmt.Errorf("box %q: x %g to %g, y %g to %g: must be %s and ascending", b.Label, b.X0, b.X1, b.Y0, b.Y1, p.needs())
		}
		if _, ok := fills[b.Fill]; !ok && b.Fill != SeriesFill {
			return fmt.Errorf("box %q: unknown fill %q", b.Label, b.Fill)
		}
	}
	for _, s := range p.Points {
		for _, at := range s.At {
			if !p.shows(at.X, at.Y) || at.Bar != nil && !at.Bar.on(p.Y) || at.Across != nil && !at.Across.on(p.X) {
				return fmt.Errorf("series %q: point (%g, %g): must be %s", s.Name, at.X, at.Y, p.needs())
			}
		}
	}
	for _, l := range p.Lines {
		for _, at := range l.At {
			if !p.shows(at.X, at.Y) {
				return fmt.Errorf("line %q: corner (%g, %g): must be %s", l.Name, at.X, at.Y, p.needs())
			}
		}
	}
	return nil
}

// on reports whether both ends can stand on the axis.
func (b Bar) on(a Axis) bool { return a.shows(b.Low) && a.shows(b.High) }

// shows says whether v can stand on the axis.
func (a Axis) shows(v float64) bool {
	if a.Scale == Log2 {
		return stats.Positive(v)
	}
	return stats.Finite(v)
}

// needs says what a value must be to stand on the axis.
func (a Axis) needs(and string) string {
	if a.Scale == Log2 {
		return "above 0" + and + "finite"
	}
	return "finite"
}

func (p Panel) shows(x, y float64) bool { return p.X.shows(x) && p.Y.shows(y) }

func (p Panel) needs() string {
	if x, y := p.X.needs(" and "), p.Y.needs(" and "); x != y {
		return "x " + x + ", y " + y
	}
	return p.Y.needs(" and ")
}
