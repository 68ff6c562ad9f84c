package report

import (
	"cmp"
	"math"
	"slices"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/groups"
	"amdahl/results/laws"
	"amdahl/results/report/page"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// newData is what the script of a page reads, without its groups.
func newData(as []*laws.Analysis, o Options) page.Data {
	d := page.Data{Confidence: words.Number(100 * cmp.Or(o.Confidence, 0.95)), Laws: lawNames(), Groups: []page.Group{}, Causes: []page.Cause{}}
	for _, c := range causesOf(as) {
		d.Causes = append(d.Causes, page.Cause{Name: string(c.Name), Title: c.Title})
	}
	return d
}

// lawNames is what scripts say of the laws.
func lawNames() map[string]page.Law {
	all := map[string]page.Law{}
	for _, l := range laws.All {
		law := page.Law{Title: l.Title, Formula: l.Formula, Docs: []string{}}
		for _, t := range l.Terms {
			law.Docs = append(law.Docs, t.Doc)
		}
		all[l.Name] = law
	}
	return all
}

// group is the data of one group.
func (m *pageMaker) group(d drawing, id, title string) page.Group {
	g := d.group
	first := g.Analyses[0].Curve
	out := page.Group{
		ID: id, Title: title, X: cmp.Or(words.Clean(first.X), "workers"), Per: "operation", Weak: first.Kind == results.Weak,
		Relative: first.Relative, Rounds: roundsOf(g), Series: []page.Series{},
	}
	for _, a := range g.Analyses {
		if slices.ContainsFunc(a.Curve.Points, func(p results.Point) bool { return p.Tasks > 1 }) {
			out.Per = "task"
		}
		if a.Curve.Name.Source() == results.Real { // they bound only what was measured on them
			out.Processors = a.Curve.Machine.Logical
		}
	}
	for i, a := range g.Analyses {
		look := d.looks[i]
		s := page.Series{
			Name: seriesName(g, i), Color: look.Ink.Colour(), Shape: string(look.Ink.Marker()), Dash: string(look.Dash), Source: string(a.Curve.Name.Source()),
			Sound: a.Verdict != laws.TooFewSoundRounds, Levels: []page.Level{}, Fits: []page.Fit{},
		}
		if s.Sound {
			m.fill(&s, a, out.Rounds)
		}
		out.Series = append(out.Series, s)
	}
	return out
}

// seriesName is what a series is called in a figure: by what tells it from the others,
// or, where it stands alone, by its strategy.
func seriesName(g groups.Group, i int) string {
	if len(g.Analyses) == 1 {
		return words.Clean(cmp.Or(g.Analyses[0].Curve.Name.Value(contract.NameStrategy), "measured"))
	}
	return words.Clean(g.Short[i])
}

// roundsOf are the rounds of all samples of a group that count.
func roundsOf(g groups.Group) []int {
	all := []int{}
	for _, a := range g.Analyses {
		for _, p := range a.Curve.Points {
			for _, s := range p.Samples {
				if s.Round > 0 {
					all = append(all, s.Round)
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// fill adds what was measured of a sound series, and its fits.
func (m *pageMaker) fill(s *page.Series, a *laws.Analysis, rounds []int) {
	if a.Chosen != nil && page.Knows(a.Chosen.Law.Name) {
		s.Law = a.Chosen.Law.Name
	} else if a.Closest != nil {
		s.Closest = a.Closest.Law.Name
	}
	for _, l := range a.Levels {
		i := slices.IndexFunc(a.Curve.Points, func(p results.Point) bool { return p.Workers == l.N })
		level := newLevel(l, a.Curve.Points[i], rounds)
		for _, k := range a.KarpFlatt {
			if k.N == l.N && stats.Finite(k.Value) {
				level.Serial = triple(laws.Estimate{Value: k.Value, Interval: k.Interval})
			}
		}
		for _, out := range a.Curve.Points[i].LeftOut {
			if stats.Positive(out.Time) {
				level.LeftOut = append(level.LeftOut, page.LeftOut{Time: page.Number(out.Time), Round: out.Round, Order: out.Order, Why: reason(a.Curve, out.Round)})
			}
		}
		s.Levels = append(s.Levels, level)
	}
	for _, f := range a.Fits {
		if !page.Knows(f.Law.Name) {
			continue
		}
		fit := page.Fit{Law: f.Law.Name, T1: page.Number(f.T1.Value), Params: []page.Number{}}
		for _, p := range f.Params {
			fit.Params = append(fit.Params, page.Number(p.Value))
		}
		s.Fits = append(s.Fits, fit)
	}
	s.Recorded = m.recordings(a.Curve)
	if st := stackOf(a); st != nil {
		s.Lost = m.stacks(st)
	}
}

func newLevel(l stats.Level, p results.Point, rounds []int) page.Level {
	out := page.Level{N: page.Number(l.N), Tasks: page.Number(p.Tasks), Time: *triple(l.Time)}
	ordered := false
	for _, s := range p.Samples {
		if !stats.Positive(s.Time) {
			continue
		}
		out.Samples = append(out.Samples, page.Number(s.Time))
		out.Rounds = append(out.Rounds, s.Round)
		out.Orders = append(out.Orders, s.Order)
		ordered = ordered || s.Order > 0
	}
	if slices.Equal(out.Rounds, rounds) || len(rounds) == 0 {
		out.Rounds = nil
	}
	if !ordered {
		out.Orders = nil
	}
	if l.Speedup != nil && stats.Finite(l.Speedup.Value) {
		out.Speedup = triple(*l.Speedup)
	}
	return out
}

// reason is why a round of a curve was left out.
func reason(c *results.Curve, round int) string {
	for _, l := range c.Rounds.LeftOut {
		if slices.Contains(l.Rounds, round) {
			return string(l.Why)
		}
	}
	return ""
}

// triple is an estimate with the ends of its interval.
func triple(e laws.Estimate) *[3]page.Number {
	t := [3]page.Number{page.Number(e.Value), page.Number(math.NaN()), page.Number(math.NaN())}
	if e.Interval != nil {
		t[1], t[2] = page.Number(e.Interval.Low), page.Number(e.Interval.High)
	}
	return &t
}

// stacks are where the worker time of the levels of a series went.
func (m *pageMaker) stacks(s *stack) []page.Stack {
	var all []page.Stack
	for _, l := range s.Levels {
		st := page.Stack{N: page.Number(l.Workers), Paid: page.Number(l.Paid), Shares: map[int]page.Number{}}
		for _, part := range l.Parts {
			if i := slices.IndexFunc(m.page.Data.Causes, func(c page.Cause) bool { return c.Name == string(part.Name) }); i >= 0 && part.Share > 0 {
				st.Shares[i] = page.Number(part.Share)
			}
		}
		all = append(all, st)
	}
	return all
}
