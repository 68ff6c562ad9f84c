package procpool

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	// Limits that a healthy party must keep are long, here and in workers: a busy machine
	// may take anything for a while. Tests that wait for such a limit set their own.
	errorTime = limitOf(errorTimeVariable)
	killTime = enough
	ServeIfWorker()
	flag.Set("test.parallel", "4") // most tests wait
	if name := os.Getenv("PROCPOOL_TEST_PARENT"); name != "" {
		os.Unsetenv("PROCPOOL_TEST_PARENT")
		parents[name]()
		return
	}
	dir, err := os.MkdirTemp("", "procpool-gates-")
	if err != nil {
		panic(err)
	}
	os.Setenv(gatesVariable, dir)
	os.Setenv("GORACE", "atexit_sleep_ms=0") // or a program that a test starts takes a second to end
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// enough is how long a test waits for what must come. It is reached only by a failure.
const enough = 2 * time.Minute

// errorTimeVariable sets errorTime in the workers of a pool whose Options.Env has it.
const errorTimeVariable = "PROCPOOL_TEST_ERROR_TIME"

// limitOf is the duration in a variable of the environment, or enough.
func limitOf(variable string) time.Duration {
	if d, err := time.ParseDuration(os.Getenv(variable)); err == nil {
		return d
	}
	return enough
}

// The transports that there are here, and those with processes.
var (
	processes  = transports()
	everywhere = append(slices.Clip(processes), Goroutines)
)

func transports() []Transport {
	switch {
	case ringSize > 0:
		return []Transport{Ring, Pipe}
	case runtime.GOOS == "js" || runtime.GOOS == "wasip1" || runtime.GOOS == "plan9":
		return nil
	}
	return []Transport{Pipe}
}

// begin starts a pool that ends with the test. Unless o says otherwise it has 2 workers,
// which may take as long as a busy machine needs to start, to obey and to end.
func begin(t testing.TB, tr Transport, o Options) *Pool {
	t.Helper()
	o.Transport = tr
	if o.Stderr == nil {
		o.Stderr = io.Discard
	}
	if o.Workers == 0 {
		o.Workers = 2
	}
	if o.Grace == 0 {
		o.Grace = enough
	}
	if o.StartTime == 0 {
		o.StartTime = enough
	}
	p, err := Start(t.Context(), o)
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() {
		p.Terminate()
		ended := make(chan struct{})
		go func() { defer close(ended); p.Close() }()
		select {
		case <-ended:
		case <-time.After(enough): // guardTest says what is left
		}
	})
	return p
}

// watch gives a test a deadline.
func watch(t *testing.T, limit time.Duration) {
	watchdog := time.AfterFunc(limit, func() {
		buf := make([]byte, 1<<20)
		panic(fmt.Sprintf("%s hangs:\n%s", t.Name(), buf[:runtime.Stack(buf, true)]))
	})
	t.Cleanup(func() { watchdog.Stop() })
}

// guardTest checks that a test ends, and that it leaves nothing behind. Call it first.
func guardTest(t *testing.T) {
	t.Helper()
	watch(t, 10*time.Minute)
	before := traces()
	t.Cleanup(func() {
		var after map[string]int
		for deadline := time.Now().Add(enough); time.Now().Before(deadline); {
			left := false
			after = traces()
			for k, n := range after {
				left = left || n > before[k]
			}
			if !left {
				return
			}
			runtime.GC()
			time.Sleep(10 * time.Millisecond)
		}
		buf := make([]byte, 1<<20)
		t.Errorf("left behind: have %v, had %v\n%s", after, before, buf[:runtime.Stack(buf, true)])
	})
}

// traces counts what a pool could leave behind.
func traces() map[string]int {
	m := map[string]int{"goroutines": runtime.NumGoroutine()}
	if fds, err := os.ReadDir("/proc/self/fd"); err == nil {
		m["descriptors"] = len(fds)
	}
	m["children"] = len(childrenOf(os.Getpid()))
	if b, err := os.ReadFile("/proc/self/maps"); err == nil {
		m["shared memory"] = strings.Count(string(b), "memfd:procpool")
	}
	return m
}

// childrenOf lists the living and undead children of a process.
func childrenOf(pid int) (out []int) {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, f := range tasks {
		b, _ := os.ReadFile(f)
		for _, s := range strings.Fields(string(b)) {
			n, _ := strconv.Atoi(s)
			out = append(out, n)
		}
	}
	return out
}

// alive reports whether a process runs (a zombie does not).
func alive(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	return !strings.HasPrefix(rest, "Z")
}

// halt stops a process, and waits until it has: on a busy machine a process
// still answers after kill has returned, because SIGSTOP takes effect only when
// the kernel next runs one of its threads.
func halt(t testing.TB, pid int) {
	t.Helper()
	if err := kill(pid, sigStop); err != nil {
		t.Fatalf("SIGSTOP to %d: %v", pid, err)
	}
	eventually(t, "the process has stopped", func() bool {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		_, rest, _ := strings.Cut(string(b), ") ")
		return err != nil || strings.HasPrefix(rest, "T") // where there is no /proc nothing more is known
	})
}

// eventually waits until f holds.
func eventually(t testing.TB, what string, f func() bool) {
	t.Helper()
	for deadline := time.Now().Add(enough); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if f() {
			return
		}
	}
	t.Fatalf("not within %v: %s", enough, what)
}

// lengthening tries f with a limit that one part of it must exceed and all others must keep,
// and with longer limits as long as f says that they were too short: a busy machine needs
// longer. It fails with what f says last.
func lengthening(t testing.TB, f func(limit time.Duration) error) {
	t.Helper()
	for limit := 100 * time.Millisecond; ; limit *= 4 {
		err := f(limit)
		if err == nil {
			return
		}
		if limit > enough {
			t.Error(err)
			return
		}
		t.Logf("with a limit of %v: %v", limit, err)
	}
}

func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func upTo(n int) []int {
	in := make([]int, n)
	for i := range in {
		in[i] = i
	}
	return in
}

func squares(n int) []int {
	in := upTo(n)
	for i := range in {
		in[i] *= i
	}
	return in
}

// works checks that a pool is usable.
func works(t testing.TB, p *Pool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), enough)
	defer cancel()
	if got, err := Call(ctx, p, square, 12); got != 144 || err != nil {
		t.Fatalf("Call(12) = %v, %v; want 144: the pool is not usable", got, err)
	}
}
