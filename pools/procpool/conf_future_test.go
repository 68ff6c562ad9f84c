package procpool

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"weak"
)

func testFutureStates(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1})
	ctx := t.Context()
	running := Submit(ctx, p, wait, 1_000_000)
	eventually(t, "it runs", running.Running)
	pending := Submit(ctx, p, square, 3)
	cancelled := Submit(ctx, p, square, 4)
	if !cancelled.Cancel() {
		t.Error("Cancel of a pending future = false")
	}
	<-cancelled.Done()
	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	for _, c := range []struct {
		f              *Future[int]
		state          string
		ready, running bool
		err            error // of Get with a deadline
	}{
		{running, "running", false, true, context.DeadlineExceeded},
		{pending, "pending", false, false, context.DeadlineExceeded},
		{cancelled, "cancelled", true, false, ErrCancelled},
	} {
		_, err := c.f.Get(short)
		if !strings.HasSuffix(c.f.String(), ": "+c.state+")") || c.f.Ready() != c.ready || c.f.Running() != c.running || !errors.Is(err, c.err) {
			t.Errorf("%v: ready %v, running %v, Get %v; want %s, %v, %v, %v", c.f, c.f.Ready(), c.f.Running(), err, c.state, c.ready, c.running, c.err)
		}
		if c.ready != (c.f.Err() != nil) {
			t.Errorf("%v: Err = %v", c.f, c.f.Err())
		}
	}
	if !running.Cancel() {
		t.Error("Cancel of a running future = false")
	}
	if _, err := running.Get(ctx); !errors.Is(err, ErrCancelled) {
		t.Errorf("after Cancel: %v, want ErrCancelled", err)
	}
	if got, err := pending.Get(ctx); got != 9 || err != nil {
		t.Errorf("pending = %v, %v", got, err)
	}
	if pending.Cancel() || !strings.HasSuffix(pending.String(), ": done)") {
		t.Errorf("a future that is done could be cancelled, or is %v", pending)
	}
	failed := Submit(ctx, p, killOrError(tr), "error")
	<-failed.Done()
	if !strings.HasSuffix(failed.String(), ": failed)") || failed.Err() == nil || failed.Cancel() {
		t.Errorf("a failed future is %v, Err %v", failed, failed.Err())
	}
	for range 2 { // the outcome stays
		if got, _ := pending.Get(ctx); got != 9 {
			t.Errorf("second Get = %v", got)
		}
	}
}

func killOrError(Transport) *Func[string, string] { return misbehave }

func testSleepAndTimeout(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	g := newGate(t)
	f := Submit(t.Context(), p, stubborn, g)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	if _, err := f.Get(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Get with a short deadline: %v", err)
	}
	g.open()
	if got, err := f.Get(t.Context()); got != g || err != nil {
		t.Errorf("the task was lost: %v, %v", got, err)
	}
}

func testOnDone(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 1})
	ctx := t.Context()
	for name, f := range map[string]*Future[string]{
		"result": Submit(ctx, p, misbehave, "fine"),
		"error":  Submit(ctx, p, misbehave, "error"),
	} {
		calls := make(chan error, 10)
		f.OnDone(func() { calls <- f.Err() })
		f.OnDone(func() { panic("in a callback") })
		f.OnDone(func() { calls <- f.Err() })
		<-f.Done()
		f.OnDone(func() { calls <- f.Err() }) // late
		for range 3 {
			if err := <-calls; (err != nil) != (name == "error") {
				t.Errorf("%s: a callback saw %v", name, err)
			}
		}
		eventually(t, "the panic is kept", func() bool {
			var pe *PanicError
			return errors.As(f.CallbackErr(), &pe) && pe.Value == "in a callback"
		})
		if len(calls) > 0 {
			t.Errorf("%s: a callback was called twice", name)
		}
	}
	blocker := Submit(ctx, p, wait, 1_000_000)
	f := Submit(ctx, p, square, 1)
	called := make(chan bool)
	f.OnDone(func() { close(called) })
	f.Cancel()
	<-called
	blocker.Cancel()
	works(t, p)

	// A whole list at once.
	lists := make(chan []int, 2)
	m := MapAsync(ctx, p, square, upTo(5))
	m.OnDone(func() { r, _ := m.Get(ctx); lists <- r })
	if got := <-lists; len(got) != 5 || got[4] != 16 {
		t.Errorf("the callback of a Map saw %v", got)
	}
}

func testChains(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	var wg sync.WaitGroup
	var chain func(n int)
	chain = func(n int) {
		if n == 0 {
			wg.Done()
			return
		}
		Submit(t.Context(), p, square, n).OnDone(func() { chain(n - 1) })
	}
	for _, n := range []int{100, 60, 50} {
		wg.Add(1)
		chain(n)
	}
	wg.Wait()
	for x, err := range Ordered(t.Context(), p, square, func(yield func(int) bool) { _ = yield(1) && yield(2) }) {
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Call(t.Context(), p, square, x); got != x*x || err != nil {
			t.Errorf("from inside the loop: %v, %v", got, err)
		}
	}
}

func testWaiting(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 2})
	ctx := t.Context()
	slow := Submit(ctx, p, wait, 1_000_000)
	quick := Submit(ctx, p, nap, 1)
	if got, err := WaitAny(ctx, slow, quick); got != quick || err != nil {
		t.Errorf("WaitAny = %v, %v; want the quick one", got, err)
	}
	if got, err := WaitAny(ctx, slow, quick); got != quick || err != nil {
		t.Errorf("WaitAny of one that is done = %v, %v", got, err)
	}
	if _, err := WaitAny[*Future[int]](ctx); err == nil {
		t.Error("WaitAny of nothing: no error")
	}
	if err := WaitAll(ctx, quick, quick, quick); err != nil {
		t.Errorf("WaitAll of one thrice: %v", err)
	}
	bad := Submit(ctx, p, nestedFail, 1)
	for range 2 { // the second time it has failed already
		if got, err := WaitFirstError(ctx, quick, bad, slow); got != bad || err == nil {
			t.Errorf("WaitFirstError = %v, %v; want the failed one", got, err)
		}
	}
	if got, err := WaitFirstError(ctx, quick); got != nil || err != nil {
		t.Errorf("WaitFirstError of good ones = %v, %v", got, err)
	}
	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	more := Submit(ctx, p, wait, 1_000_000)
	err := WaitAll(short, quick, slow, more, bad)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "2 of 4 futures not done") {
		t.Errorf("WaitAll with a deadline: %v", err)
	}
	done, cut := 0, false
	for f, err := range AsCompleted(short, slow, quick, quick, bad, more) {
		if err != nil {
			cut = true
			continue
		}
		if f != quick && f != bad {
			t.Errorf("AsCompleted yielded %v", f)
		}
		done++
	}
	if done != 2 || !cut {
		t.Errorf("AsCompleted: %d done, cut %v; want 2, true", done, cut)
	}
	slow.Cancel()
	more.Cancel()
	if err := WaitAll(ctx, quick, slow, more); !errors.Is(err, ErrCancelled) {
		t.Errorf("WaitAll with cancelled ones: %v, want ErrCancelled", err)
	}
}

var nestedFail = Register("fail/v1", func(context.Context, int) (int, error) { return 0, &typedError{1} })

func testManyWaiters(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	for range fewer(20, 5) {
		f := Submit(t.Context(), p, square, 3)
		var n atomic.Int32
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if got, err := f.Get(t.Context()); got == 9 && err == nil {
					n.Add(1)
				}
			})
		}
		wg.Wait()
		if n.Load() != 100 {
			t.Fatalf("%d of 100 waiters saw the result", n.Load())
		}
	}
}

func testAsCompletedRefs(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{})
	var ws []weak.Pointer[Future[int]]
	func() {
		fs := []*Future[int]{Submit(t.Context(), p, nap, 1), Submit(t.Context(), p, nap, 2)}
		for f := range AsCompleted(t.Context(), fs...) {
			ws = append(ws, weak.Make(f))
		}
	}()
	works(t, p)
	eventually(t, "the futures are collected", func() bool {
		runtime.GC()
		return ws[0].Value() == nil && ws[1].Value() == nil
	})
}

// testThreads: many goroutines do everything at once.
func testThreads(t *testing.T, tr Transport) {
	p := begin(t, tr, Options{Workers: 3})
	var wg sync.WaitGroup
	for g := range 10 {
		wg.Go(func() {
			for i := range fewer(20, 2) {
				switch (g + i) % 4 {
				case 0:
					if got, err := Map(t.Context(), p, square, upTo(50)); err != nil || got[49] != 49*49 {
						t.Errorf("Map: %v", err)
					}
				case 1:
					if got, err := Call(t.Context(), p, square, i); got != i*i || err != nil {
						t.Errorf("Call: %v, %v", got, err)
					}
				case 2:
					f := Submit(t.Context(), p, greet, person{Name: "x"})
					f.Cancel()
					if r, err := f.Get(t.Context()); err == nil && r.Name != "hello x" || err != nil && !errors.Is(err, ErrCancelled) {
						t.Errorf("Submit and Cancel: %v, %v", r, err)
					}
				case 3:
					for x, err := range Unordered(t.Context(), p, square, slices.Values([]int{2, 2, 2})) {
						if x != 4 || err != nil {
							t.Errorf("Unordered: %v, %v", x, err)
						}
						break
					}
				}
			}
		})
	}
	wg.Wait()
	works(t, p)
}
