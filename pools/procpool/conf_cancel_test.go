package procpool

import (
	"context"
	"errors"
	"testing"
	"time"
)

func testCancelQueued(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1})
	file := t.TempDir() + "/ran"
	g := newGate(t)
	blocker := Submit(t.Context(), p, stubborn, g)
	g.reached(t)
	cause := errors.New("the cause")
	ctx, cancel := context.WithCancelCause(t.Context())
	f := Submit(ctx, p, touch, file)
	m := MapAsync(ctx, p, touch, []string{file, file})
	cancel(cause)
	if _, err := f.Get(t.Context()); !errors.Is(err, cause) {
		t.Errorf("a queued task: %v, want the cause", err)
	}
	if _, err := m.Get(t.Context()); !errors.Is(err, cause) {
		t.Errorf("a queued Map: %v, want the cause", err)
	}
	g.open()
	if got, err := blocker.Get(t.Context()); got != g || err != nil {
		t.Errorf("the running task: %v, %v; want it untouched", got, err)
	}
	works(t, p)
	if alive := exists(file); alive {
		t.Error("a cancelled task ran")
	}
	// A Map with a deadline on a busy pool.
	g = newGate(t)
	blocker = Submit(t.Context(), p, stubborn, g)
	g.reached(t)
	short, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer stop()
	if _, err := Map(short, p, touch, []string{file, file, file}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Map with a deadline: %v", err)
	}
	g.open()
	blocker.Get(t.Context())
	works(t, p)
	if exists(file) {
		t.Error("a task of a Map that had timed out ran")
	}
}

// testCancelRunning: a running task that obeys its context goes on to live, and the worker
// of one that does not is killed after the grace.
func testCancelRunning(t *testing.T, tr Transport) {
	for _, c := range []struct {
		f     *Func[gate, gate]
		grace time.Duration
		dies  bool
	}{{obeying, enough, false}, {stubborn, 100 * time.Millisecond, true}} {
		if c.dies && tr == Goroutines {
			continue // would run on
		}
		p := begin(t, tr, Options{Workers: 1, Grace: c.grace})
		g := newGate(t)
		cause := errors.New("the cause")
		ctx, cancel := context.WithCancelCause(t.Context())
		pid := 0
		go func() {
			for !g.begun() && ctx.Err() == nil {
				time.Sleep(time.Millisecond)
			}
			pid = pidsOf(p)[0]
			cancel(cause)
		}()
		if _, err := Call(ctx, p, c.f, g); !errors.Is(err, cause) {
			t.Errorf("%s: %v; want the cause", c.f.Name(), err)
		}
		<-ctx.Done()
		works(t, p)
		died := p.Stats().Died
		if tr == Goroutines {
			continue
		}
		switch {
		case !c.dies && died != 0:
			t.Errorf("%d workers died, want none: it obeyed", died)
		case c.dies && died == 0:
			t.Error("no worker died, though one did not obey")
		case c.dies:
			eventually(t, "the one that did not obey is gone", func() bool { return !alive(pid) })
		}
	}
}
