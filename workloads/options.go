package workloads

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"amdahl/workloads/cores"
)

// Open makes the job in this process. It checks the options and puts in the
// defaults; an error names the workload. The cost of Open is not measured.
func (w Workload) Open(o Options) (Job, error) {
	job, err := w.open(o)
	if err != nil {
		return nil, fmt.Errorf("workloads: %s: %w", w.Name, err)
	}
	return job, nil
}

func (w Workload) open(o Options) (Job, error) {
	o, err := w.settle(o)
	if err != nil {
		return nil, err
	}
	if o.Cores, err = o.openCores(); err != nil {
		return nil, err
	}
	job, err := w.New(o)
	if err != nil {
		return nil, err
	}
	return lockJob(job, o.Locked)
}

// Prepare makes what all processes share, and notes it and the defaults in the
// options. They then hold everything that Open needs, here or in another
// process. The process that measures calls Prepare once; release undoes it.
func (w Workload) Prepare(ctx context.Context, o *Options) (release func() error, err error) {
	p, err := w.settle(*o)
	if err == nil && w.Share != nil {
		release, err = w.Share(ctx, &p)
	}
	if err != nil {
		return nil, fmt.Errorf("workloads: %s: %w", w.Name, err)
	}
	*o = p
	if release == nil {
		release = func() error { return nil }
	}
	return release, nil
}

// Needs says why a variant ("" where there are none) cannot run on this machine,
// and what to do about it; "" if it can.
func (w Workload) Needs(variant string) string {
	if w.Missing == nil {
		return ""
	}
	return w.Missing(variant)
}

// complete puts the defaults of size, seed and variant in o.
func (w Workload) complete(o Options) Options {
	o.Size, o.Seed = cmp.Or(o.Size, w.Size), cmp.Or(o.Seed, 1)
	if len(w.Variants) > 0 {
		o.Variant = cmp.Or(o.Variant, w.Variants[0])
	}
	return o
}

// settle puts the defaults in o and checks it.
func (w Workload) settle(o Options) (Options, error) {
	o = w.complete(o)
	if o.Size < 1 || o.Size > w.MaxSize {
		return o, fmt.Errorf("size %d is out of range: want 1 to %d %s", o.Size, w.MaxSize, w.SizeUnit)
	}
	if o.Variant != "" && !slices.Contains(w.Variants, o.Variant) {
		if len(w.Variants) == 0 {
			return o, fmt.Errorf("variant=%s: this workload has one kind only", o.Variant)
		}
		return o, fmt.Errorf("unknown variant %q: want one of %s", o.Variant, strings.Join(w.Variants, ", "))
	}
	if o.Procs < 0 {
		return o, fmt.Errorf("procs=%d: want a number of cores, 0 for no bound", o.Procs)
	}
	if _, _, err := LockParts(o.Locked); err != nil {
		return o, err
	}
	var err error
	o.Skew, err = w.checkSkew(o)
	return o, err
}

// openCores returns the cores of o, real ones if it has none. Real cores need
// no Close.
func (o Options) openCores() (cores.Cores, error) {
	switch {
	case o.Cores != nil:
		return o.Cores, nil
	case o.CoresName == "" || o.CoresName == cores.Real.Name:
		return cores.Real.Open(o.Procs)
	}
	return nil, fmt.Errorf("cores=%s is named but not open: set Options.Cores too, or call workloads.Open with the spec", o.CoresName)
}

// compute runs f on c, unless ctx has ended. It returns the error of ctx, of
// c or of f. What f fills is complete when compute returns.
func compute(ctx context.Context, c cores.Cores, f func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var failed error
	if err := c.Compute(ctx, func() { failed = f() }); err != nil {
		return err
	}
	return failed
}

// taskError says which task failed, and passes on an end of ctx as it is.
func taskError(ctx context.Context, workload string, i int, err error) error {
	if end := ctx.Err(); end != nil {
		return end
	}
	return fmt.Errorf("workloads: %s: task %d: %w", workload, i, err)
}
