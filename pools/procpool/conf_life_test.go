//go:build linux

package procpool

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func exists(file string) bool { _, err := os.Stat(file); return err == nil }

func testOptions(t *testing.T, tr Transport) {
	for _, o := range []Options{{Workers: -1}, {Workers: maxWorkers + 1}, {MaxTasks: -1}, {Procs: -1}, {MemoryLimit: -1}, {Grace: -1},
		{Transport: 99}, {OnDeath: 99}, {Tuning: Tuning{Chunk: -1}}, {Tuning: Tuning{Window: maxWindow + 1}}, {Tuning: Tuning{Retries: -1}}} {
		if o.Transport == 0 {
			o.Transport = tr
		}
		if p, err := Start(t.Context(), o); err == nil {
			p.Close()
			t.Errorf("Start(%+v): no error", o)
		} else if !strings.HasPrefix(err.Error(), "procpool: ") || !strings.Contains(err.Error(), "want") && !strings.Contains(err.Error(), "may not") {
			t.Errorf("Start(%+v): %v: says not what to do", o, err)
		}
	}
	p := begin(t, tr, Options{Workers: 3})
	if n := len(p.Stats().Workers); n != 3 {
		t.Errorf("%d workers, want 3", n)
	}
	q, err := Start(t.Context(), Options{Transport: tr})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	if n := len(q.Stats().Workers); n != runtime.GOMAXPROCS(0) {
		t.Errorf("%d workers by default, want GOMAXPROCS", n)
	}
}

func testAfterEnd(t *testing.T, tr Transport) {
	for name, end := range map[string]func(*Pool){
		"Close":     func(p *Pool) { p.Close() },
		"Terminate": func(p *Pool) { p.Terminate() },
	} {
		p := begin(t, tr, Options{})
		works(t, p)
		end(p)
		<-p.Done()
		_, err := Call(t.Context(), p, square, 1)
		if want := map[string]error{"Close": ErrClosed, "Terminate": ErrTerminated}[name]; !errors.Is(err, want) {
			t.Errorf("Call after %s: %v, want %v", name, err, want)
		}
		if f := Submit(t.Context(), p, square, 1); f.Err() == nil {
			t.Errorf("Submit after %s: no error", name)
		}
		for range 2 {
			if err := p.Close(); err != nil {
				t.Errorf("Close again: %v", err)
			}
			p.Terminate()
		}
		if err := p.Resize(2); err == nil {
			t.Errorf("Resize after %s: no error", name)
		}
	}
}

func testCloseFinishes(t *testing.T, tr Transport) {
	for _, o := range []Options{{}, {MaxTasks: 1}, {MaxTasks: 2}, {IdleTimeout: time.Millisecond}} {
		p := begin(t, tr, o)
		var fs []*Future[int]
		for i := range 50 {
			fs = append(fs, Submit(t.Context(), p, nap, i%3))
		}
		m := MapAsync(t.Context(), p, square, upTo(100))
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		for i, f := range fs {
			if !f.Ready() {
				t.Fatal("Close returned before a task was done")
			}
			if got, err := f.Get(t.Context()); got != i%3 || err != nil {
				t.Errorf("%+v: task %d = %v, %v", o, i, got, err)
			}
		}
		if got, err := m.Get(t.Context()); err != nil || !slices.Equal(got, squares(100)) {
			t.Errorf("%+v: Map = %v", o, err)
		}
	}
	// Close in the background does the same.
	p := begin(t, tr, Options{})
	f := Submit(t.Context(), p, nap, 50)
	go p.Close()
	if got, err := f.Get(t.Context()); got != 50 || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	<-p.Done()
}

func testMaxTasks(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1, MaxTasks: 3})
	var pids []int
	for range 7 {
		pids = append(pids, must[int](t)(Call(t.Context(), p, pid, 0)))
		if n := len(p.Stats().Workers); n > 1 {
			t.Errorf("%d workers, want 1", n)
		}
	}
	if !(pids[0] == pids[2] && pids[2] != pids[3] && pids[3] == pids[5] && pids[5] != pids[6]) {
		t.Errorf("pids %v, want three of each", pids)
	}
	for _, o := range []Options{{Workers: 3, MaxTasks: 10}, {Workers: 1, MaxTasks: 2}, {Workers: 2, MaxTasks: 1}} {
		p := begin(t, tr, o)
		old := pidsOf(p)
		got, err := Map(t.Context(), p, square, upTo(100))
		if err != nil || !slices.Equal(got, squares(100)) {
			t.Errorf("%+v: %v", o, err)
		}
		out := must[[]int](t)(Map(t.Context(), Tune(p, Tuning{Chunk: 1}), pid, upTo(30)))
		seen := map[int]int{}
		for _, pid := range out {
			if seen[pid]++; seen[pid] > o.MaxTasks {
				t.Fatalf("%+v: worker %d ran more than MaxTasks", o, pid)
			}
			if o.MaxTasks == 10 && slices.Contains(old, pid) && seen[pid] > 10 {
				t.Errorf("%+v: worker %d is still the old one", o, pid)
			}
		}
	}
}

// testEndWhileRecycling: Close and Terminate while workers are replaced all
// the time.
func testEndWhileRecycling(t *testing.T, tr Transport) {
	for i := range 10 {
		p := begin(t, tr, Options{MaxTasks: 1})
		f := MapAsync(t.Context(), Tune(p, Tuning{Chunk: 1}), square, upTo(40))
		time.Sleep(time.Duration(i) * time.Millisecond)
		if i%2 == 0 {
			p.Close()
			if _, err := f.Get(t.Context()); err != nil {
				t.Error(err)
			}
			continue
		}
		p.Terminate()
		if !f.Ready() {
			t.Fatal("not settled after Terminate")
		}
		if err := f.Err(); err != nil && !errors.Is(err, ErrTerminated) {
			t.Error(err)
		}
	}
}

func testTerminate(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Grace: 200 * time.Millisecond})
	pids := pidsOf(p)
	f := MapAsync(t.Context(), Tune(p, Tuning{Chunk: 1}), wait, slices.Repeat([]int{1000}, 100))
	time.Sleep(20 * time.Millisecond)
	t0 := time.Now()
	p.Terminate()
	if d := time.Since(t0); d > 5*time.Second {
		t.Errorf("Terminate took %v", d)
	}
	if _, err := f.Get(t.Context()); !errors.Is(err, ErrTerminated) {
		t.Errorf("tasks: %v, want ErrTerminated", err)
	}
	for _, pid := range pids {
		if tr != Goroutines && alive(pid) {
			t.Errorf("worker %d lives", pid)
		}
	}
	if tr == Goroutines {
		return
	}
	// One that ignores SIGTERM is killed after the grace.
	p = begin(t, tr, Options{Workers: 1, Grace: 50 * time.Millisecond})
	Submit(t.Context(), p, ignoreTerm, 0)
	time.Sleep(50 * time.Millisecond)
	p.Terminate()
}

func testInit(t *testing.T, tr Transport) {
	file := filepath.Join(t.TempDir(), "bye")
	p := begin(t, tr, Options{Workers: 1, Init: Init(setUp, file)})
	want := int64(1)
	if tr == Goroutines {
		want = initCount.Load()
	}
	for range 2 {
		if got, err := Call(t.Context(), p, setUps, none{}); got != want || err != nil {
			t.Errorf("the initializer ran %d times, %v; want once", got, err)
		}
	}
	p.Close()
	if tr == Goroutines {
		return
	}
	if !exists(file) {
		t.Error("the exit function did not run on Close")
	}
	os.Remove(file)
	p = begin(t, tr, Options{Workers: 1, Init: Init(setUp, file)})
	p.Terminate()
	if exists(file) {
		t.Error("the exit function ran on Terminate")
	}
}

func testInitFails(t *testing.T, tr Transport) {
	for _, how := range []string{"error", "panic", "exit"} {
		if how == "exit" && tr == Goroutines {
			continue
		}
		for _, lazy := range []bool{false, true} {
			p, err := Start(t.Context(), Options{Workers: 2, Transport: tr, Lazy: lazy, Init: Init(setUp, how)})
			if lazy {
				if err != nil {
					t.Fatal(err)
				}
				_, err = Call(t.Context(), p, square, 1)
				if !errors.Is(err, ErrBroken) {
					t.Errorf("%s: the first task: %v, want ErrBroken", how, err)
				}
				if n := p.Stats().Started; n > 4 {
					t.Errorf("%s: %d workers were started: no end", how, n)
				}
				p.Close()
			} else if err == nil {
				p.Close()
				t.Errorf("%s: Start: no error", how)
			}
			var ie *InitError
			var te *typedError
			var we *WorkerError
			if how == "exit" && !errors.As(err, &we) || how != "exit" && !errors.As(err, &ie) || how == "error" && !errors.As(err, &te) {
				t.Errorf("%s: %T %v", how, err, err)
			}
		}
	}
}

// testStartFails: if the third of five workers cannot be started, Start says
// so and leaves nothing.
func testStartFails(t *testing.T, tr Transport) {
	var n atomic.Int32
	failStarts(t, func() bool { return n.Add(1) >= 3 })
	if p, err := Start(t.Context(), Options{Workers: 5, Transport: tr}); err == nil || !errors.Is(err, syscall.ENOMEM) {
		p.Close()
		t.Errorf("Start: %v, want ENOMEM", err)
	}
}

// testRespawnFails: if a dead worker cannot be replaced, what waits fails.
func testRespawnFails(t *testing.T, tr Transport) {
	var broken atomic.Bool
	failStarts(t, broken.Load)
	p := begin(t, tr, Options{Workers: 1})
	works(t, p)
	broken.Store(true)
	f := Submit(t.Context(), p, exit, 1)
	g := Submit(t.Context(), p, square, 1)
	wantDeath(t, func() error { _, err := f.Get(t.Context()); return err }(), 1, 0, "exit code 1")
	if _, err := g.Get(t.Context()); !errors.Is(err, ErrBroken) || !errors.Is(err, syscall.ENOMEM) {
		t.Errorf("a waiting task: %v, want ErrBroken and why", err)
	}
}

func failStarts(t *testing.T, f func() bool) {
	old := startProcess
	t.Cleanup(func() { startProcess = old })
	startProcess = func(name string, argv []string, attr *os.ProcAttr) (*os.Process, error) {
		if f() {
			return nil, &os.SyscallError{Syscall: "fork", Err: syscall.ENOMEM}
		}
		return old(name, argv, attr)
	}
}

func testLazy(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 4, Lazy: true})
	if n := p.Stats().Started; n != 0 {
		t.Errorf("%d workers before the first task", n)
	}
	p.Terminate() // before any start
	p = begin(t, tr, Options{Workers: 4, Lazy: true})
	for range 3 {
		works(t, p)
	}
	if n := p.Stats().Started; n != 1 {
		t.Errorf("%d workers for three calls one by one, want 1", n)
	}
	dir := t.TempDir()
	var fs []*Future[int]
	for i := range 3 {
		fs = append(fs, Submit(t.Context(), p, meet, meeting{dir, i, 3}))
	}
	if err := WaitAll(t.Context(), fs...); err != nil {
		t.Error(err)
	}
	if n := p.Stats().Started; n != 3 {
		t.Errorf("%d workers for three tasks at once, want 3", n)
	}
}

func testIdle(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 2, IdleTimeout: 10 * time.Millisecond})
	for range 5 {
		eventually(t, "idle workers go away", func() bool { return len(p.Stats().Workers) == 0 })
		if got, err := Map(t.Context(), p, square, upTo(100)); err != nil || !slices.Equal(got, squares(100)) {
			t.Errorf("Map after that: %v", err)
		}
	}
	q := begin(t, tr, Options{Workers: 1, IdleTimeout: time.Millisecond})
	for i := range 50 {
		time.Sleep(time.Duration(i%4) * 500 * time.Microsecond)
		works(t, q)
	}
	if got, err := Call(t.Context(), q, takeSlow, slowArg{}); got != 1 || err != nil {
		t.Errorf("an argument slow to encode: %v, %v", got, err)
	}
	f := Submit(t.Context(), q, nap, 20)
	if err := q.Close(); err != nil || f.Err() != nil {
		t.Errorf("Close: %v, %v", err, f.Err())
	}
}

// testSaturation: never more workers than asked for, and all of them work at
// once.
func testSaturation(t *testing.T, tr Transport) {
	for _, n := range []int{1, 2, 6} {
		p := begin(t, tr, Options{Workers: n})
		works(t, p)
		for round := range 5 {
			dir := t.TempDir()
			ms := make([]meeting, n)
			for i := range ms {
				ms[i] = meeting{dir, i, n}
			}
			if _, err := Map(t.Context(), p, meet, ms); err != nil {
				t.Errorf("round %d: %v", round, err)
			}
			must[[]int](t)(Map(t.Context(), Tune(p, Tuning{Chunk: 1}), square, upTo(500))) // sends ahead
		}
		f := MapAsync(t.Context(), Tune(p, Tuning{Chunk: 1}), nap, slices.Repeat([]int{5}, 15*n))
		for !f.Ready() {
			if got := len(p.Stats().Workers); got != n {
				t.Fatalf("%d workers, want %d", got, n)
			}
			time.Sleep(time.Millisecond)
		}
		if s := p.Stats(); s.Started != n {
			t.Errorf("%d workers started, want %d", s.Started, n)
		}
	}
}

// testStuckBehind: a task sent ahead behind a long one moves to a worker that
// has nothing to do, even if the long one waits for it.
func testStuckBehind(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 2})
	for round := range 5 {
		must[[]int](t)(Map(t.Context(), Tune(p, Tuning{Chunk: 1}), square, upTo(2000))) // sends ahead
		dir := t.TempDir()
		a := Submit(t.Context(), p, meet, meeting{dir, 0, 2})
		var quick []*Future[int]
		for range 20 {
			quick = append(quick, Submit(t.Context(), p, square, 2))
		}
		b := Submit(t.Context(), p, meet, meeting{dir, 1, 2})
		if err := WaitAll(t.Context(), append(quick, a, b)...); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
	}
}

func testResize(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 2})
	first := pidsOf(p)
	f := Submit(t.Context(), p, nap, 50)
	for _, n := range []int{1, 1, 2, 12, 2, 1, 12, 6, 1, 8, 5} {
		if err := p.Resize(n); err != nil {
			t.Fatal(err)
		}
		works(t, p)
		if n == 12 && tr != Goroutines {
			if pids := pidsOf(p); len(pids) > 0 {
				syscall.Kill(pids[0], syscall.SIGKILL)
			}
		}
	}
	eventually(t, "5 workers", func() bool { return len(p.Stats().Workers) == 5 })
	if got, err := f.Get(t.Context()); err == nil && got != 50 {
		t.Errorf("the task from before: %v", got)
	}
	_ = first
	for _, n := range []int{0, -1, maxWorkers + 1} {
		if p.Resize(n) == nil {
			t.Errorf("Resize(%d): no error", n)
		}
	}
	q := begin(t, tr, Options{Workers: 2, IdleTimeout: 5 * time.Millisecond})
	eventually(t, "idle workers go away", func() bool { return len(q.Stats().Workers) == 0 })
	if err := q.Resize(3); err != nil {
		t.Error(err)
	}
	works(t, q)
}

func testManyPools(t *testing.T, tr Transport) {
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			p, err := Start(t.Context(), Options{Workers: 1 + i%3, Transport: tr})
			if err != nil {
				t.Error(err)
				return
			}
			defer p.Close()
			if got, err := Call(t.Context(), p, square, i); got != i*i || err != nil {
				t.Errorf("pool %d: %v, %v", i, got, err)
			}
		})
	}
	wg.Wait()
}

func testLargePool(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 200})
	sum := 0
	for _, x := range must[[]int](t)(Map(t.Context(), p, square, upTo(1000))) {
		sum += x
	}
	if sum != 332833500 {
		t.Errorf("sum = %d, want 332833500", sum)
	}
}

func testFDs(t *testing.T, tr Transport) {
	extra, err := os.CreateTemp(t.TempDir(), "extra")
	if err != nil {
		t.Fatal(err)
	}
	defer extra.Close()
	p := begin(t, tr, Options{})
	list := string(must[[]byte](t)(Call(t.Context(), p, fds, none{})))
	for line := range strings.Lines(list) {
		_, to, _ := strings.Cut(strings.TrimSpace(line), " ")
		known := to == "/dev/null" || strings.HasPrefix(to, "pipe:") || strings.HasPrefix(to, "anon_inode:[event") || strings.Contains(to, "memfd:procpool") ||
			strings.HasPrefix(to, "/proc/") || to == "" || strings.HasPrefix(to, "/sys/fs/cgroup/")
		if !known {
			t.Errorf("the worker has %s", line)
		}
	}
	if n := strings.Count(list, "pipe:"); n > 4 {
		t.Errorf("the worker has %d pipes:\n%s", n, list)
	}
}

func testEnv(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Env: []string{"PROCPOOL_TEST=a b"}})
	for name, want := range map[string]string{"PROCPOOL_TEST": "a b", "PATH": os.Getenv("PATH"), workerVariable: "", "GOMAXPROCS": "1"} {
		if got, err := Call(t.Context(), p, getenv, name); got != want || err != nil {
			t.Errorf("%s = %q, %v; want %q", name, got, err, want)
		}
	}
}

func testNoise(t *testing.T, tr Transport) {
	var out lockedBuffer
	for _, o := range []Options{{}, {Stdout: &out, Stderr: &out}} {
		p := begin(t, tr, o)
		for _, how := range []string{"noise", "close stdio", "noise", "noise"} {
			if got, err := Call(t.Context(), p, misbehave, how); got != how || err != nil {
				t.Errorf("%s: %q, %v", how, got, err)
			}
		}
		works(t, p)
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	if got := out.String(); !strings.Contains(got, "noise on stdout\n") || !strings.Contains(got, "noise on stderr\n") {
		t.Errorf("the writers got %q", got)
	}
}

func testPressure(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	fs := make([]*Future[int], 20_000)
	for i := range fs {
		fs[i] = Submit(t.Context(), p, square, i)
	}
	for i, f := range fs {
		if got, err := f.Get(t.Context()); got != i*i || err != nil {
			t.Fatal(fmt.Errorf("%d: %v, %w", i, got, err))
		}
	}
}
