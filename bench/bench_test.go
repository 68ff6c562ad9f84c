package bench

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"amdahl/pools"
	"amdahl/workloads"
	"amdahl/workloads/cores"
)

func TestCases(t *testing.T) {
	for _, cpus := range []int{1, 2, 6, 16, 64} {
		for _, s := range []Scaling{Strong, Weak} {
			for _, sweep := range Sweeps {
				cases, err := Plan{Serial: 0.1, CPUs: cpus, Sweep: sweep}.Cases(s)
				if err != nil {
					t.Fatalf("%d CPUs, %s: %v", cpus, s, err)
				}
				seen := map[string]bool{}
				for _, c := range cases {
					if seen[c.Name()] {
						t.Errorf("%s stands twice", c.Name())
					}
					seen[c.Name()] = true
					// The planted fraction of the one-worker job is exact.
					whole := c.Workload.Whole || c.Workload.Lengths != ""
					if got := float64(c.SerialTasks()) / float64(c.OneTasks); got != c.Serial || c.Serial != 0.1 && !whole && (sweep == "full" || sweep == "quick") || c.Serial != 0 && whole {
						t.Errorf("%s: %v of the tasks are serial, want %v", c.Name(), got, c.Serial)
					}
					if !strings.HasSuffix(c.Name(), fmt.Sprintf("/workers=%d", c.Workers)) {
						t.Errorf("%s: workers= does not stand last", c.Name())
					}
				}
			}
		}
	}
}

func TestLevels(t *testing.T) {
	tests := []struct {
		cpus               int
		model              cores.Model
		workload, strategy string
		want               string
	}{
		{2, cores.GIL, "hash", "fixed", "[1 2 4 8]"}, // threads under a lock need no processors
		{2, cores.GIL, "hash", "process", "[1 2]"},
		{2, cores.GIL, "sleep", "fixed", "[1 2 4 8 16 32 64]"},
		{2, cores.SlowBy(32), "hash", "fixed", "[1 2 4 8 16 32]"},
		{2, cores.SlowBy(32), "sleep", "process", "[1 2 4 8 16 32]"},
		{2, cores.Real, "hash", "eventloop", "[1]"},
		{2, cores.Real, "sleep", "eventloop", "[63]"},
		{2, cores.Real, "hash", "serial", "[1]"},
		{2, cores.Real, "hash", "spawn", "[1 2]"},
		{6, cores.Real, "hash", "fixed", "[1 2 4 6]"},
		{8, cores.Real, "matrix", "process", "[1 2 4 8]"},
		{1, cores.Real, "hash", "fixed", "[1]"},
		{2, cores.Real, "sleep", "fixed", "[1 2 4 8 16 32 64]"},
		{2, cores.Real, "sleep", "serial", "[1]"},
		{2, cores.Real, "sleep", "spawn", "[63]"}, // 70 tasks, 7 of them serial: the rest all at once
	}
	for _, tt := range tests {
		w, err := workloads.Find(tt.workload)
		if err != nil {
			t.Fatal(err)
		}
		st, err := pools.Find(tt.strategy)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(Plan{Serial: 0.1, CPUs: tt.cpus}.levels(tt.model, w, st, Strong)); got != tt.want {
			t.Errorf("%d CPUs, %s, %s: got %s, want %s", tt.cpus, tt.workload, tt.strategy, got, tt.want)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		p    Plan
		want string
	}{
		{Plan{Serial: 0.1, CPUs: 2, Tasks: 64}, "serial=0.1 of 64 tasks is 6.4"},
		{Plan{Serial: 2, CPUs: 2}, "a fraction from 0 to 1"},
		{Plan{Serial: 0.5, CPUs: 2, Tasks: -2}, "start at 1"},
	} {
		if _, err := tt.p.Cases(Strong); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: got %v, want %s", tt.p, err, tt.want)
		}
	}
}

// Every workload under every strategy gives the right sum, in a benchmark of
// one operation.
func TestRunner(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every workload under every strategy; -short")
	}
	r := &Runner{Child: runner.Child}
	defer func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}()
	for i, w := range workloads.All {
		if why := w.Needs(""); why != "" && len(w.Variants) == 0 {
			t.Log(w.Name+":", why)
			continue
		}
		for _, st := range Strategies {
			if raceEnabled && st.Processes && st.Remote != (i%2 == 0) {
				continue // slow to start: each workload in one kind of process
			}
			c := Case{Scaling: Strong, Workload: w, Strategy: st, Serial: 0.5, Workers: 2, Procs: 2, Tasks: 4, OneTasks: 4}
			if w.Lengths != "" {
				c.Serial = 0
			}
			if raceEnabled {
				c.Size = w.TestSize
			}
			if got := once(r, c); got.N < 1 || got.Extra["tasks/op"] != 4 {
				t.Errorf("%s: got %v, want a benchmark of 4 tasks", c.Name(), got)
			}
		}
	}
}

// once runs a case as a benchmark of one operation.
func once(r *Runner, c Case) testing.BenchmarkResult {
	benchtime := flag.Lookup("test.benchtime").Value
	before := benchtime.String()
	defer benchtime.Set(before)
	benchtime.Set("1x")
	return testing.Benchmark(func(b *testing.B) { r.Run(context.Background(), b, c) })
}

// A task that changes between two runs is found out.
func TestWrongSum(t *testing.T) {
	w := workloads.Sleep
	job := &changing{}
	key := workloads.Spec(w, workloads.Options{})
	r := &Runner{
		works: map[string]*work{key: {reference: job, release: func() error { return nil }}},
		jobs:  map[string]workloads.OpenedJob{workloads.Spec(w, workloads.Options{CoresName: "real"}): job},
	}
	c := Case{Scaling: Strong, Workload: w, Strategy: pools.Serial, Workers: 1, Procs: 1, Tasks: 3, OneTasks: 3}
	if got := once(r, c); got.N != 0 {
		t.Errorf("got %v, want a failure", got)
	}
}

type changing struct{ calls atomic.Uint64 }

func (c *changing) Do(context.Context, int) (uint64, error) { return c.calls.Add(1), nil }
func (c *changing) Counters() map[string]int64              { return nil }
func (c *changing) Close() error                            { return nil }
