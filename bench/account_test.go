package bench

import (
	"encoding/json"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"amdahl/bench/contract"
	"amdahl/bench/timeline"
	"amdahl/pools"
	"amdahl/workloads"
	"amdahl/workloads/cores"
)

// Under every strategy each case says where its time went, in parts that add
// up to what was paid, and its last operation is in the timeline.
func TestWhy(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	file := filepath.Join(t.TempDir(), "out.json")
	r := &Runner{Child: runner.Child, Why: true, Timeline: file}
	var cases []Case
	for _, w := range []workloads.Workload{workloads.Spin, workloads.Sleep} {
		for _, st := range Strategies {
			cases = append(cases, Case{Scaling: Strong, Workload: w, Size: 500, Strategy: st, Serial: 0.25, Workers: 2, Procs: 2, Tasks: 8, OneTasks: 8})
		}
	}
	cases = append(cases,
		Case{Scaling: Strong, Workload: workloads.Spin, Strategy: pools.Fixed, Cores: cores.GIL, Workers: 3, Procs: 2, Tasks: 8, OneTasks: 8},
		Case{Scaling: Strong, Workload: workloads.Spin, Strategy: pools.Fixed, Locked: 0.5, Workers: 2, Procs: 2, Tasks: 8, OneTasks: 8})
	for _, c := range cases {
		got := once(r, c)
		if got.N < 1 {
			t.Errorf("%s: it failed", c.Name())
			continue
		}
		sum, paid := 0.0, got.Extra[contract.UnitPaid]
		for _, cause := range contract.Causes {
			ns, ok := got.Extra[cause.Unit()]
			if (cause == contract.Network || cause == contract.TaskQueue) && !c.Strategy.Remote {
				ok = !ok // only remote workers have a network, and a queue on it
			}
			if !ok || ns < 0 {
				t.Errorf("%s: %s is %v, %v: want a time", c.Name(), cause.Unit(), ns, ok)
			}
			sum += ns
		}
		if math.Abs(sum-paid) > 1e-6*paid || paid <= 0 {
			t.Errorf("%s: the parts add up to %v ns, want %v", c.Name(), sum, paid)
		}
		if got.Extra["tasks/op"] != 8 {
			t.Errorf("%s: got %v tasks/op, want 8", c.Name(), got.Extra["tasks/op"])
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	empty(t, os.Getenv("TMPDIR"))
	ops := readTimeline(t, file)
	if len(ops) != len(cases) {
		t.Fatalf("got %d operations in the timeline, want %d", len(ops), len(cases))
	}
	for i, o := range ops {
		if want := "Strong/" + cases[i].Name(); o.name != want || o.tasks != 8 || o.serial != cases[i].SerialTasks() {
			t.Errorf("got %s with %d tasks, %d of them serial, want %s with 8 and %d", o.name, o.tasks, o.serial, want, cases[i].SerialTasks())
		}
		if st := cases[i].Strategy; o.computes != st.Computes || o.apart != st.Processes {
			t.Errorf("%s: %d tasks compute at a time, processes of their own %t, want what the strategy says: %d, %t", o.name, o.computes, o.apart, st.Computes, st.Processes)
		}
		if others := len(o.pids) > 1; others != cases[i].Strategy.Processes {
			t.Errorf("%s: tasks ran in %d processes", o.name, len(o.pids))
		}
	}
}

// A readOperation is what a timeline says of one.
type readOperation struct {
	name          string
	computes      int
	apart         bool
	tasks, serial int
	pids          map[float64]bool
}

func readTimeline(t *testing.T, file string) (ops []readOperation) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var events []struct {
		Cat, Name string
		Args      struct {
			Op       int
			Case     string
			Computes int
			Apart    bool
			Serial   bool
			PID      float64
		}
	}
	if err := json.Unmarshal(text, &events); err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		switch {
		case e.Cat == "operation" && e.Name == "operation":
			ops = append(ops, readOperation{name: e.Args.Case, computes: e.Args.Computes, apart: e.Args.Apart, pids: map[float64]bool{}})
		case e.Cat == "task":
			o := &ops[e.Args.Op]
			o.tasks++
			o.pids[e.Args.PID] = true
			if e.Args.Serial {
				o.serial++
			}
		}
	}
	return ops
}

func empty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		t.Errorf("%s is left in %s", f.Name(), dir)
	}
}

// Only what was asked for: metrics without a timeline, a timeline without
// metrics, and of neither a trace.
func TestWhyOrTimeline(t *testing.T) {
	file := filepath.Join(t.TempDir(), "out.json")
	c := Case{Scaling: Strong, Workload: workloads.Spin, Strategy: pools.Fixed, Workers: 1, Procs: 1, Tasks: 2, OneTasks: 2}
	for _, tt := range []struct {
		r             *Runner
		metrics, file bool
	}{
		{&Runner{}, false, false},
		{&Runner{Why: true}, true, false},
		{&Runner{Timeline: file}, false, true},
	} {
		got := once(tt.r, c)
		if err := tt.r.Close(); err != nil {
			t.Fatal(err)
		}
		_, metrics := got.Extra["useful-ns/op"]
		_, err := os.Stat(file)
		if got.N < 1 || metrics != tt.metrics || (err == nil) != tt.file {
			t.Errorf("Why %v, Timeline %q: got metrics %v, a file %v, want %v, %v", tt.r.Why, tt.r.Timeline, metrics, err == nil, tt.metrics, tt.file)
		}
	}
}

func TestTimelineNowhere(t *testing.T) {
	r := &Runner{Timeline: filepath.Join(t.TempDir(), "gone", "out.json")}
	defer r.Close()
	if got := once(r, Case{Scaling: Strong, Workload: workloads.Spin, Strategy: pools.Serial, Workers: 1, Procs: 1, Tasks: 1, OneTasks: 1}); got.N != 0 {
		t.Errorf("got %v, want a failure: there is no such directory", got)
	}
}

// A worker that is killed fails the case, and leaves nothing.
func TestWhyKilled(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("finds the worker in /proc")
	}
	t.Setenv("TMPDIR", t.TempDir())
	r := &Runner{Why: true}
	defer r.Close()
	done := make(chan struct{})
	over := make(chan struct{})
	go func() {
		defer close(done)
		for { // whenever the operation begins: a warm-up of 100 ms, 400 ms of tasks
			select {
			case <-over:
				return
			case <-time.After(200 * time.Millisecond):
			}
			for _, p := range children() {
				p.Kill()
			}
		}
	}()
	c := Case{Scaling: Strong, Workload: workloads.Sleep, Size: 100_000, Strategy: pools.Process, Workers: 2, Procs: 2, Tasks: 8, OneTasks: 8}
	got := once(r, c)
	for range 20 { // on a busy machine the killing may come late
		if got.N == 0 {
			break
		}
		got = once(r, c)
	}
	if got.N != 0 {
		t.Errorf("got %v, want a failure: a worker was killed", got)
	}
	close(over)
	<-done
	empty(t, os.Getenv("TMPDIR"))
}

// children are the processes that this one started, on Linux.
func children() (all []*os.Process) {
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	for _, list := range lists {
		text, _ := os.ReadFile(list)
		for pid := range strings.FieldsSeq(string(text)) {
			if n, err := strconv.Atoi(pid); err == nil {
				if p, err := os.FindProcess(n); err == nil {
					all = append(all, p)
				}
			}
		}
	}
	return all
}

// A worker process is told by its spec to record, and where to leave it.
func TestOpenTask(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a=b, c")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	spec := workloads.Spec(workloads.Sleep, workloads.Options{Size: 1})
	for _, tt := range []struct {
		spec, want string // an error, or ""
		tasks      int    // left
	}{
		{spec, "", 0},
		{spec + traceKey + url.PathEscape(dir), "", 1},
		{spec + traceKey + "%zz", "trace=%zz", 0},
		{"workload=none" + traceKey + url.PathEscape(dir), "unknown workload", 0},
	} {
		task, err := openTask(tt.spec)
		if tt.want != "" {
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: got %v, want %s", tt.spec, err, tt.want)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time there is nothing new
			if n := task.Counters()["slept-ns"]; n != 0 {
				t.Errorf("%s: got %d ns slept, want none", tt.spec, n)
			}
		}
		if _, err := task.Do(t.Context(), 3); err != nil {
			t.Fatal(err)
		}
		if n := task.Counters()["slept-ns"]; n == 0 {
			t.Errorf("%s: got no counter of the job", tt.spec)
		}
		got, err := timeline.Load(dir)
		if err != nil || len(got) != tt.tasks || tt.tasks == 1 && (len(got[0].Tasks) != 1 || got[0].Tasks[0].Index != 3) {
			t.Errorf("%s: got %v, %v, want a record of task 3: %d", tt.spec, got, err, tt.tasks)
		}
		if err := task.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestProcessors(t *testing.T) {
	n := runtime.NumCPU()
	for _, tt := range []struct {
		c    Case
		want int
	}{
		{Case{Strategy: pools.Fixed, Procs: 1}, 1},
		{Case{Strategy: pools.Fixed, Procs: 1000}, n},
		{Case{Strategy: pools.Process, Procs: 1}, n},
		{Case{Strategy: pools.Fixed, Cores: cores.SlowBy(32), Procs: 16}, 16},
	} {
		if got := tt.c.processors(); got != tt.want {
			t.Errorf("%s on %s, %d: got %d, want %d", tt.c.Strategy.Name, tt.c.cores(), tt.c.Procs, got, tt.want)
		}
	}
}
