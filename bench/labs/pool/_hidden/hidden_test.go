package pool_test

import (
	"context"
	"errors"
	"testing"
	"time"

	pool "lab"
	"lab/lengths"
)

func TestSizes(t *testing.T) {
	onClock(t, func(t *testing.T) {
		for _, c := range []struct{ n, tasks int }{{1, 0}, {4, 0}, {1, 1}, {8, 3}, {3, 3}, {1, 7}} {
			run(t, c.n, lengths.Of(10, c.tasks))
		}
	})
}

func TestMakespan(t *testing.T) {
	onClock(t, func(t *testing.T) {
		for _, c := range []struct {
			n, tasks int
			seed     uint64
		}{{3, 20, 11}, {4, 30, 12}, {2, 9, 13}, {7, 31, 14}} {
			list := lengths.Of(c.seed, c.tasks)
			_, took := run(t, c.n, list)
			want := lengths.Pool(list, c.n)
			if took == want {
				continue
			}
			if name := lengths.Name(took, list, c.n); name != "" {
				fail(t, "makespan", "n = %d, %d tasks: it took %v, and a pool takes %v. It took exactly as long as %s.", c.n, c.tasks, took, want, name)
			}
			fail(t, "makespan", "n = %d, %d tasks: it took %v, and a pool takes %v.", c.n, c.tasks, took, want)
		}
	})
}

// outcome is what a run with an error or a cancel gave.
type outcome struct {
	err  error
	took time.Duration
	w    *watch
}

// late fails if a task started when the end of the run was decided, or later. No two tasks
// end at one instant, so a task that starts then starts after it. The smallest is
// named: which one was first depends on luck.
func (o outcome) late(t *testing.T, after time.Duration, why string) {
	t.Helper()
	late := start{task: -1}
	for _, s := range o.w.starts {
		if s.at >= after && (late.task < 0 || s.task < late.task) {
			late = s
		}
	}
	if late.task >= 0 {
		fail(t, "late", "%s after %v, and task %d started after %v. Look at the context before a task starts.", why, after, late.task, late.at)
	}
}

// firstError works out when tasks that fail at their end would end a pool: the
// time, and the error.
func firstError(list []time.Duration, n int, errs map[int]error) (time.Duration, error) {
	var first time.Duration
	var err error
	for i, e := range errs {
		if end := startOf(list, n, i) + list[i]; err == nil || end < first {
			first, err = end, e
		}
	}
	return first, err
}

// startOf is when a pool of n starts task i.
func startOf(list []time.Duration, n, i int) time.Duration {
	free := make([]time.Duration, n)
	for k := 0; ; k++ {
		w := 0
		for v := range free {
			if free[v] < free[w] {
				w = v
			}
		}
		if k == i {
			return free[w]
		}
		free[w] += list[k]
	}
}

func TestError(t *testing.T) {
	onClock(t, func(t *testing.T) {
		const n = 3
		list := lengths.Of(21, 20)
		list[4], list[5], list[6] = 300*time.Millisecond+1, 40*time.Millisecond+3, 120*time.Millisecond+7
		errs := map[int]error{4: errors.New("error of task 4"), 5: errors.New("error of task 5"), 6: errors.New("error of task 6"), 15: errors.New("error of task 15")}
		want, first := firstError(list, n, errs)
		w := newWatch()
		o := outcome{err: pool.Run(t.Context(), n, len(list), w.task(list, errs, true)), w: w}
		o.took = time.Since(w.begin)
		if o.err == nil {
			fail(t, "error", "%q happened after %v, and Run returned no error.", first, want)
		}
		o.late(t, want, "the first error happened")
		switch {
		case !errors.Is(o.err, first):
			fail(t, "error", "the first error in time was %q, after %v; Run returned %q.", first, want, o.err)
		case o.took != want:
			fail(t, "cancel", "the first error happened after %v; the other tasks watch their context, and Run returned after %v. Cancel the context that the tasks get.", want, o.took)
		}

		// Tasks that do not watch their context, so that several fail on their own.
		w = newWatch()
		if err := pool.Run(t.Context(), n, len(list), w.task(list, errs, false)); !errors.Is(err, first) {
			fail(t, "error", "several tasks failed; the first error in time was %q, after %v, and Run returned %v.", first, want, quoted(err))
		}
	})
}

func TestCancel(t *testing.T) {
	onClock(t, func(t *testing.T) {
		const n = 3
		stop := errors.New("the user pressed stop")
		list := lengths.Of(22, 20)
		const at = 101*time.Millisecond + 2
		for _, heeds := range []bool{true, false} {
			ctx, cancel := context.WithCancelCause(t.Context())
			w := newWatch()
			timer := time.AfterFunc(at, func() { cancel(stop) })
			o := outcome{err: pool.Run(ctx, n, len(list), w.task(list, nil, heeds)), w: w}
			o.took = time.Since(w.begin)
			timer.Stop()
			want := time.Duration(at)
			for _, s := range w.starts {
				if !heeds && s.at < at {
					want = max(want, s.at+list[s.task])
				}
			}
			o.late(t, at, "the context was cancelled")
			switch {
			case !errors.Is(o.err, stop):
				fail(t, "cause", "the context was cancelled with the cause %q; Run returned %v. Return context.Cause(ctx).", stop, quoted(o.err))
			case o.took != want:
				fail(t, "cancel", "the context was cancelled after %v, the running tasks ended after %v, and Run returned after %v.", time.Duration(at), want, o.took)
			}
			cancel(nil)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(stop)
		w := newWatch()
		o := outcome{err: pool.Run(ctx, n, len(list), w.task(list, nil, true)), w: w}
		o.late(t, 0, "the context was cancelled before Run began,")
		if !errors.Is(o.err, stop) {
			fail(t, "cause", "the context was cancelled before Run began, with the cause %q; Run returned %v. Return context.Cause(ctx).", stop, quoted(o.err))
		}
	})
}

func quoted(err error) string {
	if err == nil {
		return "no error"
	}
	return "the error \"" + err.Error() + "\""
}

func TestEnded(t *testing.T) {
	onClock(t, func(t *testing.T) {
		const n = 3
		list := lengths.Of(23, 20)
		run(t, n, list)
		left(t, "All tasks had run,")

		w := newWatch()
		_ = pool.Run(t.Context(), n, len(list), w.task(list, map[int]error{2: errors.New("error of task 2")}, false))
		if w.running > 0 {
			fail(t, "left", "a task had failed, and Run returned while %d tasks were still running.", w.running)
		}
		left(t, "A task had failed,")

		ctx, cancel := context.WithCancel(t.Context())
		w = newWatch()
		timer := time.AfterFunc(101*time.Millisecond, cancel)
		defer timer.Stop()
		_ = pool.Run(ctx, n, len(list), w.task(list, nil, false))
		if w.running > 0 {
			fail(t, "left", "the context was cancelled, and Run returned while %d tasks were still running.", w.running)
		}
		left(t, "The context was cancelled,")
	})
}
