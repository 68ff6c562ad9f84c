package rounds

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"amdahl/bench/contract"
)

// measureRound measures one round.
func (d *driver) measureRound(ctx context.Context) error {
	begin, resumed := d.o.now(), d.done != nil
	if err := d.w.set(contract.KeyRound, strconv.Itoa(d.round)); err != nil {
		return err
	}
	if d.uncovered < 0 {
		if err := d.canary(ctx); err != nil {
			return err
		}
		begin = d.o.now()
	}
	steps := d.plan.steps(d.round)
	for i, s := range steps {
		if d.done[s.name] || d.inARow[s.name] >= giveUp {
			continue
		}
		d.draw(steps[i:], i, len(steps))
		if err := d.step(ctx, s); err != nil {
			return err
		}
	}
	d.done = nil
	measured := d.o.now().Sub(begin)
	d.measuring += measured
	if d.uncovered += measured; d.uncovered >= canaryShare*d.canaryTook {
		if err := d.canary(ctx); err != nil {
			return err
		}
	}
	if err := d.configure(d.o.Snapshot); err != nil {
		return err
	}
	if err := d.w.line("%s%d", markEnded, d.round); err != nil {
		return err
	}
	if d.o.Sync != nil {
		if err := d.o.Sync(); err != nil {
			return fmt.Errorf("rounds: the results cannot be written: %w", err)
		}
	}
	d.whole = d.round
	if t := d.o.now().Sub(begin); !resumed && (d.shortest == 0 || t < d.shortest) {
		d.shortest = t
	}
	d.judge()
	d.at.remaining, d.at.timed = d.remaining(nil)
	d.at.verdict = d.verdict
	d.o.Progress.ended(d.at)
	return nil
}

// step measures one process of a round and marks how it ended.
func (d *driver) step(ctx context.Context, s step) error {
	if s.sentinel {
		if err := d.w.set(contract.KeySentinel, "true"); err != nil {
			return err
		}
	}
	d.at.begin = d.o.now()
	text := &sample{w: d.w, procs: s.point.Procs, key: s.point.Key, values: map[string]string{}, result: func(name string) {
		d.at.results++
		d.at.name = strings.TrimPrefix(name, "Benchmark")
		d.o.Progress.draw(d.at, d.o.now())
	}}
	o := d.measure(s, text)
	switch {
	case d.w.err != nil:
		return d.w.err
	case o.err != nil && ctx.Err() != nil:
		return d.stopped(ctx)
	case o.err != nil:
		d.inARow[s.name]++
		why, _, _ := strings.Cut(o.err.Error(), "\n")
		if err := d.w.line("%s%s: %s", markFailed, s.name, why); err != nil {
			return err
		}
		d.fail(Failure{Point: s.name, Round: d.round, Err: o.err, Output: o.output.String(), GivenUp: d.inARow[s.name] == giveUp})
	default:
		d.inARow[s.name] = 0
		d.took[s.name] = d.o.now().Sub(d.at.begin)
		d.used(s.point.Name, o)
		if err := d.w.line("%s%s", markDone, s.name); err != nil {
			return err
		}
	}
	return d.w.set(contract.KeySentinel, "")
}

var errNoResult = errors.New("it printed no benchmark result: is there a benchmark of this pattern at this level?")

// measure runs a point's process after its preparation, and writes its result.
func (d *driver) measure(s step, text *sample) outcome {
	limits := process{timeout: d.o.Timeout, grace: d.o.grace, dir: s.point.Dir}
	if s.point.Prepare != nil {
		p := limits
		p.args = s.point.Prepare
		p.stays = true // a server, say
		o := d.o.execute(p)
		defer o.release()
		if o.err != nil {
			o.err = fmt.Errorf("the preparation failed: %w", o.err)
			return o
		}
	}
	p := limits
	number := strings.NewReplacer("{round}", strconv.Itoa(d.round), "{seed}", strconv.FormatUint(d.plan.Seed, 10))
	for _, a := range s.point.Args {
		p.args = append(p.args, number.Replace(a))
	}
	p.env = []string{"AMDAHL_PADDING=" + strings.Repeat("x", s.padding)}
	if s.point.Line == "" {
		p.rest = &ends{}
		text.other = p.rest
		p.text = text.take
		o := d.o.execute(p)
		if o.err == nil && text.results == 0 {
			o.err = errNoResult
		}
		return o
	}
	p.watched = d.o.Counters != nil
	o := d.counted(p)
	if exit := (*exec.ExitError)(nil); errors.As(o.err, &exit) && exit.Exited() && d.plan.IgnoreFailure {
		o.err = nil
	}
	if o.err == nil {
		text.take(s.point.result(o))
	}
	return o
}

// counted runs a process, and takes what the machine did for others meanwhile.
func (d *driver) counted(p process) outcome {
	if d.o.Counters == nil {
		return d.o.execute(p)
	}
	before, known := d.o.Counters()
	o := d.o.execute(p)
	after, ok := d.o.Counters()
	if o.given != nil && known && ok {
		o.given.others = max(after.Busy-before.Busy-o.cpu, 0)
		o.given.stolen = max(after.Stolen-before.Stolen, 0)
		o.given.throttled = max(after.Throttled-before.Throttled, 0)
	} else {
		o.given = nil
	}
	return o
}

// result makes the benchmark line of a process that prints none.
func (p *Point) result(o outcome) string {
	line := fmt.Sprintf("%s\t1\t%d %s\t%d %s", p.Line, o.wall.Nanoseconds(), contract.UnitTime, o.cpu.Nanoseconds(), contract.UnitCPU)
	if g := o.given; g != nil {
		line += fmt.Sprintf("\t%d %s\t%d %s", g.delay.Nanoseconds(), contract.UnitDelay, g.others.Nanoseconds(), contract.UnitOthers)
		if g.stolen > 0 {
			line += fmt.Sprintf("\t%d %s", g.stolen.Nanoseconds(), contract.UnitStolen)
		}
		if g.throttled > 0 {
			line += fmt.Sprintf("\t%d %s", g.throttled.Nanoseconds(), contract.UnitThrottled)
		}
	}
	if p.Paid > 0 {
		line += fmt.Sprintf("\t%.0f %s", p.Paid*float64(o.wall.Nanoseconds()), contract.UnitPaid)
		if n := o.switches; n != nil {
			line += fmt.Sprintf("\t%d %s\t%d %s", n.voluntary, contract.UnitVoluntary, n.involuntary, contract.UnitInvoluntary)
		}
	}
	return line + "\n"
}

// canary runs the canary, writes it, and writes which rounds are spoilt as far
// as the canaries so far say.
func (d *driver) canary(ctx context.Context) error {
	d.uncovered = 0
	if d.o.Canary == nil {
		return nil
	}
	if ctx.Err() != nil {
		return d.stopped(ctx)
	}
	begin := d.o.now()
	c := d.o.Canary()
	d.canaryTook = d.o.now().Sub(begin)
	d.canarySum += d.canaryTook
	c.Pieces = max(c.Pieces, 1)
	d.canaries = append(d.canaries, Reading{d.round, c})
	if err := d.w.set(contract.KeyCanary, "true"); err != nil {
		return err
	}
	line := fmt.Sprintf("%s\t%d\t%d %s", contract.CanaryName, c.Pieces, c.Wall.Nanoseconds()/int64(c.Pieces), contract.UnitTime)
	if c.CPU > 0 {
		line += fmt.Sprintf("\t%d %s", c.CPU.Nanoseconds()/int64(c.Pieces), contract.UnitCPU)
	}
	if err := d.w.line("%s", line); err != nil {
		return err
	}
	if err := d.w.set(contract.KeyCanary, ""); err != nil {
		return err
	}
	if c.Given != "" {
		if err := d.w.environment(contract.KeyGiven + ": " + c.Given + "\n"); err != nil {
			return err
		}
	}
	if d.o.Spoilt == nil {
		return nil
	}
	var list []string
	for _, r := range d.o.Spoilt(d.canaries) {
		list = append(list, strconv.Itoa(r))
	}
	return d.w.set(contract.KeySpoiltRounds, strings.Join(list, ","))
}

// lastCanary runs the canary after the last round, if that has none.
func (d *driver) lastCanary(ctx context.Context) error {
	if d.uncovered <= 0 || d.o.Canary == nil {
		return nil
	}
	if err := d.canary(ctx); err != nil {
		return err
	}
	d.judge()
	return d.w.line("%scanary", markDone) // else going on would cut it off
}

// warmUp runs every point Plan.Warmup times without writing anything.
func (d *driver) warmUp(ctx context.Context) error {
	for range d.plan.Warmup {
		for i := range d.plan.Points {
			p := &d.plan.Points[i]
			if err := d.unnoted(ctx, step{point: p}, "warming up ", Failure{Point: p.Name}); err != nil {
				return err
			}
		}
	}
	return nil
}

// last runs every point once more with the arguments of Options.Last.
func (d *driver) last(ctx context.Context) error {
	for i := range d.plan.Points {
		p := d.plan.Points[i]
		if d.o.Last == nil || d.inARow[p.Name] >= giveUp {
			continue
		}
		args := d.o.Last(p)
		if len(args) == 0 {
			continue
		}
		p.Args = slices.Insert(slices.Clone(p.Args), 1, args...)
		if err := d.unnoted(ctx, step{point: &p}, "once more ", Failure{Point: p.Name, Last: true}); err != nil {
			return err
		}
	}
	return nil
}

// unnoted runs a process and drops its results. f describes its failure, if it
// fails.
func (d *driver) unnoted(ctx context.Context, s step, doing string, f Failure) error {
	d.at = position{name: doing + s.point.Name}
	d.o.Progress.draw(d.at, d.o.now())
	nowhere := &sample{w: newWriter(io.Discard), values: map[string]string{}, result: func(string) {}}
	o := d.measure(s, nowhere)
	if ctx.Err() != nil {
		return d.stopped(ctx)
	}
	if o.err != nil {
		f.Err, f.Output = o.err, o.output.String()
		d.fail(f)
	}
	return nil
}

// used adds the times of a process to those of its point.
func (d *driver) used(point string, o outcome) {
	i := slices.IndexFunc(d.uses, func(u Use) bool { return u.Point == point })
	if i < 0 {
		i = len(d.uses)
		d.uses = append(d.uses, Use{Point: point})
	}
	d.uses[i].Wall += o.wall
	d.uses[i].CPU += o.cpu
}

func (d *driver) fail(f Failure) {
	d.failures = append(d.failures, f)
	if d.o.Failed != nil {
		d.o.Progress.clear()
		d.o.Failed(f)
	}
}

func (d *driver) stopped(ctx context.Context) error {
	return fmt.Errorf("rounds: stopped in round %d: %w", max(d.round, 1), ctx.Err())
}
