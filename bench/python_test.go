package bench

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/perf/benchfmt"

	"amdahl/workloads"
)

// python is a command of the Python that measures, in bench/python. It writes
// no bytecode, and is ended after ten minutes: a pool that hangs fails.
func python(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	executable, why := findPython()
	if why != nil {
		t.Skip(why)
	}
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
	t.Cleanup(stop)
	cmd := exec.CommandContext(ctx, executable, append([]string{"-B"}, args...)...)
	cmd.Dir = "python"
	cmd.WaitDelay = time.Minute
	cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
	return cmd
}

// findPython finds the interpreter itself, whatever starts it, or says why
// there is none.
var findPython = sync.OnceValues(func() (executable string, why error) {
	name := cmp.Or(os.Getenv("PYTHON"), "python3")
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Minute)
	defer stop()
	out, err := exec.CommandContext(ctx, name, "-c", "import sys; print(sys.executable if sys.version_info >= (3, 8) else '')").Output()
	executable = strings.TrimSpace(string(out))
	switch {
	case err != nil:
		return "", fmt.Errorf("no Python to compare with: %w: install Python 3.8 or newer", err)
	case executable == "":
		return "", fmt.Errorf("no Python to compare with: %s is too old: install Python 3.8 or newer", name)
	}
	return executable, nil
})

// said runs a command that must succeed and complain of nothing.
func said(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%v: %s%s", err, out, &stderr)
	}
	return string(out)
}

// Every task gives the same number in Python as in Go.
func TestPythonNumbers(t *testing.T) {
	var wants, asked []string
	for _, tt := range []struct {
		workload    string
		size, tasks int
		seed        uint64
	}{
		{"hash", 256 << 10, 3, 1},
		{"hash", 1, 2, 2},
		{"hash", 1021, 2, 1<<64 - 1},
		{"matrix", 64, 3, 1},
		{"matrix", 1, 2, 1},
		{"matrix", 7, 3, 1<<64 - 1},
		{"sleep", 1, 3, 1},
		{"sleep", 1, 3, 1<<64 - 1},
		{"file", 4096, 3, 1},
		{"file", 13, 2, 7},
	} {
		w, err := workloads.Find(tt.workload)
		if err != nil {
			t.Fatal(err)
		}
		job, err := w.Open(workloads.Options{Size: tt.size, Seed: tt.seed, Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		for i := range tt.tasks {
			n, err := job.Do(t.Context(), i)
			if err != nil {
				t.Fatal(err)
			}
			ask := fmt.Sprintf("%s %d %d %d", tt.workload, tt.seed, tt.size, i)
			asked = append(asked, ask)
			wants = append(wants, fmt.Sprintf("%s: %#x", ask, n))
		}
		if err := job.Close(); err != nil {
			t.Error(err)
		}
	}
	cmd := python(t, "-c", `
import sys, workloads
for line in sys.stdin:
    name, seed, size, i = line.split()
    w = {w.name: w for w in workloads.ALL}[name](int(seed), int(size))
    numbers = {w.do(int(i)), w.do(int(i))}
    w.close()
    print("%s: %s" % (line.strip(), ", ".join(map(hex, numbers))))
`)
	cmd.Stdin = strings.NewReader(strings.Join(asked, "\n"))
	got := strings.Split(strings.TrimSpace(said(t, cmd)), "\n")
	if len(got) != len(wants) {
		t.Fatalf("got %d numbers, want %d: %v", len(got), len(wants), got)
	}
	for i := range wants {
		if got[i] != wants[i] {
			t.Errorf("Python says %s, want %s", got[i], wants[i])
		}
	}
}

// The sizes that Python measures are ours.
func TestPythonSizes(t *testing.T) {
	got := said(t, python(t, "-c", `
import workloads
for w in workloads.ALL:
    print(w.name, w.size, "waiting" if w.waits else "processors")
`))
	want := ""
	for _, w := range []workloads.Workload{workloads.Hash, workloads.Matrix, workloads.Sleep, workloads.File} {
		bound := map[workloads.Bound]string{workloads.CPU: "processors", workloads.IO: "waiting"}[w.Bound]
		want += fmt.Sprintln(w.Name, w.Size, bound)
	}
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The cases plant the same share as ours do, at the levels the comparison needs.
func TestPythonCases(t *testing.T) {
	got := said(t, python(t, "-c", `
import argparse, measure
for quick in (False, True):
    for c in measure.cases(argparse.Namespace(tasks=0, serial=0.1, quick=quick, only="(hash|sleep)")):
        print(measure.name(c), c.tasks, c.serial)
`))
	line := func(workload, strategy string, tasks int, levels ...int) (s string) {
		for _, n := range levels {
			s += fmt.Sprintf("BenchmarkStrong/workload=%s/strategy=python-%s/serial=0.1/cores=real/workers=%d %d %d\n", workload, strategy, n, tasks, tasks/10)
		}
		return s
	}
	want := ""
	for _, waiting := range [][]int{{1, 2, 4, 8, 16, 32, 64}, {1, 4, 16, 64}} {
		want += line("hash", "serial", 640, 1) + line("hash", "threads", 640, 1, 2, 4) + line("hash", "pool", 640, 1, 2, 4) + line("hash", "asyncio", 640, 1) +
			line("sleep", "serial", 70, 1) + line("sleep", "threads", 70, waiting...) + line("sleep", "pool", 70, waiting...) + line("sleep", "asyncio", 70, 63)
	}
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if out, err := python(t, "measure.py", "--tasks", "64").CombinedOutput(); err == nil || !strings.Contains(string(out), "0.1 of 64 tasks is no whole number") {
		t.Errorf("got %v, %s: want what is wrong with 64 tasks", err, out)
	}
}

// What a round prints is benchmark text, a result for every case, and nothing
// is left on the disk, as the system starts processes and as all systems can.
func TestPythonText(t *testing.T) {
	const some = "=(hash|sleep|file)/.*=(1|2|9)$|=matrix/.*=2$"
	for _, tt := range []struct {
		start, only string
		program     []string
		want        int // results
	}{
		// Hash at 1, 1 2, 1 2, 1 workers; sleep and file at 1, 1 2, 1 2, 9; matrix at 2, 2.
		{"", some, []string{"measure.py"}, 20},
		{"spawn", "=(hash|file)/strategy=python-pool/.*=2$", []string{"-c", "import multiprocessing, sys, measure; multiprocessing.set_start_method('spawn'); sys.exit(measure.main())"}, 2},
	} {
		t.Run(tt.start, func(t *testing.T) {
			args := append([]string{"-W", "error"}, tt.program...)
			cmd := python(t, append(args, "--round", "3", "--seed", "5", "--tasks", "10", "--only", tt.only)...)
			out := said(t, cmd)
			config, names := map[string]string{}, map[string]bool{}
			for r := benchfmt.NewReader(strings.NewReader(out), "python"); r.Scan(); {
				res, ok := r.Result().(*benchfmt.Result)
				if !ok {
					t.Errorf("got %v, want a result", r.Result())
					continue
				}
				for _, c := range res.Config {
					config[c.Key] = string(c.Value)
				}
				base, _ := res.Name.Parts()
				names[string(res.Name.Full())] = true
				if !strings.HasPrefix(string(base), "Strong") {
					t.Errorf("got %s, want BenchmarkStrong", res.Name)
				}
				for _, unit := range []string{"sec/op", "cpu-sec/op", "tasks/op"} {
					if v, ok := res.Value(unit); !ok || v <= 0 || unit == "tasks/op" && v != 10 {
						t.Errorf("%s: got %v %s, want some, and 10 tasks", res.Name, v, unit)
					}
				}
			}
			if got := len(names); got != tt.want {
				t.Errorf("got %d results, want %d:\n%s", got, tt.want, out)
			}
			if config["round"] != "3" || config["python"] == "" || config["python-implementation"] == "" || config["python-gil"] == "" {
				t.Errorf("got configuration %v, want round 3 and what Python it is", config)
			}
			if got := config["python-start-method"]; got == "" || tt.start != "" && got != tt.start {
				t.Errorf("got start method %q, want %q", got, tt.start)
			}
			nothingLeft(t, cmd)
		})
	}
}

// nothingLeft looks at where a command of python puts its files, and where it
// must not.
func nothingLeft(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	scratch := strings.TrimPrefix(cmd.Env[len(cmd.Env)-1], "TMPDIR=")
	for _, pattern := range []string{filepath.Join(scratch, "amdahl-*"), "python/__pycache__"} {
		left, err := filepath.Glob(pattern)
		if err != nil || len(left) > 0 {
			t.Errorf("got %v, %v: want nothing left", left, err)
		}
	}
}

// A task that is not what it was, a worker that dies and a Python without
// semaphores each give their own message; the other cases are measured.
func TestPythonFails(t *testing.T) {
	const begin = "import os, sys, measure, pools, workloads\n"
	for _, tt := range []struct{ name, change, only, says string }{
		{"wrong sum", "workloads.Sleep.do = lambda self, i, calls=[0]: calls.append(0) or len(calls)",
			"=(hash|sleep)/strategy=python-serial", "workload=sleep/strategy=python-serial/serial=0.1/cores=real/workers=1: ValueError: sum 0x"},
		{"killed", "pools.PATIENCE = 1; parent = os.getpid(); workloads.Sleep.do = lambda self, i: os._exit(9) if os.getpid() != parent else i",
			"=sleep/strategy=python-(serial|pool)/.*=1$", "strategy=python-pool/serial=0.1/cores=real/workers=1: TimeoutError"},
		{"no semaphores", "sys.modules['_multiprocessing'] = None",
			"=sleep/strategy=python-(serial|pool)/.*=1$", "--- SKIP: BenchmarkStrong/workload=sleep/strategy=python-pool/serial=0.1/cores=real\n    python"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cmd := python(t, "-c", begin+tt.change+"\nos._exit(measure.main())", "--tasks", "10", "--only", tt.only)
			out, err := cmd.CombinedOutput()
			if failed := err != nil; failed == strings.HasPrefix(tt.says, "---") {
				t.Errorf("got %v: a failure fails, and what cannot be measured does not", err)
			}
			if !strings.Contains(string(out), tt.says) || !strings.Contains(string(out), " ns/op") {
				t.Errorf("got\n%s\nwant %s, and another result", out, tt.says)
			}
		})
	}
}
