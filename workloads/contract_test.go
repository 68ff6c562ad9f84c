package workloads

import (
	"context"
	"errors"
	"os"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// child runs the helper roles as goroutines of this process.
func child(ctx context.Context, role, arg string) (string, func() error, error) {
	if role != HTTPRole {
		return "", nil, errors.New("unknown role " + role)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- ServeHTTP(ctx, arg, func(line string) { ready <- line }) }()
	select {
	case line := <-ready:
		return line, func() error { cancel(); return <-ended }, nil
	case err := <-ended:
		cancel()
		return "", nil, err
	}
}

// prepare prepares w until the end of the test, its scratch in a directory of
// the test.
func prepare(t testing.TB, w Workload, o Options) Options {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	o.Child = child
	release, err := w.Prepare(t.Context(), &o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := release(); err != nil {
			t.Error("release:", err)
		}
	})
	return o
}

// open opens w until the end of the test.
func open(t testing.TB, w Workload, o Options) Job {
	t.Helper()
	job, err := w.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := job.Close(); err != nil {
			t.Error("Close:", err)
		}
	})
	return job
}

func do(t testing.TB, job Job, i int) uint64 {
	t.Helper()
	sum, err := job.Do(t.Context(), i)
	if err != nil {
		t.Errorf("Do(%d): %v", i, err)
	}
	return sum
}

func TestListed(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range All {
		if !regexp.MustCompile(`^[a-z]+$`).MatchString(w.Name) || seen[w.Name] {
			t.Errorf("Name = %q, want one lower-case word of its own", w.Name)
		}
		seen[w.Name] = true
		if w.Doc == "" || strings.Contains(w.Doc, "\n") {
			t.Errorf("Doc = %q, want one line", w.Doc)
		}
		if w.Bound != CPU && w.Bound != IO {
			t.Errorf("Bound = %q, want cpu or io", w.Bound)
		}
		if w.SizeUnit == "" || w.Size < 1 || w.Size > w.MaxSize {
			t.Errorf("Size = %d of %q, want 1 to %d of something", w.Size, w.SizeUnit, w.MaxSize)
		}
		if found, err := Find(w.Name); err != nil || found.Doc != w.Doc {
			t.Errorf("Find(%q) = %q, %v, want itself", w.Name, found.Name, err)
		}
		if w.TestSize < 1 || w.TestSize >= w.TestLarge || w.TestLarge > w.MaxSize {
			t.Errorf("TestSize = %d, TestLarge = %d, want 1 to %d, in this order", w.TestSize, w.TestLarge, w.MaxSize)
		}
	}
	want := `workloads: unknown workload "hush": want one of ` + names()
	if _, err := Find("hush"); err == nil || err.Error() != want {
		t.Errorf("Find(hush) = %v, want %s", err, want)
	}
}

// names lists the workloads as an error does.
func names() string {
	var all []string
	for _, w := range All {
		all = append(all, w.Name)
	}
	return strings.Join(all, ", ")
}

func TestEqualOptionsGiveEqualSums(t *testing.T) {
	each(t, func(t *testing.T, w Workload) {
		const tasks = 20
		o := prepare(t, w, Options{Size: w.TestSize, Seed: 7})
		first, second := open(t, w, o), open(t, w, o)
		third, err := Open(Spec(w, o))
		if err != nil {
			t.Fatal(err)
		}
		defer third.Close()
		var want [tasks]uint64
		for i := range tasks {
			want[i] = do(t, first, i)
		}
		var running sync.WaitGroup
		for k, job := range []Job{first, second, third} {
			for i := range 3 * tasks { // each task thrice at once
				running.Go(func() {
					if got := do(t, job, i%tasks); got != want[i%tasks] {
						t.Errorf("job %d, task %d: sum %#x, want %#x", k, i%tasks, got, want[i%tasks])
					}
				})
			}
		}
		running.Wait()
	})
}

func TestOtherOptionsGiveOtherSums(t *testing.T) {
	each(t, func(t *testing.T, w Workload) {
		size := w.TestSize
		sum := func(size int, seed uint64, i int) uint64 {
			return do(t, open(t, w, prepare(t, w, Options{Size: size, Seed: seed})), i)
		}
		base := sum(size, 1, 3)
		if got := sum(size, 0, 3); got != base {
			t.Errorf("seed 0 gives %#x, seed 1 %#x, want them equal", got, base)
		}
		if sum(size, 2, 3) == base {
			t.Error("another seed gives the same sum")
		}
		if sum(size, 1, 4) == base {
			t.Error("another task gives the same sum")
		}
		// Where the size is a time, the work is the same.
		timed := w.SizeUnit == "microseconds"
		if (sum(size+1, 1, 3) == base) != timed {
			t.Errorf("another size gives an equal sum: %v, want %v", !timed, timed)
		}
	})
}

func TestDefaultSizeRuns(t *testing.T) {
	each(t, func(t *testing.T, w Workload) {
		if do(t, open(t, w, prepare(t, w, Options{})), 0) == 0 {
			t.Error("sum 0: nothing was summed")
		}
	})
}

// fakeCores counts, and does something before it computes.
type fakeCores struct {
	mu       sync.Mutex
	sections int
	closed   int
	before   func() error
}

func (c *fakeCores) Compute(_ context.Context, f func()) error {
	c.mu.Lock() // one section at a time
	defer c.mu.Unlock()
	c.sections++
	if c.before != nil {
		if err := c.before(); err != nil {
			return err
		}
	}
	f()
	return nil
}

func (c *fakeCores) Yield(context.Context) {}
func (c *fakeCores) Close() error          { c.closed++; return nil }

func TestComputeRunsOnCores(t *testing.T) {
	each(t, func(t *testing.T, w Workload) {
		if w.Idle {
			t.Skip("computes nothing")
		}
		c := &fakeCores{}
		do(t, open(t, w, prepare(t, w, Options{Size: w.TestSize, Cores: c})), 0)
		if c.sections == 0 {
			t.Error("no section of compute went through Options.Cores")
		}
		failed := errors.New("no core")
		c = &fakeCores{before: func() error { return failed }}
		job := open(t, w, prepare(t, w, Options{Size: w.TestSize, Cores: c}))
		if _, err := job.Do(t.Context(), 0); !errors.Is(err, failed) {
			t.Errorf("error %v, want that of the cores, %v", err, failed)
		}
	})
}

func TestCancelled(t *testing.T) {
	each(t, func(t *testing.T, w Workload) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		job := open(t, w, prepare(t, w, Options{Size: w.TestSize}))
		if _, err := job.Do(ctx, 0); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled before: error %v, want %v", err, context.Canceled)
		}

		// A core that cancels shows that a task looks at ctx after it began.
		ctx, cancel = context.WithCancel(t.Context())
		c := &fakeCores{before: func() error { cancel(); return nil }}
		job = open(t, w, prepare(t, w, Options{Size: w.TestLarge, Cores: c}))
		if w.SizeUnit == "microseconds" { // waits a minute: the test would end sooner
			time.AfterFunc(5*time.Millisecond, cancel)
		}
		if _, err := job.Do(ctx, 0); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled while running: error %v, want %v", err, context.Canceled)
		}

		ctx, cancel = context.WithDeadline(t.Context(), time.Now())
		defer cancel()
		if _, err := job.Do(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("past its deadline: error %v, want %v", err, context.DeadlineExceeded)
		}
	})
}

func TestCloseLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, w Workload) {
		before := runtime.NumGoroutine()
		dir := t.TempDir()
		o := Options{Size: w.TestSize, Dir: dir, Child: child}
		release, err := w.Prepare(t.Context(), &o)
		if err != nil {
			t.Fatal(err)
		}
		prepared := runtime.NumGoroutine()
		job, err := w.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		var running sync.WaitGroup
		for i := range 16 {
			running.Go(func() { do(t, job, i) })
		}
		running.Wait()
		if err := job.Close(); err != nil {
			t.Error("Close:", err)
		}
		waitGoroutines(t, prepared)
		if err := release(); err != nil {
			t.Error("release:", err)
		}
		waitGoroutines(t, before)
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Errorf("left in the scratch directory: %v, %v, want nothing", left, err)
		}
	})
}

// waitGoroutines waits until there are at most n goroutines.
func waitGoroutines(t *testing.T, n int) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); runtime.NumGoroutine() > n; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, want %d\n%s", runtime.NumGoroutine(), n, stacks[:runtime.Stack(stacks, true)])
		}
	}
}
