package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/perf/benchunit"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/groups"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// xAxis is the axis of workers, with some air at both ends.
func (b *builder) xAxis() Axis {
	share := 0.04
	if !b.fitted {
		share = 0.15 // room for series side by side
	}
	var names []string
	for _, a := range b.group.Analyses {
		if x := cmp.Or(a.Curve.X, "workers"); !slices.Contains(names, x) {
			names = append(names, x)
		}
	}
	return workersAxis(strings.Join(names, " or "), b.xlo, b.xhi, share, b.levels)
}

// workersAxis is an x axis of workers with a margin, and ticks at powers of two.
func workersAxis(label string, lo, hi, share float64, levels []float64) Axis {
	lo, hi = margin(lo, hi, share)
	return Axis{Label: label, Min: lo, Max: hi, Ticks: powersOfTwo(lo, hi, levels)}
}

// speedupAxis is a y axis of speedups with a margin.
func speedupAxis(label string, lo, hi float64) Axis {
	lo, hi = margin(lo, hi, 0.06)
	return Axis{Label: label + " T(1)/T(n)", Min: lo, Max: hi, Ticks: speedupTicks(lo, hi)}
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
	lo, hi = margin(lo, hi, 0.06)
	b.left.Y = Axis{Label: "time per " + b.work(), Unit: b.unit.Prefix + "s", Min: lo, Max: hi, Ticks: niceTicks(lo, hi)}
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
	b.right.Y = speedupAxis(label, lo, hi)
}

// span is the range of y over points, bars and lines that are not grey.
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
		if l.Grey {
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

// title is made from the workload or, for other people's benchmarks, from
// the benchmark's name.
func (b *builder) title() string {
	name := subject(b.group)
	switch b.kind {
	case results.Weak:
		return name + ": weak scaling (the work grows with the workers)"
	case results.Strong:
		return name + ": strong scaling (the work is fixed)"
	}
	return name + ": scaling"
}

// subject is what the group is about.
func subject(g groups.Group) string {
	name := ""
	for i, a := range g.Analyses {
		n := workOf(a.Curve.Name)
		if i > 0 && n != name {
			return fmt.Sprintf("%d series", len(g.Analyses))
		}
		name = n
	}
	return name
}

// workOf is what a series does: its workload or, for other people's benchmarks, the
// benchmark's name.
func workOf(n results.Name) string { return cmp.Or(n.Value(contract.NameWorkload), n.Root()) }

// caption says how to read the figure, where it was measured, and what is
// missing from it.
func (b *builder) caption() []string {
	read := "Points are medians"
	if b.bars {
		read += fmt.Sprintf(" with %s %% intervals", words.Number(100*cmp.Or(b.o.Confidence, 0.95)))
	}
	if len(b.left.Lines) > 0 {
		read += ", lines are fitted laws"
	}
	if b.grey() {
		read += ", grey beyond twice the largest measured level"
	}
	if b.left.Apart || b.right.Apart {
		read += ", those of one level side by side"
	}
	switch n := len(b.right.Points); {
	case n == 0:
		read += "."
	case n == len(b.fittedBase):
		read += ". Speedup is against the fitted time at one worker, which was not measured."
	case b.kind == results.Weak:
		read += ". Scaled speedup is against each series' own time per task at one worker" + b.whose()
	default:
		read += ". Speedup is against each series' own time at one worker" + b.whose()
	}
	lines := known(read, Environment(b.group.Analyses[0].Curve.Machine))
	if len(b.noBar) > 0 {
		lines = append(lines, "No interval where there are too few samples (6 are needed for 95 %): "+b.list(b.noBar)+".")
	}
	if n := len(b.fittedBase); n > 0 && n < len(b.right.Points) {
		lines = append(lines, "Not measured at one worker, so the speedup is against the fitted T(1): "+b.list(b.fittedBase)+".")
	}
	return lines
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
