package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/perf/benchunit"

	"amdahl/results"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// xAxis is the axis of workers, with some air at both ends.
func (b *builder) xAxis() Axis {
	share := 0.05
	if !b.fitted {
		share = 0.15 // room for series side by side
	}
	var names []string
	for _, a := range b.group.Analyses {
		if x := cmp.Or(a.Curve.X, "workers"); !slices.Contains(names, x) {
			names = append(names, x)
		}
	}
	return b.o.workersAxis(strings.Join(names, " or "), b.xlo, b.xhi, share, b.levels)
}

// workersAxis is an x axis of workers with a margin, and ticks at powers of two;
// a linear one begins at 0 and has even ticks.
func (o Options) workersAxis(label string, lo, hi, share float64, levels []float64) Axis {
	if o.Linear {
		a := Axis{Label: label, Scale: Linear, Max: hi * (1 + share)}
		a.Ticks = linearTicks(0, a.Max)
		return a
	}
	lo, hi = margin(lo, hi, share)
	return Axis{Label: label, Min: lo, Max: hi, Ticks: powersOfTwo(lo, hi, levels)}
}

// speedupAxis is a y axis of speedups with a margin.
func (o Options) speedupAxis(label string, lo, hi float64) Axis {
	a := Axis{Label: label + " T(1)/T(n)", Unit: "×"}
	if o.Linear {
		a.Scale, a.Max = Linear, 1.06*hi
		a.Ticks = linearTicks(0, a.Max)
		return a
	}
	a.Min, a.Max = margin(lo, hi, 0.06)
	a.Ticks = speedupTicks(a.Min, a.Max)
	return a
}

// timeAxis scales the left panel to a unit and finds its limits.
func (b *builder) timeAxis() {
	b.unit = b.left.unit()
	k := b.unit.Factor
	for _, s := range b.left.Points {
		for i, p := range s.At {
			s.At[i].Y = p.Y / k
			if p.Bar != nil {
				s.At[i].Bar = &Bar{p.Bar.Low / k, p.Bar.High / k}
			}
		}
	}
	for _, l := range b.left.Lines {
		for i := range l.At {
			l.At[i].Y /= k
		}
	}
	lo, hi, ok := b.left.span()
	if !ok {
		lo, hi = 1, 10
	}
	b.left.Y = Axis{Label: "time per " + b.work(), Unit: b.unit.Prefix + "s"}
	if y := &b.left.Y; b.o.Linear {
		y.Scale, y.Max = Linear, 1.06*hi
		y.Ticks = linearTicks(0, y.Max)
	} else {
		y.Min, y.Max = margin(lo, hi, 0.06)
		y.Ticks = niceTicks(y.Min, y.Max)
	}
}

// speedupAxis finds the limits of the right panel. A ceiling has room where
// it is not far above everything else; the ideal may leave the panel.
func (b *builder) speedupAxis() {
	label := "speedup"
	if b.kind == results.Weak {
		label = "scaled speedup"
	}
	lo, hi, ok := b.right.span()
	if !ok {
		lo, hi = 1, 2
	}
	lo, top := math.Min(lo, 1), hi
	for _, c := range b.ceilings {
		if c.At <= 2.5*top {
			hi = math.Max(hi, c.At)
		}
	}
	hi = math.Max(hi, math.Min(b.xhi, 1.25*top))
	b.right.Y = b.o.speedupAxis(label, lo, hi)
}

// span is the range of y over points, bars and lines that are not grey or faint.
func (p Panel) span() (lo, hi float64, ok bool) {
	lo, hi = math.Inf(1), math.Inf(-1)
	see := func(v float64) {
		if stats.Positive(v) {
			lo, hi, ok = math.Min(lo, v), math.Max(hi, v), true
		}
	}
	for _, s := range p.Points {
		for _, at := range s.At {
			see(at.Y)
			if at.Bar != nil {
				see(at.Bar.Low)
				see(at.Bar.High)
			}
		}
	}
	for _, l := range p.Lines {
		if l.Grey || l.Faint {
			continue
		}
		for _, at := range l.At {
			see(at.Y)
		}
	}
	return lo, hi, ok
}

// margin widens limits by a share of their span, or of an octave where they
// span less than a tenth of one.
func margin(lo, hi, share float64) (float64, float64) {
	span := math.Log2(hi / lo)
	if span < 0.1 {
		span, share = 1, 0.1
	}
	k := math.Exp2(share * span)
	return lo / k, hi * k
}

// unit is the unit of time in which the points of a panel are handy numbers.
func (p Panel) unit() benchunit.Scaler {
	lo, hi, ok := Panel{Points: p.Points}.span()
	if !ok {
		return words.TimeUnit(1)
	}
	return words.TimeUnit(math.Sqrt(lo) * math.Sqrt(hi)) // the middle of a logarithmic axis
}

// work is what one time is the time of: a task where any series says how
// many an operation has, else an operation.
func (b *builder) work() string {
	for _, a := range b.group.Analyses {
		for _, p := range a.Curve.Points {
			if p.Tasks > 1 {
				return "task"
			}
		}
	}
	return "operation"
}

// caption says how to read the figure, where it was measured, and what is
// missing from it.
func (b *builder) caption() []string {
	read := "Points are medians"
	if b.bars {
		read += fmt.Sprintf(" with %s %% intervals", words.Number(100*cmp.Or(b.o.Confidence, 0.95)))
	}
	if b.shifted {
		read += ", side by side where they would hide each other"
	}
	if len(b.left.Lines) > 0 {
		read += "; lines are fitted laws"
	}
	if b.grey() {
		read += ", grey beyond twice the largest measured level"
	}
	if b.fainted() {
		read += "; faint is what is not sound or does not fit"
	}
	switch n := len(b.right.Points); {
	case n == 0 || b.o.Only == Time:
		read += "."
	case n == len(b.fittedBase):
		read += ". Speedup is against the fitted time at one worker, which was not measured."
	case b.kind == results.Weak:
		read += ". Scaled speedup is against each series' own time per task at one worker" + b.whose()
	default:
		read += ". Speedup is against each series' own time at one worker" + b.whose()
	}
	lines := slices.Concat([]string{read}, b.environments(), b.withoutInterval())
	if n := len(b.fittedBase); n > 0 && n < len(b.right.Points) {
		lines = append(lines, "Not measured at one worker, so the speedup is against the fitted T(1): "+b.list(b.fittedBase)+".")
	}
	return lines
}

// withoutInterval names the series with levels that have too few samples for an
// interval, if there are any.
func (b *builder) withoutInterval() []string {
	if len(b.noBar) == 0 {
		return nil
	}
	return []string{"No interval where there are too few samples (6 are needed for 95 %): " + b.list(b.noBar) + "."}
}

// fainted reports whether anything is drawn faint.
func (b *builder) fainted() bool {
	return slices.ContainsFunc(b.left.Lines, func(l Line) bool { return l.Faint }) ||
		slices.ContainsFunc(b.left.Points, func(p Points) bool { return p.Faint })
}

// whose says which time at one worker a speedup stands on.
func (b *builder) whose() string {
	if len(b.left.Lines) == 0 {
		return "."
	}
	return ", measured for points, fitted for lines."
}

func (b *builder) list(names []string) string {
	if len(names) > 1 && len(names) == len(b.group.Analyses) {
		return "all series"
	}
	return strings.Join(names, ", ")
}

func (b *builder) grey() bool {
	return slices.ContainsFunc(b.left.Lines, func(l Line) bool { return l.Grey })
}

// known is the lines that are not empty.
func known(lines ...string) []string {
	return slices.DeleteFunc(lines, func(l string) bool { return l == "" })
}

// Environment is one line about a machine; "" if nothing is known of it.
func Environment(m results.Machine) string {
	var parts []string
	if m.CPU != "" {
		parts = append(parts, m.CPU)
	}
	switch {
	case m.Physical > 0 && m.Logical > 0:
		parts = append(parts, fmt.Sprintf("%d physical, %d logical processors", m.Physical, m.Logical))
	case m.Logical > 0:
		parts = append(parts, fmt.Sprintf("%d logical processors", m.Logical))
	case m.Physical > 0:
		parts = append(parts, fmt.Sprintf("%d physical processors", m.Physical))
	}
	if m.OS != "" || m.Arch != "" {
		parts = append(parts, strings.Trim(m.OS+"/"+m.Arch, "/"))
	}
	return strings.Join(parts, " · ")
}

func sortTicks(t []Tick) {
	slices.SortFunc(t, func(a, b Tick) int { return cmp.Compare(a.Value, b.Value) })
}
