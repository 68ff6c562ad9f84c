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
	ms := 1000
	within(t, 200*time.Millisecond, "Map", func() {
		out, err := Map(t.Context(), Tune(p, Tuning{TaskTimeout: 200 * time.Millisecond}), nap, []int{1, ms, 2})
		var errs Errors
		if !errors.As(err, &errs) || len(errs) != 1 || errs[0].Task != 1 || !slices.Equal(out, []int{1, 0, 2}) {
			t.Errorf("Map = %v, %v", out, err)
		}
	})
	f := Submit(t.Context(), p, nap, ms)
	eventually(t, "it runs", f.Running)
	var err error
	within(t, 0, "Terminate", func() { err = p.Terminate() })
	var left *LeftError
	if errors.As(err, &left) != (tr == Goroutines) {
		t.Errorf("Terminate: %v; want a LeftError with goroutines only", err)
	}
	if tr == Goroutines {
		if left == nil || left.Tasks == 0 || !errors.As(p.Close(), &left) {
			t.Errorf("Close after it: %v", p.Close())
		}
		eventually(t, "they end", func() bool { return p.Close() == nil })
	}
	return fmt.Sprint("Terminate says: ", err)
}

func attackCancel(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 1, Grace: 5 * time.Second})
	f := Submit(t.Context(), p, nap, 500)
	eventually(t, "it runs", f.Running)
	if !f.Cancel() {
		t.Error("Cancel = false")
	}
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
	within(t, 0, "Start in a shortage", func() {
		if q, err := Start(t.Context(), Options{Workers: 2, Transport: tr, StartTime: 100 * time.Millisecond, Stderr: io.Discard}); !errors.Is(err, syscall.ENOMEM) {
			q.Terminate()
			t.Errorf("Start: %v, want ENOMEM", err)
		}
	})
	time.AfterFunc(100*time.Millisecond, func() { short.Store(false) })
	within(t, time.Second, "Start while a shortage ends", func() { p = begin(t, tr, Options{Workers: 2}) })
	short.Store(true)
	for _, pid := range pidsOf(p) {
		kill(pid, syscall.SIGKILL)
	}
	f := Submit(t.Context(), p, square, 3)
	time.Sleep(100 * time.Millisecond)
	short.Store(false)
	within(t, 2*time.Second, "a task that waits for it", func() {
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
	within(t, 200*time.Millisecond, "Call", func() {
		if _, err := Call(limited(t, 200*time.Millisecond), p, nap, 60_000); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Call: %v", err)
		}
	})
	within(t, time.Second, "a call afterwards", func() { works(t, p) })
	within(t, 0, "Terminate", func() { p.Terminate() })
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
	c := exec.Command("sleep", "30")
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
		p.Resize(20)
		p.Resize(1 + i%3)
		within(t, time.Second, "the end", func() {
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
	within(t, time.Second, "Start", func() {
		if p, err := Start(ctx, Options{Workers: 50, Transport: tr, Stderr: io.Discard}); err == nil {
			p.Terminate()
		}
	})
	return "all returned"
}

func attackCancelStorm(t *testing.T, tr Transport) string {
	p := begin(t, tr, Options{Workers: 2, Grace: attackGrace})
	within(t, 10*time.Second, "the storm", func() {
		for range 20 {
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
	return "4000 tasks have ended"
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
	within(t, time.Second, "Map", func() { must[[]int](t)(Map(t.Context(), ex, square, upTo(100))) })
	ex = Tune(p, Tuning{Progress: func(Progress) { runtime.Goexit() }})
	within(t, time.Second, "Map", func() { must[[]int](t)(Map(t.Context(), ex, square, upTo(100))) })
	f := Submit(t.Context(), p, square, 2)
	f.OnDone(func() { <-end })
	f.OnDone(func() { runtime.Goexit() })
	within(t, 0, "Get", func() { must[int](t)(f.Get(t.Context())) })
	within(t, time.Second, "Close", func() { p.Close() })
	return "nothing waits for them"
}
