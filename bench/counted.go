package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"

	"amdahl/bench/contract"
	"amdahl/bench/perf"
	"amdahl/pools"
)

// A Meter reads the hardware counters of this process: a [*perf.Counters].
type Meter interface {
	Read() (perf.Reading, error)
	Close() error
}

// hardware opens the real ones.
func hardware() (Meter, error) {
	c, err := perf.Open()
	if err != nil {
		return nil, err // and no Meter that holds a nil pointer
	}
	return c, nil
}

// OpenCounters opens hardware counters and writes the configuration line that
// says what they count, "user+kernel" or "user", or why there are none:
//
//	perf-counters: no: this machine offers no hardware counters …
//
// Then m is nil, and that is no error. An error is one of w, or of counters that
// break. The caller closes m.
func OpenCounters(w io.Writer, open func() (Meter, error)) (m Meter, err error) {
	m, err = open()
	if no, ok := errors.AsType[*perf.Error](err); ok {
		_, err := fmt.Fprintf(w, "%s: %s: %s\n", contract.KeyPerfCounters, contract.PerfNone, no.Reason)
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	r, err := m.Read()
	if err == nil {
		_, err = fmt.Fprintf(w, "%s: %s\n", contract.KeyPerfCounters, r.Kernel())
	}
	if err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

// Units of the counters, in the form of benchmark metrics.
const (
	instructionsUnit = contract.Instructions
	cyclesUnit       = contract.Cycles
	unreadUnit       = "unread" // worker processes whose counters broke; never printed
)

// counted is the mark of a spec whose worker processes count.
const counted = "counted:"

// start starts the pool of a case, with counters if there are some.
func (r *Runner) start(ctx context.Context, c Case, job pools.Job) (pools.Pool, error) {
	open := c.Strategy.Open
	if c.Strategy.Remote {
		open = r.openRemote(c)
	}
	if r.Perf == nil {
		return open(ctx, c.Workers, job)
	}
	job.Spec = counted + job.Spec
	p, err := open(ctx, c.Workers, job)
	if err != nil {
		return nil, err
	}
	return &countedPool{p, r.Perf}, nil
}

// A countedPool is a pool whose usage includes what the hardware counted in this
// process, beside what its workers say of other processes.
type countedPool struct {
	pools.Pool
	meter Meter
}

func (p *countedPool) Usage(ctx context.Context) (u pools.Usage, err error) {
	if m, ok := p.Pool.(pools.Metered); ok {
		if u, err = m.Usage(ctx); err != nil {
			return u, err
		}
	}
	if n := u.Counters[unreadUnit]; n > 0 {
		return u, fmt.Errorf("bench: %d worker processes could not read their hardware counters: measure without -perf", n)
	}
	r, err := p.meter.Read()
	if err != nil {
		return u, fmt.Errorf("bench: %w", err)
	}
	if u.Counters == nil {
		u.Counters = map[string]int64{}
	}
	u.Counters[instructionsUnit] += int64(r.Instructions)
	u.Counters[cyclesUnit] += int64(r.Cycles)
	return u, nil
}

// openCounted opens what a worker process runs, with counters of its own if the
// spec is marked so.
func openCounted(spec string, meter func() (Meter, error), task func(spec string) (pools.Task, error)) (pools.Task, error) {
	spec, count := strings.CutPrefix(spec, counted)
	t, err := task(spec)
	if err != nil || !count {
		return t, err
	}
	m, err := meter()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("bench: a worker process has no hardware counters, though its parent has: %w", err), t.Close())
	}
	return &countedTask{t, m}, nil
}

// A countedTask is a task whose counters include those of the hardware.
type countedTask struct {
	pools.Task
	meter Meter
}

func (t *countedTask) Counters() map[string]int64 {
	all := map[string]int64{}
	maps.Copy(all, t.Task.Counters())
	r, err := t.meter.Read()
	if err != nil {
		all[unreadUnit] = 1
		return all
	}
	all[instructionsUnit], all[cyclesUnit] = int64(r.Instructions), int64(r.Cycles)
	return all
}

func (t *countedTask) Close() error { return errors.Join(t.Task.Close(), t.meter.Close()) }
