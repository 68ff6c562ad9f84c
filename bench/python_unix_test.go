//go:build unix

package bench

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// endless makes the tasks of a pool last: a thread in which one waits for long
// could not be stopped, so it waits often.
const endless = `
import asyncio, os, threading, time, measure, workloads
parent, main = os.getpid(), threading.current_thread()
def do(self, i):
    if os.getpid() != parent or threading.current_thread() is not main:
        time.sleep(0.005)
    return i
workloads.Sleep.do = do
workloads.Sleep.do_async = lambda self, i: asyncio.sleep(60)
os._exit(measure.main())
`

// However it is stopped, no process is left, and what was printed stands.
func TestPythonStopped(t *testing.T) {
	for _, tt := range []struct{ strategy, tasks string }{{"threads", "4000"}, {"pool", "4000"}, {"asyncio", "10"}} {
		for _, how := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
			t.Run(tt.strategy+" "+how.String(), func(t *testing.T) {
				t.Parallel()
				cmd := python(t, "-c", endless, "--tasks", tt.tasks, "--serial", "0",
					"--only", "=sleep/strategy=python-(serial/.*=1|"+tt.strategy+"/.*=(2|10))$")
				cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
				r, w, err := os.Pipe()
				if err != nil {
					t.Fatal(err)
				}
				defer r.Close()
				cmd.Stdout, cmd.Stderr = w, w
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				defer syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
				w.Close()
				r.SetReadDeadline(time.Now().Add(10 * time.Minute))
				text := bufio.NewReader(r)
				line := ""
				for err == nil && !strings.Contains(line, "ns/op") {
					line, err = text.ReadString('\n')
				}
				if err != nil {
					t.Fatalf("no result: %v", err)
				}
				time.Sleep(300 * time.Millisecond) // so that the next case is under way
				group := cmd.Process.Pid
				if how == syscall.SIGINT {
					group = -group // as Ctrl-C does
				}
				if err := syscall.Kill(group, how); err != nil {
					t.Fatal(err)
				}
				// The pipe ends when the last process that could write to it is gone.
				rest, err := io.ReadAll(text)
				if err != nil {
					t.Errorf("a process is left: %v", err)
				}
				if err := cmd.Wait(); err == nil {
					t.Errorf("got exit status 0, want a failure")
				}
				if how != syscall.SIGKILL {
					if got := string(rest); got != "measure.py: interrupted\n" {
						t.Errorf("got %q, want that it was interrupted", got)
					}
					nothingLeft(t, cmd)
				}
			})
		}
	}
}

// playRounds runs rounds.sh with a program in place of the Go benchmarks.
func playRounds(t *testing.T, python, bench, count string) (out, said string, status int) {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("make needs bash: ", err)
	}
	stub := filepath.Join(t.TempDir(), "bench")
	if err := os.WriteFile(stub, []byte("#!/bin/sh\n"+bench), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "python/rounds.sh", count)
	cmd.Env = append(os.Environ(), "BENCH="+stub, "PYTHON="+python)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

// Without a Python its rows are skipped, and ours are there.
func TestPythonAbsent(t *testing.T) {
	old := filepath.Join(t.TempDir(), "python3")
	if err := os.WriteFile(old, []byte("#!/bin/sh\necho 3.6.15\nexit 3\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ python, why string }{
		{"python3-nowhere", "python3-nowhere: not found on PATH: install Python 3.8 or newer"},
		{old, "python3: this is Python 3.6.15: install Python 3.8 or newer, and name it with PYTHON="},
		{"false", "false: does not run: it says nothing"},
	} {
		want := ""
		for _, workload := range []string{"hash", "matrix", "sleep", "file"} {
			for _, strategy := range []string{"serial", "threads", "pool", "asyncio"} {
				want += "--- SKIP: BenchmarkStrong/workload=" + workload + "/strategy=python-" + strategy + "/serial=0.1/cores=real\n    " + tt.why + "\n"
			}
		}
		want += "round: 1\nBenchmarkA/workers=1 1 5 ns/op\nround: 2\nBenchmarkA/workers=1 1 5 ns/op\n"
		got, said, status := playRounds(t, tt.python, `echo "round: $6"; echo "BenchmarkA/workers=1 1 5 ns/op"; echo PASS`, "2")
		if got != want || status != 0 || !strings.Contains(said, "skipped Python: "+tt.why) {
			t.Errorf("%s: got status %d, %s\n%s\nwant status 0\n%s", tt.python, status, said, got, want)
		}
	}
}

// A round of our own that fails is told, and is no result.
func TestPythonRoundsFail(t *testing.T) {
	got, said, status := playRounds(t, "python3-nowhere", `echo "BenchmarkA 1 5 ns/op"; echo "--- SKIP: BenchmarkB"; echo "    no disk"; echo "--- FAIL: BenchmarkC"; echo "    it broke"; exit 1`, "1")
	_, got, _ = strings.Cut(got, "BenchmarkA")
	if want := " 1 5 ns/op\n--- SKIP: BenchmarkB\n    no disk\n"; got != want || status != 1 || !strings.Contains(said, "--- FAIL: BenchmarkC\n    it broke\n") {
		t.Errorf("got status %d, %s\n%s\nwant status 1, what failed, and\n%s", status, said, got, want)
	}
}

// With a Python its lines stand under the configuration of ours.
func TestPythonRounds(t *testing.T) {
	executable, why := findPython()
	if why != nil {
		t.Skip(why)
	}
	got, said, status := playRounds(t, executable, "", "0")
	if !strings.HasPrefix(got, "python: 3.") || status != 0 || said != "" {
		t.Errorf("got status %d, %s\n%s\nwant what Python it is", status, said, got)
	}
}
