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
	errorTime = 100 * time.Millisecond // here and in workers
	ServeIfWorker()
	flag.Set("test.parallel", "4") // most tests wait
	if name := os.Getenv("PROCPOOL_TEST_PARENT"); name != "" {
		os.Unsetenv("PROCPOOL_TEST_PARENT")
		parents[name]()
		return
	}
	os.Exit(m.Run())
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

// begin starts a pool that ends with the test, and is 2 workers unless o
// says otherwise.
func begin(t testing.TB, tr Transport, o Options) *Pool {
	t.Helper()
	o.Transport = tr
	if o.Stderr == nil {
		o.Stderr = io.Discard
	}
	if o.Workers == 0 {
		o.Workers = 2
	}
	p, err := Start(t.Context(), o)
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		p.Shutdown(ctx)
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

// guardTest gives a test a deadline, and checks that it leaves nothing
// behind. Call it first.
func guardTest(t *testing.T, limit time.Duration) {
	t.Helper()
	watch(t, limit)
	before := traces()
	t.Cleanup(func() {
		var after map[string]int
		for i := 0; i < 300; i++ {
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

// eventually waits until f holds.
func eventually(t testing.TB, what string, f func() bool) {
	t.Helper()
	for range 1000 {
		if f() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("not within 5 s: %s", what)
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
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if got, err := Call(ctx, p, square, 12); got != 144 || err != nil {
		t.Fatalf("Call(12) = %v, %v; want 144: the pool is not usable", got, err)
	}
}
