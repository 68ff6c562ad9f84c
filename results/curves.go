package results

import (
	"cmp"
	"fmt"
	"slices"
)

// A builder groups measurements into curves as they come.
type builder struct {
	curves   map[curveKey]*draft
	order    []*draft
	packages map[string]bool
	rounds   bool            // some measurement knows its round
	files    int             // read so far
	gone     map[[2]int]bool // file and round of what was left out
	spoilt   Spoilt
}

type curveKey struct{ pkg, series, x string }

// A draft is a curve that is still growing.
type draft struct {
	key     curveKey
	curve   Curve
	levels  map[float64]*level
	first   float64 // level of the first measurement
	last    float64 // and of the last
	refused error
	from    int   // index of the first sentinel of the file that is read
	spoilt  []int // indices of sentinels of spoilt rounds, ascending
	tolls   []toll
}

// A level is a point that is still growing.
type level struct {
	point  Point
	tasks  []float64 // of each sample; nil while all have point.Tasks
	procs  int
	extra  map[string]*metric
	from   int   // index of the first sample of the file that is read
	spoilt []int // indices of samples of spoilt rounds, ascending
}

// A metric is what point.Extra will hold of one unit.
type metric struct {
	values []float64
	of     []int // index of the sample of each
}

func newBuilder() *builder {
	return &builder{curves: map[curveKey]*draft{}, packages: map[string]bool{}, gone: map[[2]int]bool{}}
}

// add takes one measurement. It keeps nothing of m that add's caller may
// change later.
func (b *builder) add(m *Measurement) { b.find(m).add(m) }

// A slot is where measurements of one series at one level go.
type slot struct {
	draft *draft
	level *level // nil if the series is refused
}

// find is the slot of a measurement. It depends on all of m but its numbers.
func (b *builder) find(m *Measurement) slot {
	key := curveKey{m.Package, m.Series, m.X}
	d := b.curves[key]
	if d == nil {
		d = &draft{key: key, levels: map[float64]*level{}, first: m.Workers}
		d.curve = Curve{Series: m.Series, X: m.X, Machine: m.Machine, File: m.File, Line: m.Line}
		b.curves[key] = d
		b.order = append(b.order, d)
		b.packages[m.Package] = true
	}
	if d.refused != nil {
		return slot{d, nil}
	}
	if m.Machine != d.curve.Machine {
		d.refused = &Complaint{File: m.File, Line: m.Line, What: fmt.Sprintf(
			"%s was measured on another machine than at %s:%d (%s): a curve needs one machine, so fit the files one by one",
			m.Series, d.curve.File, d.curve.Line, difference(d.curve.Machine, m.Machine))}
		return slot{d, nil}
	}
	l := d.levels[m.Workers]
	if l == nil {
		l = &level{point: Point{Workers: m.Workers, Tasks: m.Tasks}, procs: m.Procs}
		d.levels[m.Workers] = l
	}
	if m.Procs != l.procs {
		d.refused = &Complaint{File: m.File, Line: m.Line, What: fmt.Sprintf(
			"%s at %s=%g ran at GOMAXPROCS %d here and at %d before: name the axis with --x %s or --x %s, or keep one of them",
			m.Series, m.X, m.Workers, m.Procs, l.procs, m.X, GOMAXPROCS)}
		return slot{d, nil}
	}
	return slot{d, l}
}

// add takes the numbers of a measurement whose slot this is.
func (s slot) add(m *Measurement) {
	l := s.level
	if l == nil {
		return
	}
	s.draft.last = m.Workers
	l.point.Samples = append(l.point.Samples, Sample{Time: m.Time, Round: m.Round})
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

// sentinel takes a measurement that repeats a level at the end of a round.
func (s slot) sentinel(m *Measurement) {
	if s.level != nil {
		c := &s.draft.curve
		c.Sentinels = append(c.Sentinels, Sentinel{m.Workers, Sample{m.Time, m.Round}})
	}
}

// finish returns the curves that stand, and complaints about the others. They
// come in the order of the input, or by name where it was measured in rounds,
// whose order is chance.
func (b *builder) finish() (curves []*Curve, problems []error) {
	if b.rounds {
		slices.SortStableFunc(b.order, func(c, d *draft) int {
			return cmp.Or(cmp.Compare(c.key.pkg, d.key.pkg), cmp.Compare(c.key.series, d.key.series))
		})
	}
	for _, d := range b.order {
		if d.refused != nil {
			problems = append(problems, d.refused)
			continue
		}
		c := &d.curve
		if len(b.packages) > 1 && d.key.pkg != "" {
			c.Series = d.key.pkg + "." + c.Series
		}
		b.leaveOut(d)
		for _, l := range d.levels {
			if len(l.point.Samples) > 0 {
				c.Points = append(c.Points, l.finish())
			}
		}
		if len(c.Points) == 0 {
			problems = append(problems, &Complaint{File: c.File, Line: c.Line, What: c.Series + " has no sample that counts: all are sentinels"})
			continue
		}
		slices.SortFunc(c.Points, func(p, q Point) int { return cmp.Compare(p.Workers, q.Workers) })
		c.Kind = kindOf(c.Points)
		dropMislabelled(c, d.first, d.last)
		curves = append(curves, c)
	}
	return curves, problems
}

func (l *level) finish() Point {
	p := l.point
	if l.tasks != nil {
		p.Tasks = median(l.tasks)
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
func kindOf(points []Point) Kind {
	for _, p := range points {
		if p.Tasks > 1.01*points[0].Tasks {
			return Weak
		}
	}
	return Strong
}

func difference(a, b Machine) string {
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

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	n := len(s)
	if n%2 == 1 {
		return s[n/2]
	}
	return s[n/2-1] + (s[n/2]-s[n/2-1])/2
}
