// Package pooltest holds the contract of package pools as a test, as testing/fstest
// does for file systems: every strategy runs it, in this module and elsewhere.
package pooltest

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

// A Together says how many of n tasks run together while none of them ends, in the
// Run with this number of a new pool, where the strategy leaves it to chance: at
// least and at most so many.
type Together func(strategy string, workers, n, run int) (least, most int)

// Contract tests that the strategy keeps the contract of package pools. The first
// tasks of a test are in [Tasks]. together is not needed for strategies without Chance.
func Contract(t *testing.T, s pools.Strategy, together Together) {
	c := contract{s, together}
	for _, test := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"EachTaskOnce", c.eachTaskOnce},
		{"MeteredIsProcesses", c.meteredIsProcesses},
		{"AtATime", c.atATime},
		{"FirstErrorWins", c.firstErrorWins},
		{"RunAfterFailure", c.runAfterFailure},
		{"Cancel", c.cancel},
		{"CancelledBefore", c.cancelledBefore},
		{"Close", c.close},
		{"BadOpen", c.badOpen},
	} {
		t.Run(test.name, test.run)
	}
}

type contract struct {
	pools.Strategy
	together Together
}

// atOnce is how many of n tasks the strategy runs at a time, while none of
// them ends, in the Run with this number of a new pool: at least and at most.
func (c contract) atOnce(workers, n, run int) (least, most int) {
	if c.Chance {
		return c.together(c.Name, workers, n, run)
	}
	most = c.atMost(workers, n)
	return most, most
}

// atMost is how many of n tasks may ever run at a time.
func (c contract) atMost(workers, n int) int {
	return map[pools.Concurrency]int{pools.One: 1, pools.Workers: min(workers, n), pools.Tasks: n}[c.Concurrency]
}

func (c contract) eachTaskOnce(t *testing.T) {
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
			p := open(t, c.Strategy, tt.workers, tasks.job(t))
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
}

func (c contract) meteredIsProcesses(t *testing.T) {
	p := open(t, c.Strategy, 1, (&set{At: -1}).job(t))
	if _, got := p.(pools.Metered); got != c.Processes {
		t.Errorf("Metered = %v, want %v", got, c.Processes)
	}
}

func (c contract) atATime(t *testing.T) {
	const workers, n = 3, 12
	ref := newReferee(t, n)
	p := open(t, c.Strategy, workers, (&set{At: -1, Party: ref.addr}).job(t))
	end := start(p, context.Background(), n)
	want, _ := c.atOnce(workers, n, 0)
	ref.wait(t, want) // so many are under way together
	close(ref.open)
	if got := <-end; got != nil {
		t.Errorf("Run: %v", got)
	}
	ref.mu.Lock()
	defer ref.mu.Unlock()
	if most := c.atMost(workers, n); ref.peak < want || ref.peak > most {
		t.Errorf("%d tasks at a time, want %d to %d", ref.peak, want, most)
	}
	for i := range n {
		if ref.seen[i] != 1 {
			t.Errorf("task %d began %d times, want 1", i, ref.seen[i])
		}
	}
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
func (c contract) firstErrorWins(t *testing.T) {
	const workers, n = 3, 12
	for _, kind := range []string{"fail", "panic", "goexit"} {
		t.Run(kind, func(t *testing.T) {
			ref := newReferee(t, n)
			least, most := c.atOnce(workers, n, 0)
			p := open(t, c.Strategy, workers, (&set{Kind: kind, At: 0, Party: ref.addr}).job(t))
			end := start(p, bounded(t), n)
			tasks := ref.wait(t, least)
			for least < most && !slices.Contains(tasks, 0) {
				tasks = append(tasks, ref.wait(t, 1)...)
			}
			if !slices.Contains(tasks, 0) {
				t.Fatalf("tasks %v are under way, want 0 among them", tasks)
			}
			ref.let(0)
			c.checkFailure(t, kind, 0, <-end)
			ref.mu.Lock()
			defer ref.mu.Unlock()
			if n := len(ref.seen); n < least || n > most {
				t.Errorf("%d tasks were started, want %d to %d", n, least, most)
			}
		})
	}
}

// checkFailure checks the error of a Run whose task i failed.
func (c contract) checkFailure(t *testing.T, kind string, task int, err error) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: Run: no error", kind)
		return
	}
	switch kind {
	case "fail":
		if !c.Processes && err != errBoom {
			t.Errorf("Run: %v, want the very error %v", err, errBoom)
		}
		if want := errBoom.Error(); !strings.Contains(err.Error(), want) {
			t.Errorf("Run: %v, want %q in it", err, want)
		}
	case "goexit":
		if !c.Processes && !errors.Is(err, pools.ErrGoexit) {
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
		if want := fmt.Sprintf("tripped over %d", task); p.Task != task || p.Value != want || (p.Pid != 0) != c.Processes {
			t.Errorf("PanicError task %d, value %v, pid %d, want %d, %s, a pid: %v", p.Task, p.Value, p.Pid, task, want, c.Processes)
		}
		if want := "(*set).Do"; !bytes.Contains(p.Stack, []byte(want)) || !strings.Contains(err.Error(), want) {
			t.Errorf("stack and error without %s:\n%v", want, err)
		}
	}
}

// After a failure the pool goes on, as good as new.
func (c contract) runAfterFailure(t *testing.T) {
	for _, kind := range []string{"fail", "panic", "goexit"} {
		t.Run(kind, func(t *testing.T) {
			p := open(t, c.Strategy, 2, (&set{Kind: kind, At: 7}).job(t))
			for range 3 {
				_, err := p.Run(bounded(t), 0, 20)
				c.checkFailure(t, kind, 7, err)
				if sum, err := p.Run(bounded(t), 1, 3); err != nil || sum != square(1)+square(2) {
					t.Errorf("Run after %s = %d, %v, want %d", kind, sum, err, square(1)+square(2))
				}
			}
		})
	}
}

func (c contract) cancel(t *testing.T) {
	const workers, n = 3, 12
	cause := errors.New("enough")
	ref := newReferee(t, 2*n)
	p := open(t, c.Strategy, workers, (&set{At: -1, Party: ref.addr}).job(t))
	more := 0 // tasks that may or may not have begun
	for round := range 2 {
		least, most := c.atOnce(workers, n, round)
		more += most - least
		ctx, cancel := context.WithCancelCause(bounded(t))
		end := start(p, ctx, n)
		ref.wait(t, least)
		cancel(cause) // nothing else sets the tasks free
		if err := <-end; err != cause {
			t.Errorf("round %d: Run: %v, want %v", round, err, cause)
		}
	}
	ref.mu.Lock()
	defer ref.mu.Unlock()
	if begun := len(ref.arrived); ref.running != 0 || begun > more {
		t.Errorf("%d tasks are under way and %d more were started, want 0 and at most %d", ref.running, begun, more)
	}
}

func (c contract) cancelledBefore(t *testing.T) {
	tasks := &set{At: -1}
	p := open(t, c.Strategy, 2, tasks.job(t))
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
}

func (c contract) close(t *testing.T) {
	p := open(t, c.Strategy, 2, (&set{Kind: "fail", At: 3}).job(t))
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
}

func (c contract) badOpen(t *testing.T) {
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
		p, err := c.Open(bounded(t), tt.workers, tt.job)
		if p != nil || err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), c.Name) {
			t.Errorf("Open(%d, %+v) = %v, %v, want %s and %q", tt.workers, tt.job.Spec, p, err, c.Name, tt.want)
		}
	}
}
