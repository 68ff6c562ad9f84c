package read

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"amdahl/results"
	"amdahl/results/stats"
)

// A builder collects measurements as they come and makes curves of them at the
// end.
type builder struct {
	records map[recordKey]*record
	order   []*record // by their first measurement
	rounds  bool      // some measurement knows its round
	files   int       // in all

	machines []*results.Machine
	full     bool // there are mostRecords records, and the user knows

	current *record // of the last measurement
	count   int     // of measurements

	canaries []canary
	when     map[fileRound]*stretch // of the samples, by count

	left      results.Spoilt     // what was left out
	leftKnown map[fileRound]bool // the rounds that left counts
}

// A fileRound is a round of one file, both by number.
type fileRound struct{ file, round int }

func newBuilder() *builder {
	return &builder{records: map[recordKey]*record{}, leftKnown: map[fileRound]bool{}, when: map[fileRound]*stretch{}}
}

// mostRecords bounds the memory that input of nothing but different names takes.
const mostRecords = 100_000

// errFull is the error for every further name when there are too many. The first
// one is told.
var errFull = errors.New("too many names")

// record finds the record of a key, or makes one that begins at a place.
func (b *builder) record(key recordKey, procs int, at origin) (*record, error) {
	r := b.records[key]
	if r == nil {
		if b.full {
			return nil, errFull
		}
		if b.full = len(b.order) == mostRecords; b.full {
			return nil, fmt.Errorf("more than %d different names and levels: is a number that changes with every line part of the name? What follows was left out", mostRecords)
		}
		r = &record{recordKey: key, origin: at, procs: procs}
		b.records[key] = r
		b.order = append(b.order, r)
	}
	return r, nil
}

// machine gives the one pointer to a machine.
func (b *builder) machine(m results.Machine) *results.Machine {
	for _, known := range b.machines {
		if *known == m {
			return known
		}
	}
	if len(b.machines) > 100 {
		b.machines = b.machines[:0]
	}
	b.machines = append(b.machines, &m)
	return &m
}

// at is the machine of a record.
func (r *record) at() results.Machine {
	if r.machine == nil {
		return results.Machine{}
	}
	return *r.machine
}

// markSpoilt says which rounds of a file are spoilt.
func (b *builder) markSpoilt(file int, spoilt map[int]bool) {
	if len(spoilt) == 0 {
		return
	}
	for _, r := range b.order {
		if r.block.file == file {
			r.spoilt = spoilt
		}
	}
}

// A draft is a curve on its way: the records of one series, each with its level.
type draft struct {
	curve   results.Curve
	records []located
	procs   int // GOMAXPROCS of all levels; 0 if they differ
}

// A located record is one whose level is known.
type located struct {
	*record
	name    results.Name // of the series: without the level
	x       string       // name of the x axis
	workers float64      // level on it
	procs   int          // GOMAXPROCS; 1 where the name has no suffix
}

// curve makes the curve of a draft, or says why there is none.
func (b *builder) curve(d *draft) (*results.Curve, error) {
	c := &d.curve
	refuse := func(at *record, format string, args ...any) (*results.Curve, error) {
		return nil, &results.Complaint{File: at.file, Line: at.line, What: fmt.Sprintf(format, args...)}
	}
	first, last := d.records[0], d.records[0]
	c.Machine, c.File, c.Line, c.X = first.at(), first.file, first.line, first.x
	levels := map[float64]*located{}
	d.procs = first.procs
	for i := range d.records {
		r := &d.records[i]
		if r.machine != first.machine && r.at() != c.Machine {
			return refuse(r.record, "%s was measured on another machine than at %s:%d (%s): a curve needs one machine, so fit the files one by one",
				c.Name.String(), c.File, c.Line, difference(c.Machine, r.at()))
		}
		if l := levels[r.workers]; l == nil {
			levels[r.workers] = r
		} else if l.procs != r.procs {
			return refuse(r.record, "%s at %s=%g ran at GOMAXPROCS %d here and at %d before: name the axis with --x %s or --x %s, or keep one of them",
				c.Name.String(), r.x, r.workers, r.procs, l.procs, r.x, GOMAXPROCS)
		}
		if r.procs != d.procs {
			d.procs = 0
		}
		if len(r.samples) > 0 && r.last > last.last {
			last = *r
		}
		if why := r.mixed(); why != "" && !b.rounds {
			return refuse(r.record, "%s at %s=%g: %s", c.Name.String(), r.x, r.workers, why)
		}
	}
	c.Run = first.block.run
	c.Gave = b.gave(d)
	b.leaveOutSpoilt(d)
	c.Points = points(d.records)
	if len(c.Points) == 0 {
		return refuse(first.record, "%s has no sample that counts: all are sentinels", c.Name.String())
	}
	for _, r := range d.records {
		for _, s := range r.repeats {
			c.Sentinels = append(c.Sentinels, results.Sentinel{Workers: r.workers, Sample: s})
		}
	}
	slices.SortStableFunc(c.Sentinels, func(a, b results.Sentinel) int { return cmp.Compare(a.Round, b.Round) })
	c.Kind = kindOf(c.Points)
	c.Relative = first.speedup
	if !b.rounds && !first.summary && first.kind == goName {
		dropMislabelled(c, first.workers, last.workers)
	}
	alone := *c // a pointer into the draft would keep all of its records
	return &alone, nil
}

// points are the levels of a curve, ascending, each once.
func points(records []located) []results.Point {
	records = slices.Clone(records)
	slices.SortStableFunc(records, func(a, b located) int { return cmp.Compare(a.workers, b.workers) })
	var all []results.Point
	for len(records) > 0 {
		n := 1
		for n < len(records) && records[n].workers == records[0].workers {
			n++
		}
		if p := point(records[:n]); len(p.Samples) > 0 {
			all = append(all, p)
		}
		records = records[n:]
	}
	return all
}

// point joins the records of one level.
func point(records []located) results.Point {
	p := results.Point{Workers: records[0].workers, Tasks: records[0].tasks}
	var tasks []float64
	for _, r := range records {
		p.LeftOut = append(p.LeftOut, r.leftOut...)
		p.Profiled = append(p.Profiled, r.profiled...)
		p.Sampled = append(p.Sampled, r.sampled...)
		if len(r.samples) == 0 {
			continue
		}
		if len(records) > 1 || r.perOp != nil {
			tasks = append(tasks, r.perOp...)
			tasks = append(tasks, slices.Repeat([]float64{r.tasks}, len(r.samples)-len(r.perOp))...)
		}
		if p.Samples == nil {
			p.Samples = r.samples
		} else {
			p.Samples = append(slices.Clip(p.Samples), r.samples...)
		}
		for unit, m := range r.extra {
			if p.Extra == nil {
				p.Extra = map[string][]float64{}
			}
			p.Extra[unit] = append(p.Extra[unit], m.values...)
		}
	}
	if len(tasks) > 0 {
		p.Tasks = stats.Median(tasks)
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
