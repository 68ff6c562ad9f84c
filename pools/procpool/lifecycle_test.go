package procpool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestEvents: what happens to workers is told, in order, and all of it by the
// time that Close returns.
func TestEvents(t *testing.T) {
	for _, tr := range everywhere {
		var mu sync.Mutex
		var lines []string
		p := begin(t, tr, Options{Workers: 1, Name: "ev", MaxTasks: 3, OnEvent: func(e Event) {
			mu.Lock()
			defer mu.Unlock()
			lines = append(lines, fmt.Sprint(e.Worker, " ", e.Kind))
			if e.Kind == WorkerDied && e.Err == nil || e.Time.IsZero() || !strings.Contains(e.String(), e.Worker) {
				t.Errorf("event %+v says too little", e)
			}
		}})
		if tr != Goroutines {
			Call(t.Context(), p, exit, 3)
		} else {
			Call(t.Context(), p, square, 1)
		}
		for range 3 {
			Call(t.Context(), p, square, 1)
		}
		p.Close()
		mu.Lock()
		want := []string{"ev-1 started", "ev-1 died", "ev-2 started", "ev-2 recycled"}
		if tr == Goroutines {
			want = []string{"ev-1 started", "ev-1 recycled"}
		}
		if !slices.Equal(lines[:min(len(lines), len(want))], want) {
			t.Errorf("%v: events %q, want %q first", tr, lines, want)
		}
		mu.Unlock()
	}
}

// TestNames: a worker is called by its pool and number in lists of processes,
// and in the labels of goroutines.
func TestNames(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("lists of processes are read on Linux")
	}
	p := begin(t, Auto, Options{Workers: 1, Name: "a-very-long-name-of-a-pool"})
	w := p.Stats().Workers[0]
	comm, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", w.Pid))
	line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", w.Pid))
	if w.Name != "a-very-long-name-of-a-pool-1" || strings.TrimSpace(string(comm)) != "a-very-long-n-1" || !strings.Contains(string(line), "worker "+w.Name) {
		t.Errorf("name %q, comm %q, command line %q", w.Name, comm, line)
	}
}

// TestFirstLines: the first lines come with the name, then a count.
func TestFirstLines(t *testing.T) {
	var b lockedBuffer
	l := &firstLines{to: &b, name: "w-1"}
	for i := range 25 {
		fmt.Fprintf(l, "line %d\nhalf", i)
		fmt.Fprint(l, " of it\n")
	}
	fmt.Fprint(l, strings.Repeat("x", 10_000))
	l.end()
	fmt.Fprint(l, "late\n")
	got := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(got) != linesShown+1 || got[0] != "w-1: line 0" || got[19] != "w-1: half of it" || !strings.Contains(got[20], "w-1: … and 31 more lines") {
		t.Errorf("got %d lines: %q", len(got), got)
	}
}

// TestTuneAmends: what is not set stays.
func TestTuneAmends(t *testing.T) {
	p := begin(t, Goroutines, Options{Workers: 1, Tuning: Tuning{TaskTimeout: time.Second, Chunk: 3}})
	ex := Tune(Tune(p, Tuning{Window: 2}), Tuning{Chunk: 5})
	if got, _ := targetOf(ex); got.tune.TaskTimeout != time.Second || got.tune.Chunk != 5 || got.tune.Window != 2 {
		t.Errorf("tuning %+v", got.tune)
	}
	if got, _ := targetOf(Tune(p, Tuning{TaskTimeout: NoTimeout})); got.tune.timeout() != 0 {
		t.Errorf("NoTimeout leaves %v", got.tune.timeout())
	}
	if got := (Tuning{Retries: NoRetries}); got.retries() != 0 {
		t.Errorf("NoRetries is %d", got.retries())
	}
	f := square.With(Tuning{TaskTimeout: time.Minute})
	if got, err := f.Call(t.Context(), p, 3); got != 9 || err != nil || f.Name() != square.Name() {
		t.Errorf("a function with a tuning: %v, %v", got, err)
	}
}

// TestFake: an executor of the user's serves every call.
func TestFake(t *testing.T) {
	fake := ExecutorFunc(func(_ context.Context, name string, arg any) (any, error) {
		x := arg.(int)
		switch {
		case name != "square/v1":
			return "no number", nil
		case x == 3:
			return nil, errSentinel
		}
		return x + 100, nil
	})
	ctx := t.Context()
	if got, err := square.Call(ctx, fake, 1); got != 101 || err != nil {
		t.Errorf("Call = %v, %v", got, err)
	}
	out, err := square.Map(ctx, Tune(fake, Tuning{Chunk: 2}), []int{1, 2, 3})
	var errs Errors
	if !slices.Equal(out, []int{101, 102, 0}) || !errors.As(err, &errs) || errs[0].Task != 2 || !errors.Is(err, errSentinel) {
		t.Errorf("Map = %v, %v", out, err)
	}
	if got, err := square.Submit(ctx, fake, 5).Get(ctx); got != 105 || err != nil {
		t.Errorf("Submit = %v, %v", got, err)
	}
	n := 0
	for x, err := range square.Ordered(ctx, fake, slices.Values([]int{1, 2})) {
		if n++; x != 100+n || err != nil {
			t.Errorf("Ordered: %v, %v", x, err)
		}
	}
	if got, err := nothing.Call(ctx, fake, 1); err == nil || !strings.Contains(err.Error(), "string") {
		t.Errorf("a result of another type: %v, %v", got, err)
	}
	p := begin(t, Goroutines, Options{Workers: 1})
	if got, err := p.Do(ctx, "square/v1", 4); got != 16 || err != nil {
		t.Errorf("Do = %v, %v", got, err)
	}
	if _, err := p.Do(ctx, "square/v1", "4"); err == nil {
		t.Error("Do with another type: no error")
	}
	if _, err := p.Do(ctx, "nobody", 4); !errors.Is(err, ErrUnknownFunc) {
		t.Errorf("Do of nobody: %v", err)
	}
}

// TestCloseCancel: what is queued is cancelled, what runs finishes.
func TestCloseCancel(t *testing.T) {
	for _, tr := range everywhere {
		p := begin(t, tr, Options{Workers: 1})
		g := newGate(t)
		running := Submit(t.Context(), p, stubborn, g)
		g.reached(t)
		var queued []*Future[int]
		for range 50 {
			queued = append(queued, Submit(t.Context(), p, square, 2))
		}
		go func() { <-queued[49].Done(); g.open() }()
		if err := p.CloseCancel(); err != nil {
			t.Error(err)
		}
		if got, err := running.Get(t.Context()); got != g || err != nil {
			t.Errorf("%v: what ran: %v, %v", tr, got, err)
		}
		for _, f := range queued {
			if !errors.Is(f.Err(), ErrCancelled) {
				t.Errorf("%v: what was queued: %v", tr, f.Err())
				break
			}
		}
	}
}

// TestGathering: a payload that does not come takes no memory, one that comes
// in pieces is put together.
func TestGathering(t *testing.T) {
	for _, size := range []int{1, firstPiece - 1, firstPiece, firstPiece + 1, 1 << 20, 5<<20 + 3} {
		want := make([]byte, size)
		for i := range want {
			want[i] = byte(i * 7 >> 3)
		}
		var g gathering
		for range 2 {
			g.begin(uint64(size))
			for rest := want; len(rest) > 0; {
				n := min(len(rest), 10_007)
				g.add(rest[:n])
				rest = rest[n:]
				held := 0
				for _, p := range g.pieces {
					held += len(p)
				}
				if held > 2*g.n+firstPiece && cap(g.kept) < size {
					t.Fatalf("size %d: %d bytes held for %d that came", size, held, g.n)
				}
			}
			if got, owned := g.whole(); !slices.Equal(got, want) || owned != (size > keepUpTo) {
				t.Errorf("size %d: %d bytes, owned %v", size, len(got), owned)
			}
		}
	}
	var g gathering
	g.begin(1 << 46)
	if n := len(g.room()); n > firstPiece {
		t.Errorf("a size of 2^46 takes %d bytes at once", n)
	}
}

// TestSeal: a header that was damaged is not believed.
func TestSeal(t *testing.T) {
	h := header{kind: frameMixed, flags: summed, count: 3, size: 5}
	h.fn = h.seal([]byte("hello"))
	if !h.sealedHeader() || h.seal([]byte("hello")) != h.fn {
		t.Error("a good header is refused")
	}
	if h.seal([]byte("hallo")) == h.fn {
		t.Error("a payload that was changed is believed")
	}
	plain := header{kind: frameOK, count: 3, size: 24}
	plain.fn = plain.seal(nil)
	for i := range 128 {
		a, b := plain.words()
		if i < 64 {
			a ^= 1 << i
		} else {
			b ^= 1 << (i - 64)
		}
		bad := headerOf(a, b)
		if bad.flags&(inSlab|more|summed) != plain.flags { // the ring's own, and a sum that is checked later
			continue
		}
		if bad.sealedHeader() {
			t.Errorf("bit %d was changed, and the header is believed", i)
		}
	}
}

// TestWellBehaved: contexts of the standard library take the quick way, others
// do not.
func TestWellBehaved(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	defer cancel()
	timed, cancel := context.WithTimeout(cancelled, time.Hour)
	defer cancel()
	notified, stop := signal.NotifyContext(timed, os.Interrupt)
	defer stop()
	for i, ctx := range []context.Context{context.Background(), context.TODO(), t.Context(), cancelled, timed, notified,
		context.WithoutCancel(timed), context.WithValue(notified, insideKey{}, 1), context.WithValue(context.Background(), insideKey{}, 1)} {
		if !wellBehaved(ctx) {
			t.Errorf("context %d, %T, is taken for a stranger", i, ctx)
		}
	}
	for i, ctx := range []context.Context{badContext{timed, ""}, &badContext{timed, ""}, context.WithValue(badContext{timed, ""}, insideKey{}, 1)} {
		if wellBehaved(ctx) {
			t.Errorf("context %d, %T, is taken for one of the library", i, ctx)
		}
	}
}
