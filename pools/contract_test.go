package pools_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"amdahl/pools"
)

// each runs the test under every strategy.
func each(t *testing.T, f func(t *testing.T, s pools.Strategy)) {
	for _, s := range pools.All {
		t.Run("strategy="+s.Name, func(t *testing.T) { f(t, s) })
	}
}

// atOnce is how many of n tasks the strategy runs at a time, while none of
// them ends, in the Run with this number of a new pool.
func atOnce(s pools.Strategy, workers, n, run int) int {
	if s.Chance {
		return pools.Together(s.Name, workers, n, run)
	}
	return map[pools.Concurrency]int{pools.One: 1, pools.Workers: min(workers, n), pools.Tasks: n}[s.Concurrency]
}

// atMost is how many of n tasks may ever run at a time.
func atMost(s pools.Strategy, workers, n int) int {
	s.Chance = false
	return atOnce(s, workers, n, 0)
}

func TestEachTaskOnce(t *testing.T) {
	each(t, func(t *testing.T, s pools.Strategy) {
		tests := []struct{ workers, lo, hi int }{
			{1, 0, 1}, {1, 0, 100}, {3, 0, 1000}, {4, 0, 3}, {2, 5, 5}, {2, 5, 4}, {2, 990, 1000}, {3, -7, 7}, {8, 0, 2000},
		}
		for _, tt := range tests {
			t.Run(fmt.Sprintf("workers=%d/%d..%d", tt.workers, tt.lo, tt.hi), func(t *testing.T) {
				var want, sum uint64
				for i := tt.lo; i < tt.hi; i++ {
					want += square(i)
				}
				tasks := &set{At: -1000}
				p := open(t, s, tt.workers, tasks.job(t))
				for round := range 2 {
					var err error
					if sum, err = p.Run(bounded(t), tt.lo, tt.hi); err != nil || sum != want {
						t.Errorf("Run %d = %d, %v, want %d", round, sum, err, want)
					}
				}
				done := tasks.done.Load()
				if m, ok := p.(pools.Metered); ok {
					u, err := m.Usage(bounded(t))
					if err != nil || u.CPU <= 0 {
						t.Errorf("Usage = %+v, %v, want CPU > 0", u, err)
					}
					done = u.Counters["done"]
				}
				if want := int64(2 * max(0, tt.hi-tt.lo)); done != want {
					t.Errorf("%d tasks ran in two Runs, want %d", done, want)
				}
			})
		}
	})
}

func TestMeteredIsProcesses(t *testing.T) {
	each(t, func(t *testing.T, s pools.Strategy) {
		p := open(t, s, 1, (&set{At: -1}).job(t))
		if _, got := p.(pools.Metered); got != s.Processes {
			t.Errorf("Metered = %v, want %v", got, s.Processes)
		}
	})
}

func TestAtATime(t *testing.T) {
	const workers, n = 3, 12
	each(t, func(t *testing.T, s pools.Strategy) {
		ref := newReferee(t, n)
		p := open(t, s, workers, (&set{At: -1, Party: ref.addr}).job(t))
		end := start(p, context.Background(), n)
		want := atOnce(s, workers, n, 0)
		ref.wait(t, want) // so many are under way together
		close(ref.open)
		if got := <-end; got != nil {
			t.Errorf("Run: %v", got)
		}
		ref.mu.Lock()
		defer ref.mu.Unlock()
		if most := atMost(s, workers, n); ref.peak < want || ref.peak > most {
			t.Errorf("%d tasks at a time, want %d to %d", ref.peak, want, most)
		}
		for i := range n {
			if ref.seen[i] != 1 {
				t.Errorf("task %d began %d times, want 1", i, ref.seen[i])
			}
		}
	})
}

// start starts a Run of n tasks.
func start(p pools.Pool, ctx context.Context, n int) <-chan error {
	end := make(chan error, 1)
	go func() {
		_, err := p.Run(ctx, 0, n)
		end <- err
	}()
	return end
}

// A failing task ends the Run while the others are held: only their context
// can set them free. None is started after it.
func TestFirstErrorWins(t *testing.T) {
	const workers, n = 3, 12
	for _, kind := range []string{"fail", "panic", "goexit"} {
		each(t, func(t *testing.T, s pools.Strategy) {
			ref := newReferee(t, n)
			want := atOnce(s, workers, n, 0)
			p := open(t, s, workers, (&set{Kind: kind, At: 0, Party: ref.addr}).job(t))
			end := start(p, bounded(t), n)
			if tasks := ref.wait(t, want); !slices.Contains(tasks, 0) {
				t.Fatalf("tasks %v are under way, want 0 among them", tasks)
			}
			ref.let(0)
			checkFailure(t, s, kind, 0, <-end)
			ref.mu.Lock()
			defer ref.mu.Unlock()
			if len(ref.seen) != want {
				t.Errorf("%s: %d tasks were started, want %d", kind, len(ref.seen), want)
			}
		})
	}
}

// checkFailure checks the error of a Run whose task i failed.
func checkFailure(t *testing.T, s pools.Strategy, kind string, task int, err error) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: Run: no error", kind)
		return
	}
	switch kind {
	case "fail":
		if !s.Processes && err != errBoom {
			t.Errorf("Run: %v, want the very error %v", err, errBoom)
		}
		if want := errBoom.Error(); !strings.Contains(err.Error(), want) {
			t.Errorf("Run: %v, want %q in it", err, want)
		}
	case "goexit":
		if !s.Processes && !errors.Is(err, pools.ErrGoexit) {
			t.Errorf("Run: %v, want %v", err, pools.ErrGoexit)
		}
		for _, want := range []string{fmt.Sprintf("task %d", task), pools.ErrGoexit.Error()} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("Run: %v, want %q in it", err, want)
			}
		}
	case "panic":
		p, ok := errors.AsType[*pools.PanicError](err)
		if !ok {
			t.Errorf("Run: %v, want a PanicError", err)
			return
		}
		if want := fmt.Sprintf("tripped over %d", task); p.Task != task || p.Value != want || (p.Pid != 0) != s.Processes {
			t.Errorf("PanicError task %d, value %v, pid %d, want %d, %s, a pid: %v", p.Task, p.Value, p.Pid, task, want, s.Processes)
		}
		if want := "(*set).Do"; !bytes.Contains(p.Stack, []byte(want)) || !strings.Contains(err.Error(), want) {
			t.Errorf("stack and error without %s:\n%v", want, err)
		}
	}
}

// After a failure the pool goes on, as good as new.
func TestRunAfterFailure(t *testing.T) {
	for _, kind := range []string{"fail", "panic", "goexit"} {
		each(t, func(t *testing.T, s pools.Strategy) {
			p := open(t, s, 2, (&set{Kind: kind, At: 7}).job(t))
			for range 3 {
				_, err := p.Run(bounded(t), 0, 20)
				checkFailure(t, s, kind, 7, err)
				if sum, err := p.Run(bounded(t), 1, 3); err != nil || sum != square(1)+square(2) {
					t.Errorf("Run after %s = %d, %v, want %d", kind, sum, err, square(1)+square(2))
				}
			}
		})
	}
}

func TestCancel(t *testing.T) {
	const workers, n = 3, 12
	cause := errors.New("enough")
	each(t, func(t *testing.T, s pools.Strategy) {
		ref := newReferee(t, 2*n)
		p := open(t, s, workers, (&set{At: -1, Party: ref.addr}).job(t))
		for round := range 2 {
			want := atOnce(s, workers, n, round)
			ctx, cancel := context.WithCancelCause(bounded(t))
			end := start(p, ctx, n)
			ref.wait(t, want)
			cancel(cause) // nothing else sets the tasks free
			if err := <-end; err != cause {
				t.Errorf("round %d: Run: %v, want %v", round, err, cause)
			}
		}
		ref.mu.Lock()
		defer ref.mu.Unlock()
		if begun := len(ref.arrived); ref.running != 0 || begun != 0 {
			t.Errorf("%d tasks are under way and %d more were started, want 0 and 0", ref.running, begun)
		}
	})
}

func TestCancelledBefore(t *testing.T) {
	each(t, func(t *testing.T, s pools.Strategy) {
		tasks := &set{At: -1}
		p := open(t, s, 2, tasks.job(t))
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := p.Run(ctx, 0, 10)
		done := tasks.done.Load()
		if m, ok := p.(pools.Metered); ok {
			u, err := m.Usage(bounded(t))
			if err != nil {
				t.Error(err)
			}
			done = u.Counters["done"]
		}
		if !errors.Is(err, context.Canceled) || done != 0 {
			t.Errorf("Run: %v, %d tasks ran, want %v, 0", err, done, context.Canceled)
		}
	})
}

func TestClose(t *testing.T) {
	each(t, func(t *testing.T, s pools.Strategy) {
		p := open(t, s, 2, (&set{Kind: "fail", At: 3}).job(t))
		if _, err := p.Run(bounded(t), 0, 10); err == nil {
			t.Error("Run: no error, want boom")
		}
		for range 2 {
			if err := p.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		}
		for _, hi := range []int{0, 10} {
			if _, err := p.Run(bounded(t), 0, hi); !errors.Is(err, pools.ErrClosed) {
				t.Errorf("Run after Close: %v, want %v", err, pools.ErrClosed)
			}
		}
	})
}

func TestBadOpen(t *testing.T) {
	each(t, func(t *testing.T, s pools.Strategy) {
		good := (&set{}).job(t)
		tests := []struct {
			workers int
			job     pools.Job
			want    string
		}{
			{0, good, "workers is 0: need at least 1"},
			{-3, good, "workers is -3: need at least 1"},
			{1, pools.Job{}, "the job has no "},
		}
		for _, tt := range tests {
			p, err := s.Open(bounded(t), tt.workers, tt.job)
			if p != nil || err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), s.Name) {
				t.Errorf("Open(%d, %+v) = %v, %v, want %s and %q", tt.workers, tt.job.Spec, p, err, s.Name, tt.want)
			}
		}
	})
}

func TestFind(t *testing.T) {
	each(t, func(t *testing.T, s pools.Strategy) {
		if got, err := pools.Find(s.Name); err != nil || got.Name != s.Name || got.Doc == "" {
			t.Errorf("Find(%q) = %q, %v", s.Name, got.Name, err)
		}
	})
	var names []string
	for _, s := range pools.All {
		names = append(names, s.Name)
	}
	_, err := pools.Find("magic")
	if got, want := fmt.Sprint(err), `pools: no strategy "magic": have `+strings.Join(names, ", "); got != want {
		t.Errorf("Find: %s, want %s", got, want)
	}
}
