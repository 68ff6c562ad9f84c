package procpool

import (
	"slices"
	"syscall"
	"testing"
	"time"
)

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
	for i := range fewer(50, 4) {
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
		for round := range fewer(5, 2) {
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
	many := fewer(12, 2)
	for _, n := range []int{1, 1, 2, many, 2, 1, many, 6, 1, 8, 5} {
		if err := p.Resize(n); err != nil {
			t.Fatal(err)
		}
		works(t, p)
		if n == many && tr != Goroutines {
			if pids := pidsOf(p); len(pids) > 0 {
				kill(pids[0], syscall.SIGKILL)
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
