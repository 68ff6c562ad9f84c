package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"amdahl/bench/perf"
	"amdahl/pools"
	"amdahl/workloads"
)

// A dial is a meter that moves by the same amount at every reading.
type dial struct {
	instructions, cycles uint64 // at each reading
	user                 bool
	broken               error
	readings, closed     int
}

func (d *dial) Read() (perf.Reading, error) {
	d.readings++
	n := uint64(d.readings)
	return perf.Reading{Instructions: n * d.instructions, Cycles: n * d.cycles, UserOnly: d.user, Running: 1}, d.broken
}

func (d *dial) Close() error { d.closed++; return nil }

func (d *dial) open() (Meter, error) { return d, nil }

func TestOpenCounters(t *testing.T) {
	broken := errors.New("broken")
	none := func(err error) func() (Meter, error) { return func() (Meter, error) { return nil, err } }
	tests := []struct {
		name string
		open func() (Meter, error)
		line string
		ok   bool
		err  error
	}{
		{"everything", (&dial{}).open, "perf-counters: user+kernel\n", true, nil},
		{"user code", (&dial{user: true}).open, "perf-counters: user\n", true, nil},
		{"none", none(&perf.Error{Reason: "a virtual machine"}), "perf-counters: no: a virtual machine\n", false, nil},
		{"fails", none(broken), "", false, broken},
		{"breaks", (&dial{broken: broken}).open, "", false, broken},
	}
	for _, tt := range tests {
		var b strings.Builder
		m, err := OpenCounters(&b, tt.open)
		if b.String() != tt.line || (m != nil) != tt.ok || !errors.Is(err, tt.err) {
			t.Errorf("%s: got %q, %v, %v, want %q, %v, %v", tt.name, &b, m, err, tt.line, tt.ok, tt.err)
		}
	}
	// On this machine either is right, and nothing else.
	var b strings.Builder
	m, err := OpenCounters(&b, hardware)
	if err != nil || strings.Count(b.String(), "\n") != 1 || (m == nil) != strings.HasPrefix(b.String(), "perf-counters: no: ") {
		t.Errorf("here: got %q, %v, %v, want a line that says which it is", &b, m, err)
	}
	if m != nil {
		m.Close()
	}
}

// The flag writes the line among the configuration; without it there is none.
func TestPerfFlag(t *testing.T) {
	for _, args := range [][]string{{"-perf"}, nil} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], append(args, "-test.bench", "NoSuchBenchmark")...)
		out, err := cmd.CombinedOutput()
		if got := strings.Count(string(out), "\nperf-counters: "); err != nil || got != len(args) || !strings.Contains(string(out), "\ngo: ") {
			t.Errorf("%v: got %d lines in %q, %v, want %d", args, got, out, err, len(args))
		}
	}
}

// outside is a strategy with workers that have counters of their own, as worker
// processes have: each is opened from the spec that they get.
func outside(t *testing.T, meters ...*dial) pools.Strategy {
	return pools.Strategy{Name: "process", Concurrency: pools.Workers, Processes: true,
		Open: func(_ context.Context, workers int, job pools.Job) (pools.Pool, error) {
			if workers != len(meters) {
				t.Errorf("got %d workers, want %d", workers, len(meters))
			}
			p := &countingPool{}
			for _, m := range meters {
				task, err := openCounted(job.Spec, m.open, openPlain)
				if err != nil {
					return nil, err
				}
				p.all = append(p.all, task)
			}
			return p, nil
		}}
}

type countingPool struct{ all []pools.Task }

func (p *countingPool) Run(ctx context.Context, lo, hi int) (sum uint64, err error) {
	for i := lo; i < hi && err == nil; i++ {
		var s uint64
		s, err = p.all[i%len(p.all)].Do(ctx, i)
		sum += s
	}
	return sum, err
}

func (p *countingPool) Usage(context.Context) (pools.Usage, error) {
	u := pools.Usage{Counters: map[string]int64{}}
	for _, t := range p.all {
		for unit, n := range t.Counters() {
			u.Counters[unit] += n
		}
	}
	return u, nil
}

func (p *countingPool) Close() error {
	var errs []error
	for _, t := range p.all {
		errs = append(errs, t.Close())
	}
	return errors.Join(errs...)
}

func openPlain(spec string) (pools.Task, error) { return workloads.Open(spec) }

func smallest(st pools.Strategy, w workloads.Workload, workers int) Case {
	return Case{Scaling: Strong, Workload: w, Strategy: st, Workers: workers, Procs: workers, Tasks: 4, OneTasks: 4, Size: 1}
}

// The counts of this process and of all workers are metrics of the operation,
// beside what the workload counts.
func TestCounted(t *testing.T) {
	a, b := &dial{instructions: 1000, cycles: 500}, &dial{instructions: 30, cycles: 7}
	tests := []struct {
		name                 string
		c                    Case
		perf                 Meter
		instructions, cycles float64
		ok                   bool
	}{
		{"off", smallest(pools.Fixed, workloads.Sleep, 2), nil, 0, 0, false},
		{"off, with workers", smallest(outside(t, a, b), workloads.Sleep, 2), nil, 0, 0, false},
		{"goroutines", smallest(pools.Fixed, workloads.Sleep, 2), &dial{instructions: 200, cycles: 100}, 200, 100, true},
		{"workers", smallest(outside(t, a, b), workloads.Sleep, 2), &dial{instructions: 200, cycles: 100}, 1230, 607, true},
	}
	for _, tt := range tests {
		r := &Runner{Child: runner.Child, Perf: tt.perf}
		got := once(r, tt.c)
		_, ok := got.Extra["instructions/op"]
		if got.N != 1 || ok != tt.ok || got.Extra["instructions/op"] != tt.instructions || got.Extra["cycles/op"] != tt.cycles || got.Extra["slept-ns/op"] == 0 {
			t.Errorf("%s: got %v, want %v instructions and %v cycles beside what was slept", tt.name, got.Extra, tt.instructions, tt.cycles)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if a.closed != 1 || b.closed != 1 {
		t.Errorf("the workers' counters were closed %d and %d times, want once each", a.closed, b.closed)
	}
}

// A count that lacks a worker is no result.
func TestUncounted(t *testing.T) {
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		st   pools.Strategy
		perf *dial
	}{
		"a worker": {outside(t, &dial{}, &dial{broken: broken}), &dial{}},
		"parent":   {outside(t, &dial{}, &dial{}), &dial{broken: broken}},
	} {
		r := &Runner{Child: runner.Child, Perf: c.perf}
		if got := once(r, smallest(c.st, workloads.Hash, 2)); got.N != 0 {
			t.Errorf("%s: got %v, want a failure", name, got)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	spec := workloads.Spec(workloads.Hash, workloads.Options{Size: 1})
	_, err := openCounted(counted+spec, func() (Meter, error) { return nil, &perf.Error{Reason: "too many files"} }, openPlain)
	if !errors.Is(err, perf.ErrUnsupported) || !strings.Contains(fmt.Sprint(err), "too many files") {
		t.Errorf("got %v, want the reason", err)
	}
}
