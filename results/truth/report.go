package truth

import (
	"cmp"
	"fmt"
	"slices"

	"amdahl/bench/contract"
	"amdahl/results/laws"
)

// A Report is all that one set of curves shows.
type Report struct {
	Findings     []*Finding
	Agreements   []Agreement
	Efficiencies []Efficiency // of curves of schedules, level by level
	Chips        []Chip
	Skipped      []error // curves with a truth that could not be judged, and why
}

// Verify judges every analysis with a truth in its name and at least [Levels]
// levels, and compares what real processors, slow cores and the simulator
// show. The error is of a file that cannot be what it says; a file without any
// truth gives an empty report.
func Verify(as []*laws.Analysis) (*Report, error) {
	r := &Report{Chips: Chips(as)}
	var planted []*laws.Analysis
	for _, a := range as {
		if skew := a.Curve.Name.Value(contract.NameSkew); !known(skew) {
			r.Skipped = append(r.Skipped, fmt.Errorf("%s: not judged: only the workload knows how long its tasks are (%s=%s)", a.Curve.Name, contract.NameSkew, skew))
			continue
		}
		if _, ok := scheduled(a.Curve.Name); ok {
			es, err := Efficiencies(a)
			if err != nil {
				return nil, err
			}
			r.Efficiencies = append(r.Efficiencies, es...)
			continue
		}
		p, ok, err := Parse(a.Curve.Name)
		if err != nil {
			return nil, err
		}
		if _, _, chip := parseChip(a.Curve.Name); chip {
			continue
		}
		if !ok || p.Serial > 0 && p.Locked > 0 {
			continue
		}
		planted = append(planted, a)
		if len(a.Curve.Points) < Levels {
			continue // compared below, level by level
		}
		f, err := Check(a)
		if err != nil {
			r.Skipped = append(r.Skipped, err)
			continue
		}
		r.Findings = append(r.Findings, f)
	}
	slices.SortStableFunc(r.Findings, func(f, g *Finding) int {
		return cmp.Or(cmp.Compare(f.Locked, g.Locked), cmp.Compare(f.Serial, g.Serial))
	})
	var err error
	r.Agreements, err = Agree(planted)
	return r, err
}

// Verdict is the worst of all: wrong, else noisy, else holds. A report with
// nothing to judge is noisy.
func (r *Report) Verdict() Verdict {
	worst := Holds
	if len(r.Findings)+len(r.Efficiencies)+len(r.Chips) == 0 {
		worst = Noisy
	}
	note := func(v Verdict) {
		if v == Wrong || v == Noisy && worst == Holds {
			worst = v
		}
	}
	for _, f := range r.Findings {
		note(f.Verdict)
	}
	for _, a := range r.Agreements {
		note(a.Verdict)
	}
	for _, e := range r.Efficiencies {
		note(e.Verdict)
	}
	for _, c := range r.Chips {
		note(c.Verdict)
	}
	return worst
}
