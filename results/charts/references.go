package charts

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"amdahl/results"
	"amdahl/results/laws"
)

// ceiling notes the most that a law allows. It is drawn where it fits.
func (b *builder) ceiling(f *laws.Fit, ink Ink) {
	if f.MaxSpeedup == nil || !usable(f.MaxSpeedup.Value) {
		return
	}
	label := "at most "
	if f.Peak != nil {
		label = "peak "
	} else if f.Param("sigma") != nil {
		label = "1/σ = "
	}
	b.ceilings = append(b.ceilings, Ref{Label: label + Short(f.MaxSpeedup.Value), Ink: ink, Dash: Dashed, At: f.MaxSpeedup.Value})
}

// references adds the ideal, the ceilings, the processors and the best serial
// time. It is called when the axes are known.
func (b *builder) references() {
	r := &b.right
	if len(r.Points) > 0 {
		from := math.Max(b.xlo, 1)
		r.Lines = append(r.Lines, Line{Name: "ideal", Dash: Dotted, At: sample(func(n float64) float64 { return n }, from, b.xhi)})
		b.legend = append(b.legend, Entry{Text: "ideal: n workers, n times as fast", Dash: Dotted})
	}
	for _, c := range b.ceilings {
		if c.At <= r.Y.Max {
			r.Refs = append(r.Refs, c)
		}
	}
	for _, v := range processors(b.group.Analyses[0].Curve) {
		if v.At >= r.X.Min && v.At <= r.X.Max {
			b.left.Refs = append(b.left.Refs, v)
			r.Refs = append(r.Refs, v)
		}
	}
	if best, ok := b.bestSerial(); ok {
		b.left.Refs = append(b.left.Refs, Ref{Label: best.name, Dash: Dashed, At: best.time / b.unit.Factor})
		i := slices.IndexFunc(b.legend, func(e Entry) bool { return e.Marker && e.Ink == 0 && e.Text == best.name })
		b.legend[i].Dash = Dashed
		b.legend[i].Text += fmt.Sprintf(": best serial time, %s %ss", Short(best.time/b.unit.Factor), b.unit.Prefix)
	}
}

// bestSerial is the fastest series of one level, if there is one to compare
// it with.
func (b *builder) bestSerial() (serial, bool) {
	if len(b.serial) == 0 || len(b.serial) == len(b.group.Analyses) {
		return serial{}, false
	}
	return slices.MinFunc(b.serial, func(s, t serial) int { return cmp.Compare(s.time, t.time) }), true
}

// processors are the vertical lines at the machine's processors.
func processors(c *results.Curve) []Ref {
	m := c.Machine
	one := func(n int, what string) Ref {
		if n != 1 {
			what += "s"
		}
		return Ref{Label: fmt.Sprintf("%d %s", n, what), Dash: Dotted, Vertical: true, At: float64(n)}
	}
	switch {
	case m.Physical > 0 && m.Logical > 0 && m.Physical != m.Logical:
		return []Ref{one(m.Physical, "physical processor"), one(m.Logical, "logical processor")}
	case m.Physical > 0 || m.Logical > 0:
		return []Ref{one(max(m.Physical, m.Logical), "processor")}
	}
	return nil
}
