package bench

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"amdahl/bench/contract"
	"amdahl/bench/timeline"
	"amdahl/pools"
	"amdahl/workloads"
)

// A recordedCase measures one case with every task recorded, in this process and
// in worker processes, and adds up where its p·T(p) went. p is the number of
// workers in the case's name, whatever the strategy makes of it: see
// [timeline.Operation.Account].
type recordedCase struct {
	c    Case
	spec string   // tells worker processes to record, and where to leave it
	job  recorded // on watched cores
	dir  string   // where worker processes leave their records; "" if there are none

	alone timeline.Compute // of all tasks

	n     int64
	paid  time.Duration  // of n operations
	total contract.Parts // of n operations
	last  timeline.Operation
	parts contract.Parts // of the last one
}

// openRecorded opens the case's job once more, recorded. spec is that of the
// job. The caller must call Close.
func (r *Runner) openRecorded(ctx context.Context, c Case, spec string) (*recordedCase, error) {
	job, err := workloads.OpenWatched(spec)
	if err != nil {
		return nil, err
	}
	a := newRecordedCase(c, spec, job)
	if a.alone, err = r.aloneOf(ctx, a); err == nil && c.Strategy.Processes {
		a.dir, err = os.MkdirTemp("", "amdahl-why")
		a.spec = spec + traceKey + url.PathEscape(a.dir)
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// newRecordedCase records a job on watched cores.
func newRecordedCase(c Case, spec string, job workloads.OpenedJob) *recordedCase {
	lanes := c.Workers
	if c.Strategy.Concurrency == pools.Tasks {
		lanes = c.Tasks
	}
	return &recordedCase{c: c, spec: spec, total: contract.Parts{}, job: recorded{job, timeline.NewRecorder(lanes, c.Tasks)}}
}

// measure runs operations as [measure] does. Between them, while the timer is
// stopped, it gathers what was recorded.
func (a *recordedCase) measure(ctx context.Context, b *testing.B, pool pools.Pool, want uint64) (total pools.Usage, err error) {
	before, err := a.beginOperation(ctx, pool)
	if err != nil {
		return total, err
	}
	total.Counters = map[string]int64{}
	for b.Loop() {
		begin := timeline.Now()
		got, err := operation(ctx, a.c, a.job, pool, a.c.SerialTasks())
		end := timeline.Now()
		b.StopTimer()
		if err == nil && got != want {
			err = wrongSum(got, want)
		}
		if err != nil {
			return total, err
		}
		after, err := used(ctx, pool, a.job)
		if err != nil {
			return total, err
		}
		u := since(before, after)
		total.CPU += u.CPU
		for unit, n := range u.Counters {
			total.Counters[unit] += n
		}
		if err := a.endOperation(begin, end, waited(pool, a.c.Workers)); err != nil {
			return total, err
		}
		if before, err = a.beginOperation(ctx, pool); err != nil {
			return total, err
		}
		b.StartTimer()
	}
	return total, nil
}

// beginOperation forgets what was recorded so far, and returns what was used so far.
func (a *recordedCase) beginOperation(ctx context.Context, pool pools.Pool) (pools.Usage, error) {
	u, err := used(ctx, pool, a.job)
	if err == nil && a.dir != "" {
		_, err = timeline.Load(a.dir)
	}
	a.job.rec.Take()
	return u, err
}

// endOperation accounts for the operation that ran from begin to end. The
// records of worker processes are on disk by then: the processes write them when
// their counters are asked for. Of what the account calls dispatch, w is due to remote
// workers.
func (a *recordedCase) endOperation(begin, end int64, w networkWaits) error {
	c := a.c
	o := timeline.Operation{
		PID: os.Getpid(), Begin: begin, End: end, Total: c.Tasks, Serial: c.SerialTasks(),
		Workers: c.Workers, Processors: c.processors(), Computes: c.Strategy.Computes, Apart: c.Strategy.Processes, Dealt: c.Strategy.Dealt,
		Slowdown: c.Cores.Slowdown, One: c.Cores.One, Bounded: c.options().Procs > 0, Locked: c.Locked, Alone: a.alone,
	}
	records := []timeline.Record{a.job.rec.Take()}
	if a.dir != "" {
		there, err := timeline.Load(a.dir)
		if err != nil {
			return err
		}
		records = append(records, there...)
	}
	for _, r := range records {
		if r.Lost > 0 {
			return fmt.Errorf("bench: process %d did not record everything: %d marks more than fit: measure fewer tasks", r.PID, r.Lost)
		}
		o.Tasks = append(o.Tasks, r.Tasks...)
		o.GC += r.GC
	}
	parts, err := o.Account()
	if err != nil {
		return fmt.Errorf("bench: %s: %w", c.Name(), err)
	}
	w.take(parts)
	a.n++
	a.paid += o.Paid()
	a.total.Add(parts)
	a.last, a.parts = o, parts
	return nil
}

// processors is the number of processors that the tasks of a case can use at a time.
func (c Case) processors() int {
	switch {
	case c.Cores.Slowdown > 0:
		return c.Procs
	case c.Strategy.Processes:
		return runtime.NumCPU()
	}
	return min(runtime.NumCPU(), c.gomaxprocs())
}

// Close closes the job and removes what worker processes left.
func (a *recordedCase) Close() error {
	err := a.job.Close()
	if a.dir != "" {
		err = errors.Join(err, os.RemoveAll(a.dir))
	}
	return err
}

// report reports where the time of a case went as metrics, and adds its last
// operation to the timeline.
func (r *Runner) report(b *testing.B, a *recordedCase) error {
	if r.Why {
		for _, cause := range contract.Causes {
			if (cause == contract.Network || cause == contract.TaskQueue) && !a.c.Strategy.Remote {
				continue // there is none
			}
			b.ReportMetric(float64(a.total[cause])/float64(a.n), cause.Unit())
		}
		b.ReportMetric(float64(a.paid)/float64(a.n), contract.UnitPaid)
	}
	if r.Timeline == "" {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.trace == nil {
		f, err := os.Create(r.Timeline)
		if err != nil {
			return fmt.Errorf("bench: the timeline: %w", err)
		}
		r.trace = &trace{f, timeline.NewWriter(f)}
	}
	return r.trace.Write(string(a.c.Scaling)+"/"+a.c.Name(), a.last, a.parts)
}

// A trace is a timeline and its file.
type trace struct {
	file *os.File
	*timeline.Writer
}

// Close ends the file; there need not be one.
func (t *trace) Close() error {
	if t == nil {
		return nil
	}
	return errors.Join(t.Writer.Close(), t.file.Close())
}

// A recorded job records its tasks.
type recorded struct {
	workloads.OpenedJob
	rec *timeline.Recorder
}

func (j recorded) Do(ctx context.Context, i int) (uint64, error) {
	return j.rec.Do(ctx, i, j.OpenedJob.Do)
}

// traceKey is the last part of a spec that tells a worker process to record,
// and to leave what it recorded in this directory. It is no part of the specs
// that workloads know.
const traceKey = "/trace="

// openTask opens what a worker process runs.
func openTask(spec string) (pools.Task, error) {
	spec, escaped, trace := strings.Cut(spec, traceKey)
	if !trace {
		return workloads.Open(spec)
	}
	dir, err := url.PathUnescape(escaped)
	if err != nil {
		return nil, fmt.Errorf("bench: %s%s: %w", traceKey[1:], escaped, err)
	}
	job, err := workloads.OpenWatched(spec)
	if err != nil {
		return nil, err
	}
	return &recordedTask{recorded{job, timeline.NewRecorder(1, recordedTasks)}, dir}, nil
}

// recordedTasks is for how many tasks a worker process makes room beforehand;
// room for more is made when it is needed.
const recordedTasks = 1000

// A recordedTask is the job of a worker process, which records its tasks.
type recordedTask struct {
	recorded
	dir string
}

// Counters leaves what was recorded since the last time, if anything was. A
// record that cannot be left is missed by who measures: tasks are missing.
func (t *recordedTask) Counters() map[string]int64 {
	if r := t.rec.Take(); len(r.Tasks) > 0 || r.Lost > 0 {
		_ = r.Save(t.dir)
	}
	return t.recorded.Counters()
}
