package procpool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"amdahl/pools/procpool/internal/child"
)

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
	lengthening(t, func(limit time.Duration) error { // the first two are to start within it
		n.Store(0)
		p, err := Start(t.Context(), Options{Workers: 5, Transport: tr, StartTime: limit})
		if err == nil {
			p.Close()
		}
		if !errors.Is(err, syscall.ENOMEM) {
			return fmt.Errorf("Start: %w, want ENOMEM", err)
		}
		return nil
	})
}

// testRespawnFails: if a dead worker cannot be replaced, what waits fails.
func testRespawnFails(t *testing.T, tr Transport) {
	var broken atomic.Bool
	failStarts(t, broken.Load)
	p := begin(t, tr, Options{Workers: 1})
	works(t, p)
	broken.Store(true)
	p.mu.Lock()
	p.opt.StartTime = 100 * time.Millisecond // from now on no start succeeds, however long it may take
	p.mu.Unlock()
	f := Submit(t.Context(), p, exit, 1)
	g := Submit(t.Context(), p, square, 1)
	wantDeath(t, func() error { _, err := f.Get(t.Context()); return err }(), 1, 0, "exit code 1")
	if _, err := g.Get(t.Context()); !errors.Is(err, ErrBroken) || !errors.Is(err, syscall.ENOMEM) {
		t.Errorf("a waiting task: %v, want ErrBroken and why", err)
	}
}

func failStarts(t *testing.T, f func() bool) {
	old := child.StartProcess
	t.Cleanup(func() { child.StartProcess = old })
	child.StartProcess = func(name string, argv []string, attr *os.ProcAttr) (*os.Process, error) {
		if f() {
			return nil, &os.SyscallError{Syscall: "fork", Err: syscall.ENOMEM}
		}
		return old(name, argv, attr)
	}
}

// holdStarts has f called with each process that is started.
func holdStarts(t *testing.T, f func(pid int)) {
	old := child.StartProcess
	t.Cleanup(func() { child.StartProcess = old })
	child.StartProcess = func(name string, argv []string, attr *os.ProcAttr) (*os.Process, error) {
		p, err := old(name, argv, attr)
		if err == nil {
			f(p.Pid)
		}
		return p, err
	}
}

// unkillable loses all signals to workers until the test ends.
func unkillable(t *testing.T) {
	child.OnSignal(func(int, syscall.Signal) bool { return true })
	t.Cleanup(func() { child.OnSignal(nil) })
}
