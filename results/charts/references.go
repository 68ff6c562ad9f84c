package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/replay"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// ceiling notes the most that a law allows. It is drawn where it fits.
func (b *builder) ceiling(f *laws.Fit, ink Ink) {
	if f.MaxSpeedup == nil || !stats.Positive(f.MaxSpeedup.Value) {
		return
	}
	label := "at most "
	if f.Peak != nil {
		label = "peak "
	} else if f.Param("sigma") != nil {
		label = "1/σ = "
	}
	b.ceilings = append(b.ceilings, Ref{Label: label + words.Number(f.MaxSpeedup.Value), Ink: ink, Dash: Dashed, At: f.MaxSpeedup.Value})
}

// mostCeilings is how many ceilings one panel can show and still be read.
const mostCeilings = 8

// references adds the ideal, the ceilings, the processors and the best serial
// time. It is called when the axes are known.
func (b *builder) references() {
	r := &b.right
	if len(r.Points) > 0 && b.o.Only != Time {
		from := math.Max(b.xlo, 1)
		line, entry := ideal(from, b.xhi)
		r.Lines, b.legend = append(r.Lines, line), append(b.legend, entry)
		b.listScheduling(from)
	}
	b.linkBounds()
	if len(b.ceilings) > mostCeilings {
		b.ceilings = nil // the legend has the parameters
	}
	for _, c := range b.ceilings {
		if c.At <= r.Y.Max {
			r.Refs = append(r.Refs, c)
		}
	}
	for _, v := range b.processors() {
		if v.At >= r.X.Min && v.At <= r.X.Max {
			b.left.Refs = append(b.left.Refs, v)
			r.Refs = append(r.Refs, v)
		}
	}
	for _, best := range b.bestSerial() {
		time := best.time / b.unit.Factor
		b.left.Refs = append(b.left.Refs, Ref{Label: best.name, Ink: best.ink, Dash: Dashed, At: time})
		e := &b.legend[best.entry]
		e.Dash = Dashed
		e.Text += fmt.Sprintf(": best serial time, %s %ss", words.Number(time), b.unit.Prefix)
	}
}

// listScheduling adds the speedups between which any schedule lies that lets no
// worker idle while a task waits, where all series have tasks of one known
// distribution of lengths. The longest task counts with its expected length.
func (b *builder) listScheduling(from float64) {
	skew, tasks := "", 0.0
	for i, a := range b.group.Analyses {
		here, most := a.Curve.Name.Value(contract.NameSkew), a.Curve.Points[len(a.Curve.Points)-1].Tasks
		if i > 0 && (here != skew || most != tasks) || here == "" || a.Curve.Kind == results.Weak {
			return
		}
		skew, tasks = here, most
	}
	l, err := replay.LengthsOf(skew, int(math.Round(tasks)))
	if err != nil {
		return // a name of somebody else's
	}
	for _, bound := range []struct {
		text string
		dash Dash
		at   func(n float64) float64
	}{
		{"at most, by work and span", LongDash, l.Most},
		{"at least, by list scheduling", DashDot, l.Least},
	} {
		b.right.Lines = append(b.right.Lines, Line{Name: bound.text, Dash: bound.dash, Grey: true, At: sample(bound.at, from, b.xhi)})
		b.legend = append(b.legend, Entry{Text: bound.text, Dash: bound.dash})
	}
}

// ideal is the line of linear speedup, and its entry in the legend.
func ideal(from, to float64) (Line, Entry) {
	return Line{Name: "ideal", Dash: Dotted, At: sample(func(n float64) float64 { return n }, from, to)},
		Entry{Text: "ideal: n workers, n times as fast", Short: "ideal", Dash: Dotted}
}

// bestSerial is the fastest series of one level on each kind of cores, where
// there is another on them to compare it with: a time on slow cores is no base
// for one on real cores.
func (b *builder) bestSerial() []serial {
	all := map[string]int{} // series on each kind of cores
	for i, a := range b.group.Analyses {
		all[a.Curve.Name.Cores()+b.machine(i)]++
	}
	var best []serial
	count := map[string]int{}
	for _, s := range b.serial {
		count[s.cores]++
		switch i := slices.IndexFunc(best, func(t serial) bool { return t.cores == s.cores }); {
		case i < 0:
			best = append(best, s)
		case s.time < best[i].time:
			best[i] = s
		}
	}
	return slices.DeleteFunc(best, func(s serial) bool { return count[s.cores] == all[s.cores] })
}

// processors are the vertical lines at the machine's processors. They bound
// only what was measured on them.
func (b *builder) processors() []Ref {
	if !slices.Contains(sourcesOf(b.left), results.Real) {
		return nil
	}
	var refs []Ref
	var seen []results.Machine
	for i, a := range b.group.Analyses {
		m := a.Curve.Machine
		if slices.Contains(seen, m) || len(seen) > 0 && b.machines == nil {
			continue
		}
		seen = append(seen, m)
		one := func(n int, what string) {
			r := Ref{Label: words.Count(n, what), Dash: Dotted, Vertical: true, At: float64(n)}
			if b.machines != nil {
				r.Label += " of " + b.machines[i]
			}
			refs = append(refs, r)
		}
		switch {
		case m.Physical > 0 && m.Logical > 0 && m.Physical != m.Logical:
			one(m.Physical, "physical processor")
			one(m.Logical, "logical processor")
		case m.Physical > 0 || m.Logical > 0:
			one(max(m.Physical, m.Logical), "processor")
		}
	}
	slices.SortStableFunc(refs, func(a, b Ref) int { return cmp.Compare(a.At, b.At) })
	return refs
}
