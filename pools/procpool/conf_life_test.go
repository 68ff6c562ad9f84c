package procpool

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"amdahl/pools/procpool/internal/child"
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
		{Transport: 99}, {OnDeath: 99}, {Tuning: Tuning{Chunk: -1}}, {Tuning: Tuning{Window: maxWindow + 1}}, {Tuning: Tuning{Retries: -2}}} {
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
		n := 50
		if o.MaxTasks > 0 { // each task, or two, starts a process
			n = fewer(n, 8)
		}
		var fs []*Future[int]
		for i := range n {
			fs = append(fs, Submit(t.Context(), p, nap, i%3))
		}
		m := MapAsync(t.Context(), p, square, upTo(2*n))
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
		if got, err := m.Get(t.Context()); err != nil || !slices.Equal(got, squares(2*n)) {
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
		n := fewer(100, 7*10/o.MaxTasks)
		got, err := Map(t.Context(), p, square, upTo(n))
		if err != nil || !slices.Equal(got, squares(n)) {
			t.Errorf("%+v: %v", o, err)
		}
		out := must[[]int](t)(Map(t.Context(), Tune(p, Tuning{Chunk: 1}), pid, upTo(max(fewer(30, 3), 3*o.MaxTasks))))
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
	for i := range fewer(10, 2) {
		p := begin(t, tr, Options{MaxTasks: 1})
		f := MapAsync(t.Context(), Tune(p, Tuning{Chunk: 1}), square, upTo(fewer(40, 6)))
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
	f := MapAsync(t.Context(), Tune(p, Tuning{Chunk: 1}), wait, slices.Repeat([]int{1_000_000}, 100))
	time.Sleep(20 * time.Millisecond)
	p.Terminate() // does not wait for them, see guardTest
	if _, err := f.Get(t.Context()); !errors.Is(err, ErrTerminated) {
		t.Errorf("tasks: %v, want ErrTerminated", err)
	}
	for _, pid := range pids {
		if tr != Goroutines {
			eventually(t, "the worker is gone", func() bool { return !alive(pid) })
		}
	}
	if tr == Goroutines {
		return
	}
	// One that ignores SIGTERM is killed after the grace.
	p = begin(t, tr, Options{Workers: 1, Grace: 50 * time.Millisecond})
	pid, g := pidsOf(p)[0], newGate(t)
	Submit(t.Context(), p, ignoreTerm, g)
	g.reached(t)
	p.Terminate()
	eventually(t, "the worker is gone", func() bool { return !alive(pid) })
}

func testManyPools(t *testing.T, tr Transport) {
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			p, err := Start(t.Context(), Options{Workers: 1 + i%3, Transport: tr, Grace: enough, StartTime: enough})
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
	p := begin(t, tr, Options{Workers: fewer(200, 12)})
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
			strings.HasPrefix(to, "socket:") || strings.HasPrefix(to, "/proc/") || to == "" || strings.HasPrefix(to, "/sys/fs/cgroup/")
		if !known {
			t.Errorf("the worker has %s", line)
		}
	}
	if n := strings.Count(list, "socket:"); n != 1 {
		t.Errorf("the worker has %d sockets, want the one of its parent:\n%s", n, list)
	}
	if n := strings.Count(list, "pipe:"); n > 4 {
		t.Errorf("the worker has %d pipes:\n%s", n, list)
	}
}

func testEnv(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Env: []string{"PROCPOOL_TEST=a b"}})
	for name, want := range map[string]string{"PROCPOOL_TEST": "a b", "PATH": os.Getenv("PATH"), child.Variable: "", "GOMAXPROCS": "1"} {
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
	fs := make([]*Future[int], fewer(20_000, 4))
	for i := range fs {
		fs[i] = Submit(t.Context(), p, square, i)
	}
	for i, f := range fs {
		if got, err := f.Get(t.Context()); got != i*i || err != nil {
			t.Fatal(fmt.Errorf("%d: %v, %w", i, got, err))
		}
	}
}
