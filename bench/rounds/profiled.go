package rounds

import (
	"context"
	"io"
	"slices"
	"strings"

	"amdahl/bench/contract"
)

// A Profiling is rounds in which every point runs in ways that disturb its times, as with
// a profile. Each follows a round of [Run], so that both have the same weather; what is
// missing then follows the last one. What a run prints is not written: Take says what of it is.
type Profiling struct {
	Rounds int
	// Runs returns how a point runs in a round, once each, one after the other; none is no run.
	Runs func(p Point, round int) []ProfiledRun
}

// A ProfiledRun is one way to run a point.
type ProfiledRun struct {
	Kind string   // the value of [contract.KeyProfiled] above its lines
	Args []string // stand right after the program's name
	// Take gets the results that the run printed, and returns the lines that are written in
	// their place. An error is a failure of this run.
	Take func(printed []string) (lines []string, err error)
}

// profileOrder sets the orders of profiled rounds apart from those of the others.
const profileOrder = 1 << 20

// profile runs the rounds of Options.Profiling up to one, as far as they are not done.
func (d *driver) profile(ctx context.Context, last int) error {
	p := d.o.Profiling
	if p == nil {
		return nil
	}
	begin := d.o.now()
	for d.profiled < min(last, p.Rounds) {
		d.profiled++
		for _, s := range d.plan.steps(profileOrder + d.profiled) {
			if s.sentinel || d.inARow[s.point.Name] >= giveUp {
				continue
			}
			for _, r := range p.Runs(*s.point, d.profiled) {
				if err := d.profileStep(ctx, s, r); err != nil {
					return err
				}
			}
		}
		if err := d.w.line("%s%d", markProfiled, d.profiled); err != nil {
			return err
		}
	}
	d.begin = d.begin.Add(d.o.now().Sub(begin)) // the budget is for what is timed
	return nil
}

// profileStep runs one point in one way, and writes what is to be written of it.
func (d *driver) profileStep(ctx context.Context, s step, r ProfiledRun) error {
	p := *s.point
	p.Args = slices.Insert(slices.Clone(p.Args), 1, r.Args...)
	s.point = &p
	d.at = position{name: "profiling " + p.Name}
	d.o.Progress.draw(d.at, d.o.now())
	to := newWriter(io.Discard)
	printed := &sample{w: to, procs: p.Procs, key: p.Key, values: map[string]string{}, result: func(string) {}}
	o := d.measure(s, printed)
	if ctx.Err() != nil {
		return d.stopped(ctx)
	}
	var results, lines []string
	for l := range strings.Lines(to.all.String()) {
		if _, ok := resultLine(l); ok {
			results = append(results, strings.TrimSuffix(l, "\n"))
		}
	}
	if o.err == nil {
		lines, o.err = r.Take(results)
	}
	if o.err != nil {
		d.fail(Failure{Point: p.Name, Last: true, Err: o.err, Output: o.output.String()})
		return nil
	}
	if len(lines) == 0 {
		return nil
	}
	same := &sample{w: d.w, config: printed.config, values: printed.values}
	if err := same.settle(); err != nil {
		return err
	}
	if err := d.w.set(contract.KeyProfiled, r.Kind); err != nil {
		return err
	}
	for _, l := range lines {
		if err := d.w.line("%s", l); err != nil {
			return err
		}
	}
	return d.w.set(contract.KeyProfiled, "")
}
