package rounds

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"runtime"
	"strconv"
	"time"

	"amdahl/bench/contract"
)

// Run measures the plan round by round and writes what comes out:
//
//	goos: linux                       the environment, then the plan
//	run-seed: 17
//	run-plan: …
//	round: 1
//	canary: true                      a canary before the first round
//	BenchmarkCanary 1180 101234 ns/op 98765 cpu-ns/op
//	canary:                           an empty value takes the key away
//	processors-given: 1.95 of 2       by the last canary
//	BenchmarkIndex-4 20 5123456 ns/op
//	# done cpu=4                      a process came to its end; or # failed cpu=4: why
//	sentinel: true                    the first level once more
//	BenchmarkIndex 5 20123456 ns/op
//	# done sentinel cpu=1
//	sentinel:
//	canary: true                      another one, after the round or a later one
//	spoilt-rounds: 1                  those with slower processors so far: the last such line holds
//	# ended round 1
//	profiled: true                    what Options.Profiling makes of its runs, or another kind of them
//	BenchmarkIndex-4 20 5123456 traced-ns/op …
//	profiled:
//	# profiled round 1
//	# done canary                     behind the last canary of the run
//
// Every line is written whole, in one Write. Whatever ends the run, all that was
// measured is in the text, and [ReadPast] finds where to go on.
//
// Run passes a process that fails to Options.Failed and goes on; a point that
// fails three times in a row is given up until the run is resumed. The error says
// what ended the run early: it wraps that of ctx, or says that Setup failed or
// that the output cannot be written. The summary is valid beside an error. No
// process is left when Run returns. Calls are independent, but measuring two
// plans at once disturbs both.
func Run(ctx context.Context, plan Plan, o Options) (Summary, error) {
	runtime.LockOSThread() // see ownGroup
	defer runtime.UnlockOSThread()
	o.Timeout = cmp.Or(o.Timeout, 5*time.Minute)
	o.grace = cmp.Or(o.grace, 2*time.Second)
	if o.now == nil {
		o.now = time.Now
	}
	if o.execute == nil {
		o.execute = func(p process) outcome { return execute(ctx, p) }
	}
	d := &driver{plan: &plan, o: o, w: newWriter(o.Out), inARow: map[string]int{}, took: map[string]time.Duration{}, uncovered: -1}
	d.begin = o.now()
	if past := o.Resume; past != nil {
		if err := d.resume(past); err != nil {
			return d.summary(), err
		}
	}
	err := d.run(ctx)
	o.Progress.clear()
	return d.summary(), err
}

// A driver is a run that is under way.
type driver struct {
	plan     *Plan
	o        Options
	w        *writer
	begin    time.Time
	round    int             // under way, or the last
	whole    int             // whole rounds
	profiled int             // rounds of Options.Profiling
	done     map[string]bool // steps of a resumed round that need not be measured
	inARow   map[string]int  // failures, by step
	canaries []Reading
	shortest time.Duration            // of the whole rounds of this run; 0 if there was none
	took     map[string]time.Duration // by each step, when it was last measured
	at       position
	verdict  *Verdict
	unjudged error
	stop     Stop
	failures []Failure
	uses     []Use

	uncovered  time.Duration // measuring since the last canary; below 0 if there was none in this run
	canaryTook time.Duration // the last one
	canarySum  time.Duration
	measuring  time.Duration
}

func (d *driver) summary() Summary {
	s := Summary{Results: d.w.results, Rounds: d.whole, Stop: d.stop, Verdict: d.verdict, Unjudged: d.unjudged, Failures: d.failures,
		Canaries: d.canarySum, Measuring: d.measuring}
	for _, p := range d.plan.Points {
		for _, u := range d.uses {
			if u.Point == p.Name {
				s.Used = append(s.Used, u)
			}
		}
	}
	return s
}

// resume continues from what a file holds.
func (d *driver) resume(past *Past) error {
	switch {
	case past.Plan != d.plan.Text:
		return fmt.Errorf("rounds: the file was measured with another plan:\n  %s\n  here it is\n  %s", past.Plan, d.plan.Text)
	case past.Seed != d.plan.Seed:
		return fmt.Errorf("rounds: the file was measured with the seed %d, not %d", past.Seed, d.plan.Seed)
	case past.Program != d.plan.Program:
		return fmt.Errorf("rounds: what is measured has changed since the file was begun (%s, now %s): measure anew", past.Program, d.plan.Program)
	}
	d.w.all.Write(past.text)
	maps.Copy(d.w.holds, past.holds)
	maps.Copy(d.w.units, past.units)
	d.w.results = past.Results
	d.round, d.whole, d.canaries, d.profiled = past.round, past.whole, past.canaries, past.Profiled
	if !past.ended && past.round > 0 {
		d.round, d.done = past.round-1, past.done
	}
	d.judge()
	return nil
}

func (d *driver) run(ctx context.Context) (err error) {
	if err := d.head(); err != nil {
		return err
	}
	if c := d.plan.Cleanup; c != nil { // also after a setup that failed or was stopped
		defer func() {
			o := execute(context.WithoutCancel(ctx), process{args: c, timeout: d.o.Timeout, grace: d.o.grace})
			if o.err != nil && err == nil {
				err = fmt.Errorf("rounds: the cleanup failed: %w\n%s", o.err, o.output)
			}
		}()
	}
	if s := d.plan.Setup; s != nil {
		o := d.o.execute(process{args: s, timeout: d.o.Timeout, grace: d.o.grace, stays: true})
		defer o.release() // what the setup started for the whole run
		if ctx.Err() != nil {
			return fmt.Errorf("rounds: stopped in the setup: %w", ctx.Err())
		}
		if o.err != nil {
			return fmt.Errorf("rounds: the setup failed: %w\n%s", o.err, o.output)
		}
	}
	if err := d.warmUp(ctx); err != nil {
		return err
	}
	for d.stop = d.enough(); d.stop == ""; d.stop = d.enough() {
		d.round++
		if err := d.measureRound(ctx); err != nil {
			return err
		}
		if err := d.profile(ctx, d.round); err != nil {
			return err
		}
	}
	if err := d.lastCanary(ctx); err != nil {
		return err
	}
	if d.o.Profiling != nil {
		if err := d.profile(ctx, d.o.Profiling.Rounds); err != nil {
			return err
		}
		d.judge()
	}
	return d.last(ctx)
}

// head writes the configuration before the first round.
func (d *driver) head() error {
	if err := d.configure(d.o.Environment); err != nil {
		return err
	}
	for _, s := range []Setting{{contract.KeySeed, strconv.FormatUint(d.plan.Seed, 10)}, {contract.KeyPlan, d.plan.Text}, {contract.KeyProgram, d.plan.Program}, {contract.KeySentinel, ""}, {contract.KeyCanary, ""}} {
		if err := d.w.set(s.Name, s.Value); err != nil {
			return err
		}
	}
	for _, s := range d.plan.Head {
		if d.o.Resume != nil && d.w.holds[s.Name] != "" {
			continue
		}
		if err := d.w.set(s.Name, s.Value); err != nil {
			return err
		}
	}
	return nil
}

// configure writes the configuration lines that a function writes.
func (d *driver) configure(from func(io.Writer) error) error {
	if from == nil {
		return nil
	}
	var text bytes.Buffer
	if err := from(&text); err != nil {
		return err
	}
	return d.w.environment(text.String())
}
