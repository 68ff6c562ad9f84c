package procpool

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"amdahl/pools/procpool/internal/child"
)

func wantDeath(t testing.TB, err error, code int, sig syscall.Signal, text string) *WorkerError {
	t.Helper()
	var we *WorkerError
	if !errors.As(err, &we) || we.ExitCode != code || we.Signal != sig || !strings.Contains(err.Error(), text) || we.Pid == 0 {
		t.Fatalf("got %T %v; want a WorkerError with code %d, signal %v, text %q", err, err, code, sig, text)
	}
	return we
}

// testKilled: whatever ends a worker, its task fails with how, and the pool
// goes on.
func testKilled(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1})
	for _, sig := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} {
		_, err := Call(t.Context(), p, killMe, int(sig))
		wantDeath(t, err, -1, sig, child.SignalName(sig))
		works(t, p)
	}
	for _, code := range []int{0, 42, 99} {
		_, err := Call(t.Context(), p, exit, code)
		wantDeath(t, err, code, 0, fmt.Sprintf("exit code %d", code))
		works(t, p)
	}
	if s := p.Stats(); s.Died != 5 || len(s.Workers) != 1 {
		t.Errorf("Stats: %d died, %d workers; want 5 and 1", s.Died, len(s.Workers))
	}
}

// testOthersLive: of many tasks in flight only the running one fails, and
// each error is its own value.
func testOthersLive(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	in := make([]int, 400)
	for i := range in {
		in[i] = -1
	}
	in[100], in[300] = int(syscall.SIGKILL), int(syscall.SIGTERM)
	for _, chunk := range []int{1, 50} {
		out, err := Map(t.Context(), Tune(p, Tuning{Chunk: chunk}), maybeKill, in)
		var errs Errors
		if !errors.As(err, &errs) {
			t.Fatalf("chunk %d: %v", chunk, err)
		}
		failed := map[int]bool{}
		for _, e := range errs {
			failed[e.Task] = true
		}
		// Of a chunk, what came before the deadly task has its results, and
		// what comes after it runs elsewhere.
		for i := range in {
			dead := i == 100 || i == 300
			if failed[i] != dead || !dead && out[i] != 1 {
				t.Errorf("chunk %d, task %d: failed %v, result %d; want failed %v", chunk, i, failed[i], out[i], dead)
			}
		}
		var first, second *WorkerError
		if errors.As(errs[0], &first) && errors.As(errs[len(errs)-1], &second) && first == second {
			t.Error("two tasks share an error value")
		}
	}
	works(t, p)
}

var maybeKill = Register("maybekill/v1", func(_ context.Context, sig int) (int, error) {
	if sig >= 0 {
		suicide(syscall.Signal(sig))
	}
	return 1, nil
})

// testBufferedAnswers: answers that a worker had not sent when it died are
// not lost, and their tasks do not run again.
func testBufferedAnswers(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1, OnDeath: RetryTask})
	must[[]int](t)(Map(t.Context(), Tune(p, Tuning{Chunk: 1}), square, upTo(fewer(5000, 5)))) // sends ahead from now on
	dir := t.TempDir()
	for round := range fewer(20, 5) {
		in := make([]string, 60)
		for i := range in {
			in[i] = filepath.Join(dir, fmt.Sprintf("%d-%d", round, i))
		}
		in[40] = "die"
		out, err := Map(t.Context(), Tune(p, Tuning{Chunk: 1, Retries: 1}), onceEach, in)
		var errs Errors
		if !errors.As(err, &errs) || len(errs) != 1 || errs[0].Task != 40 {
			t.Fatalf("errors %v, want one, of task 40", err)
		}
		for i, n := range out {
			if i != 40 && n != 1 {
				t.Fatalf("round %d: task %d ran %d times before, want exactly once", round, i, n-1)
			}
		}
	}
}

// onceEach counts how often it has seen its argument; "die" dies.
var onceEach = Register("onceeach/v1", func(_ context.Context, file string) (int, error) {
	if file == "die" {
		suicide(syscall.SIGKILL)
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	f.WriteString("x")
	s, err := f.Stat()
	return int(s.Size()), err
})

func testRetry(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{OnDeath: RetryTask})
	file := filepath.Join(t.TempDir(), "once")
	if got, err := Call(t.Context(), p, once, file); got != 1 || err != nil {
		t.Errorf("a task that kills its first worker = %v, %v; want 1", got, err)
	}
	_, err := Call(t.Context(), Tune(p, Tuning{Retries: 3}), killMe, int(syscall.SIGKILL))
	wantDeath(t, err, -1, syscall.SIGKILL, "SIGKILL")
	if s := p.Stats(); s.Retried != 4 || s.Died != 5 {
		t.Errorf("Stats: %d retried, %d died; want 4 and 5", s.Retried, s.Died)
	}
}

func testBreakPool(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{OnDeath: BreakPool})
	f := Submit(t.Context(), p, wait, 60_000)
	_, err := Call(t.Context(), p, exit, 3)
	if !errors.Is(err, ErrBroken) {
		wantDeath(t, err, 3, 0, "exit code 3")
	}
	if _, err := f.Get(t.Context()); !errors.Is(err, ErrBroken) {
		t.Errorf("another task: %v, want ErrBroken", err)
	}
	if _, err := Call(t.Context(), p, square, 1); !errors.Is(err, ErrBroken) {
		t.Errorf("a later task: %v, want ErrBroken", err)
	}
	if err := p.Close(); !errors.Is(err, ErrBroken) || !strings.Contains(err.Error(), "exit code 3") {
		t.Errorf("Close: %v, want ErrBroken and why", err)
	}
	p.Terminate() // again does nothing
}

func testKillIdle(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	for range 3 {
		old := pidsOf(p)
		for _, pid := range old {
			kill(pid, syscall.SIGKILL)
		}
		eventually(t, "both workers are replaced", func() bool {
			now := pidsOf(p)
			return len(now) == 2 && !slices.Contains(old, now[0]) && !slices.Contains(old, now[1])
		})
		works(t, p)
	}
	if s := p.Stats(); s.Failed != 0 {
		t.Errorf("%d tasks failed, want none", s.Failed)
	}
}

func testStopped(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1, Grace: 50 * time.Millisecond})
	old := pidsOf(p)[0]
	g := newGate(t)
	f := Submit(t.Context(), Tune(p, Tuning{TaskTimeout: time.Second}), obeying, g) // would obey if it could
	eventually(t, "it has begun", func() bool { return g.begun() || f.Ready() })
	halt(t, old)
	_, err := f.Get(t.Context())
	if !errors.Is(err, ErrTaskTimeout) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a task on a stopped worker: %v, want ErrTaskTimeout", err)
	}
	works(t, p)
	eventually(t, "the stopped worker is gone", func() bool { return !alive(old) })
}

func testTimeout(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Grace: 50 * time.Millisecond})
	for _, f := range []*Func[int, int]{wait, nap} { // one obeys, one does not
		if f == nap && tr == Goroutines {
			continue // would sleep on
		}
		lengthening(t, func(limit time.Duration) error {
			_, err := Map(t.Context(), Tune(p, Tuning{TaskTimeout: limit, Chunk: 1}), f, []int{1, 1_000_000, 2, 3})
			var errs Errors
			if !errors.As(err, &errs) || len(errs) != 1 || errs[0].Task != 1 || !errors.Is(err, ErrTaskTimeout) {
				return fmt.Errorf("%s: %v, want a timeout of task 1", f.Name(), err)
			}
			return nil
		})
	}
	works(t, p)
}

func testMidTransfer(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1})
	for range 3 {
		f := Submit(t.Context(), p, echo, make([]byte, fewer(64, 16)<<20))
		killed := make(chan []int)
		go func() {
			time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
			pids := pidsOf(p)
			for _, pid := range pids {
				kill(pid, syscall.SIGKILL)
			}
			killed <- pids
		}()
		if _, err := f.Get(t.Context()); err != nil {
			wantDeath(t, err, -1, syscall.SIGKILL, "SIGKILL")
		}
		for _, pid := range <-killed {
			eventually(t, "it is replaced", func() bool { return !slices.Contains(pidsOf(p), pid) })
		}
		works(t, p)
	}
}

// testChaos: workers are killed all the time; with retries the outcome is
// that of the plain loop, in order. Each kill waits until some tasks have ended since the
// one before: else a slow machine would never come to an end.
func testChaos(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 3, OnDeath: RetryTask, Tuning: Tuning{Retries: 1000, Chunk: 5}})
	stop := make(chan struct{})
	var wg sync.WaitGroup
	kills := 0
	wg.Go(func() {
		for done := int64(0); ; {
			select {
			case <-stop:
				return
			case <-time.After(time.Duration(rand.IntN(4000)) * time.Microsecond):
			}
			s := p.Stats()
			var pids []int // of those that are ready
			for _, w := range s.Workers {
				if w.State != "starting" {
					pids = append(pids, w.Pid)
				}
			}
			if s.Tasks >= done && len(pids) > 0 {
				kill(pids[rand.IntN(len(pids))], syscall.SIGKILL)
				kills++
				done = s.Tasks + 20
			}
		}
	})
	defer func() {
		close(stop)
		wg.Wait()
		if kills < 3 {
			t.Errorf("%d workers were killed, want some", kills)
		}
	}()
	for range fewer(3, 3) {
		got, err := Map(t.Context(), p, jitter, upTo(300))
		if err != nil || !slices.Equal(got, squares(300)) {
			t.Fatalf("Map under fire: %v", err)
		}
		i := 0
		for x, err := range Ordered(t.Context(), p, jitter, slices.Values(upTo(100))) {
			if err != nil || x != i*i {
				t.Fatalf("Ordered under fire: [%d] = %v, %v", i, x, err)
			}
			i++
		}
	}
}

var jitter = Register("jitter/v1", func(_ context.Context, x int) (int, error) {
	time.Sleep(time.Duration(rand.IntN(1000)) * time.Microsecond)
	return x * x, nil
})

// testKillEachOther: as many tasks kill workers as there are workers.
func testKillEachOther(t *testing.T, tr Transport) {
	for _, n := range []int{1, 2, fewer(13, 3)} {
		p := begin(t, tr, Options{Workers: n})
		pids := pidsOf(p)
		for range 2 {
			_, err := Map(t.Context(), Tune(p, Tuning{Chunk: 1}), killPid, pids)
			_ = err // any mixture of results and errors, but an end
		}
		works(t, p)
		p.Close()
	}
}

func testFatalText(t *testing.T, tr Transport) {
	var stderr lockedBuffer
	p := begin(t, tr, Options{Workers: 1, Procs: 2, Stderr: &stderr})
	_, err := Call(t.Context(), p, misbehave, "fatal")
	we := wantDeath(t, err, 2, 0, "concurrent map writes")
	if !strings.Contains(we.Stderr, "goroutine ") || !strings.Contains(we.Stderr, "concurrentMapWrites") {
		t.Errorf("Stderr has no stack: %.300s", we.Stderr)
	}
	if !strings.Contains(stderr.String(), "concurrent map writes") {
		t.Error("Options.Stderr did not get the worker's output")
	}
}

func testLateCrash(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1})
	g := newGate(t)
	if got, err := Call(t.Context(), p, leaveBomb, g); got != g || err != nil {
		t.Fatalf("the task that leaves a bomb: %v, %v", got, err)
	}
	_, err := Call(t.Context(), p, stubborn, g)
	wantDeath(t, err, 0, 0, "exit code 0")
	works(t, p)
}

func testTelling(t *testing.T, _ Transport) {
	for in, want := range map[string]string{
		"": "", "a\nb\n": "b", "x\nfatal error: all is lost\n\ngoroutine 1\n": "fatal error: all is lost",
		"panic: oh\n\ngoroutine 1 [running]:": "panic: oh",
	} {
		if got := telling(in); got != want {
			t.Errorf("telling(%q) = %q, want %q", in, got, want)
		}
	}
}
