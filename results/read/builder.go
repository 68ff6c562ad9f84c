package read

import (
	"cmp"
	"fmt"
	"slices"

	"amdahl/results"
	"amdahl/results/stats"
)

// A builder groups measurements into curves as they come.
type builder struct {
	curves   map[curveKey]*curveBuilder
	order    []*curveBuilder
	packages map[string]bool
	rounds   bool // some measurement knows its round

	files     int                // read so far
	left      results.Spoilt     // what was left out
	leftKnown map[fileRound]bool // the rounds that left counts
}

type curveKey struct{ pkg, series, x string }

// A fileRound is a round of one file, both by number.
type fileRound struct{ file, round int }

// A curveBuilder is a curve that is still growing.
type curveBuilder struct {
	key     curveKey
	curve   results.Curve
	levels  map[float64]*levelBuilder
	first   float64 // level of the first measurement
	last    float64 // and of the last
	refused error   // why there will be no curve

	fileFrom int   // index of the first sentinel of the file that is being read
	spoilt   []int // indices of sentinels of spoilt rounds, ascending
	leftOut  []spoiltRounds
}

// A levelBuilder is a point that is still growing.
type levelBuilder struct {
	point results.Point
	tasks []float64 // of each sample; nil while all have point.Tasks
	procs int
	extra map[string]*metric

	fileFrom int   // index of the first sample of the file that is being read
	spoilt   []int // indices of samples of spoilt rounds, ascending
}

// A metric is what point.Extra will hold of one unit.
type metric struct {
	values []float64
	of     []int // index of the sample that each belongs to
}

func newBuilder() *builder {
	return &builder{curves: map[curveKey]*curveBuilder{}, packages: map[string]bool{}, leftKnown: map[fileRound]bool{}}
}

// add takes one measurement. It keeps nothing of m that the caller may change
// later.
func (b *builder) add(m *Measurement) { b.cell(m).add(m) }

// A cell is where measurements of one series at one level go.
type cell struct {
	curve   *curveBuilder
	level   *levelBuilder // nil if the series is refused
	workers float64
}

// cell finds the cell of a measurement. The cell depends on all of m but its
// numbers.
func (b *builder) cell(m *Measurement) cell {
	key := curveKey{m.Package, m.Name.String(), m.X}
	c := b.curves[key]
	if c == nil {
		c = &curveBuilder{key: key, levels: map[float64]*levelBuilder{}, first: m.Workers}
		c.curve = results.Curve{Name: m.Name, X: m.X, Machine: m.Machine, File: m.File, Line: m.Line}
		b.curves[key] = c
		b.order = append(b.order, c)
		b.packages[m.Package] = true
	}
	refused := cell{curve: c}
	if c.refused != nil {
		return refused
	}
	refuse := func(format string, args ...any) cell {
		c.refused = &results.Complaint{File: m.File, Line: m.Line, What: fmt.Sprintf(format, args...)}
		return refused
	}
	if m.Machine != c.curve.Machine {
		return refuse("%s was measured on another machine than at %s:%d (%s): a curve needs one machine, so fit the files one by one",
			key.series, c.curve.File, c.curve.Line, difference(c.curve.Machine, m.Machine))
	}
	l := c.levels[m.Workers]
	if l == nil {
		l = &levelBuilder{point: results.Point{Workers: m.Workers, Tasks: m.Tasks}, procs: m.Procs}
		c.levels[m.Workers] = l
	}
	if m.Procs != l.procs {
		return refuse("%s at %s=%g ran at GOMAXPROCS %d here and at %d before: name the axis with --x %s or --x %s, or keep one of them",
			key.series, m.X, m.Workers, m.Procs, l.procs, m.X, GOMAXPROCS)
	}
	return cell{c, l, m.Workers}
}

// add takes the numbers of a measurement that belongs into this cell.
func (c cell) add(m *Measurement) {
	l := c.level
	if l == nil {
		return
	}
	c.curve.last = m.Workers
	l.point.Samples = append(l.point.Samples, results.Sample{Time: m.Time, Round: m.Round})
	if l.tasks != nil || m.Tasks != l.point.Tasks {
		for len(l.tasks) < len(l.point.Samples)-1 {
			l.tasks = append(l.tasks, l.point.Tasks)
		}
		l.tasks = append(l.tasks, m.Tasks)
	}
	for _, e := range m.Extra {
		x := l.extra[e.Unit]
		if x == nil {
			if l.extra == nil {
				l.extra = map[string]*metric{}
			}
			x = &metric{}
			l.extra[e.Unit] = x
		}
		x.values = append(x.values, e.Value)
		x.of = append(x.of, len(l.point.Samples)-1)
	}
}

// addSentinel takes a measurement that repeats a level at the end of a round.
func (c cell) addSentinel(m *Measurement) {
	if c.level != nil {
		to := &c.curve.curve
		to.Sentinels = append(to.Sentinels, results.Sentinel{Workers: m.Workers, Sample: results.Sample{Time: m.Time, Round: m.Round}})
	}
}

// finish returns the curves, and complaints about those that are refused. They
// come in the order of the input, or by name where it was measured in rounds,
// whose order is chance.
func (b *builder) finish() (curves []*results.Curve, problems []error) {
	if b.rounds {
		slices.SortStableFunc(b.order, func(c, d *curveBuilder) int {
			return cmp.Or(cmp.Compare(c.key.pkg, d.key.pkg), cmp.Compare(c.key.series, d.key.series))
		})
	}
	for _, d := range b.order {
		if d.refused != nil {
			problems = append(problems, d.refused)
			continue
		}
		c := &d.curve
		if len(b.packages) > 1 {
			c.Name.Package = d.key.pkg
		}
		b.leaveOutSpoilt(d)
		for _, l := range d.levels {
			if len(l.point.Samples) > 0 {
				c.Points = append(c.Points, l.finish())
			}
		}
		if len(c.Points) == 0 {
			problems = append(problems, &results.Complaint{File: c.File, Line: c.Line, What: c.Name.String() + " has no sample that counts: all are sentinels"})
			continue
		}
		slices.SortFunc(c.Points, func(p, q results.Point) int { return cmp.Compare(p.Workers, q.Workers) })
		c.Kind = kindOf(c.Points)
		dropMislabelled(c, d.first, d.last)
		alone := *c // a pointer into the builder would keep all of it
		curves = append(curves, &alone)
	}
	return curves, problems
}

func (l *levelBuilder) finish() results.Point {
	p := l.point
	if l.tasks != nil {
		p.Tasks = stats.Median(l.tasks)
	}
	for unit, m := range l.extra {
		if p.Extra == nil {
			p.Extra = map[string][]float64{}
		}
		p.Extra[unit] = m.values
	}
	return p
}

// kindOf tells weak scaling by its growing number of tasks.
func kindOf(points []results.Point) results.Kind {
	for _, p := range points {
		if p.Tasks > 1.01*points[0].Tasks {
			return results.Weak
		}
	}
	return results.Strong
}

// difference names what tells two machines apart, by the key of its line.
func difference(a, b results.Machine) string {
	switch {
	case a.OS != b.OS:
		return fmt.Sprintf("goos %q and %q", a.OS, b.OS)
	case a.Arch != b.Arch:
		return fmt.Sprintf("goarch %q and %q", a.Arch, b.Arch)
	case a.CPU != b.CPU:
		return fmt.Sprintf("cpu %q and %q", a.CPU, b.CPU)
	case a.Logical != b.Logical:
		return fmt.Sprintf("cpu-count %d and %d", a.Logical, b.Logical)
	case a.Quota != b.Quota:
		return fmt.Sprintf("cpu-quota %g and %g, 0 for none", a.Quota, b.Quota)
	}
	return fmt.Sprintf("cpu-physical-count %d and %d", a.Physical, b.Physical)
}
