package procpool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

func attackIgnores(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace, Tuning: Tuning{Chunk: 3}})
	free := newGate(t)
	free.open()
	within(t, "Map", func() {
		lengthening(t, func(limit time.Duration) error {
			held := newGate(t)
			out, err := Map(t.Context(), Tune(p, Tuning{TaskTimeout: limit}), stubborn, []gate{free, held, free})
			held.open()
			var errs Errors
			if !errors.As(err, &errs) || len(errs) != 1 || errs[0].Task != 1 || !slices.Equal(out, []gate{free, 0, free}) {
				return fmt.Errorf("Map = %v, %v", out, err)
			}
			return nil
		})
	})
	g := newGate(t)
	Submit(t.Context(), p, stubborn, g)
	g.reached(t)
	var err error
	within(t, "Terminate", func() { err = p.Terminate() })
	var left *LeftError
	if tr == Goroutines {
		if !errors.As(err, &left) || left.Tasks == 0 || !errors.As(p.Close(), &left) {
			t.Errorf("Terminate: %v, Close after it: %v; want a LeftError", err, p.Close())
		}
		g.open()
	}
	// A process may be left on a busy machine, and ends soon.
	eventually(t, "they end", func() bool { return p.Close() == nil })
	return fmt.Sprint("Terminate says: ", err)
}

func attackCancel(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1})
	g := newGate(t)
	f := Submit(t.Context(), p, stubborn, g)
	g.reached(t)
	if !f.Cancel() {
		t.Error("Cancel = false")
	}
	g.open()
	if _, err := f.Get(t.Context()); !errors.Is(err, ErrCancelled) {
		t.Errorf("Get after Cancel: %v", err)
	}
	m := MapAsync(t.Context(), p, nap, []int{10})
	if _, err := m.Get(t.Context()); m.Cancel() || err != nil {
		t.Errorf("Cancel of what is done; %v", err)
	}
	return "ErrCancelled although the task returned"
}

func attackShortage(t *testing.T, tr Transport) string {
	var short atomic.Bool
	short.Store(true)
	failStarts(t, short.Load)
	var p *Pool
	within(t, "Start in a shortage", func() {
		if q, err := Start(t.Context(), Options{Workers: 2, Transport: tr, StartTime: 100 * time.Millisecond, Stderr: io.Discard}); !errors.Is(err, syscall.ENOMEM) {
			q.Terminate()
			t.Errorf("Start: %v, want ENOMEM", err)
		}
	})
	time.AfterFunc(100*time.Millisecond, func() { short.Store(false) })
	within(t, "Start while a shortage ends", func() { p = begin(t, tr, Options{Workers: 2}) })
	short.Store(true)
	for _, pid := range pidsOf(p) {
		kill(pid, syscall.SIGKILL)
	}
	f := Submit(t.Context(), p, square, 3)
	time.Sleep(100 * time.Millisecond)
	short.Store(false)
	within(t, "a task that waits for it", func() {
		if got, err := f.Get(t.Context()); got != 9 || err != nil {
			t.Errorf("%v, %v", got, err)
		}
	})
	return "the pool waited, and went on"
}

func attackUnkillable(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace})
	pid := pidsOf(p)[0]
	unkillable(t)
	p.mu.Lock()
	p.killTime = 300 * time.Millisecond
	p.mu.Unlock()
	within(t, "Call", func() {
		if _, err := Call(limited(t, 200*time.Millisecond), p, nap, 60_000); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Call: %v", err)
		}
	})
	within(t, "a call afterwards", func() { works(t, p) })
	within(t, "Terminate", func() { p.Terminate() })
	for _, pid := range append(childrenOf(os.Getpid()), pid) {
		kill(pid, syscall.SIGKILL)
	}
	return "it was given up and replaced"
}

func attackChildren(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1})
	background := func(how string) int {
		n, err := Call(t.Context(), p, leaves, how)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	pid := background("")
	Call(t.Context(), p, exit, 3)
	eventually(t, "a worker that dies takes its children", func() bool { return !alive(pid) })
	pid = background("")
	p.Close()
	if !alive(pid) {
		t.Error("Close has killed what a task had started")
	}
	kill(pid, syscall.SIGKILL)
	p = begin(t, tr, Options{Workers: 1})
	pid = background("")
	p.Terminate()
	eventually(t, "Terminate takes them", func() bool { return !alive(pid) })
	return "death and Terminate take them, Close leaves them"
}

var leaves = Register("leaves/v1", func(context.Context, string) (int, error) {
	c := exec.Command("sleep", "300")
	return func() int { c.Start(); return c.Process.Pid }(), nil
})

func attackBroadcast(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 2, Lazy: true})
	if _, err := Broadcast(t.Context(), p, square, 3); !errors.Is(err, ErrNobody) {
		t.Errorf("without workers: %v, want ErrNobody", err)
	}
	works(t, p)
	if got, err := Broadcast(t.Context(), p, square, 3); err != nil || !slices.Equal(got, []int{9}) {
		t.Errorf("with one: %v, %v", got, err)
	}
	p.Close()
	if _, err := Broadcast(t.Context(), p, square, 3); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v, want ErrClosed", err)
	}
	return "ErrNobody and ErrClosed"
}

func attackEndWhileStarting(t *testing.T, tr Transport) string {
	for i := range 6 {
		p := begin(t, tr, Options{Workers: 2, Lazy: true, Grace: attackGrace})
		for range 3 {
			Submit(t.Context(), p, square, 1)
		}
		p.Resize(fewer(20, 5))
		p.Resize(1 + i%3)
		within(t, "the end", func() {
			switch i % 3 {
			case 0:
				p.Close()
			case 1:
				p.Terminate()
			default:
				p.CloseCancel()
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(time.Millisecond, cancel)
	within(t, "Start", func() {
		if p, err := Start(ctx, Options{Workers: fewer(50, 5), Transport: tr, Stderr: io.Discard}); err == nil {
			p.Terminate()
		}
	})
	return "all returned"
}

func attackCancelStorm(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 2, Grace: attackGrace})
	within(t, "the storm", func() {
		for range fewer(20, 4) {
			ctx, cancel := context.WithCancel(t.Context())
			var fs []*Future[int]
			for i := range 200 {
				fs = append(fs, Submit(ctx, p, wait, i%2*60_000))
			}
			for i := 0; i < len(fs); i += 3 {
				go fs[i].Cancel()
			}
			cancel()
			for _, f := range fs {
				f.Get(t.Context())
			}
		}
		works(t, p)
	})
	return "all tasks have ended"
}

func attackCallbacks(t *testing.T, tr Transport) string {
	end := make(chan struct{})
	t.Cleanup(func() { close(end) })
	p := begin(t, tr, Options{Workers: 1, Grace: attackGrace, OnEvent: func(e Event) {
		switch e.Kind {
		case WorkerStarted:
			panic("in OnEvent")
		default:
			<-end
		}
	}})
	ex := Tune(p, Tuning{Progress: func(g Progress) {
		if g.Done == g.Total {
			<-end
		}
		panic("in Progress")
	}})
	within(t, "Map", func() { must[[]int](t)(Map(t.Context(), ex, square, upTo(100))) })
	ex = Tune(p, Tuning{Progress: func(Progress) { runtime.Goexit() }})
	within(t, "Map", func() { must[[]int](t)(Map(t.Context(), ex, square, upTo(100))) })
	f := Submit(t.Context(), p, square, 2)
	f.OnDone(func() { <-end })
	f.OnDone(func() { runtime.Goexit() })
	within(t, "Get", func() { must[int](t)(f.Get(t.Context())) })
	within(t, "Close", func() { p.Close() })
	return "nothing waits for them"
}
