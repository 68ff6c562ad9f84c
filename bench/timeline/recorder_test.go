package timeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"amdahl/workloads/cores"
)

// states writes what a task did, without the times.
func states(t Task) string {
	var out []string
	for _, s := range t.Stays {
		if s.Over {
			out = append(out, "over")
			continue
		}
		out = append(out, string(stateNames[s.State]))
	}
	return fmt.Sprint(t.Index, " ", strings.Join(out, " "))
}

// visit is a task that goes through the states.
func visit(states ...cores.State) func(context.Context, int) (uint64, error) {
	return func(ctx context.Context, i int) (uint64, error) {
		for _, s := range states {
			cores.ProbeOf(ctx).Enter(s)
		}
		return uint64(i), nil
	}
}

func TestRecorder(t *testing.T) {
	ctx := t.Context()
	r := NewRecorder(2, 10)
	for i, do := range []func(context.Context, int) (uint64, error){
		visit(),
		visit(q, c, w),
		visit(k, w, q, c, q, c, w, w),
		visit(c), // never says that it no longer computes
		func(context.Context, int) (uint64, error) { return 4, errors.New("no") },
	} {
		if n, err := r.Do(ctx, i, do); n != uint64(i) || (err != nil) != (i == 4) {
			t.Errorf("task %d: got %d, %v", i, n, err)
		}
	}
	func() {
		defer func() { recover() }()
		r.Do(ctx, 5, func(ctx context.Context, _ int) (uint64, error) {
			cores.ProbeOf(ctx).Enter(c)
			panic("bang")
		})
	}()
	var got []string
	rec := r.Take()
	for _, task := range rec.Tasks {
		got = append(got, states(task))
		if task.PID != os.Getpid() || task.Lane != 0 {
			t.Errorf("task %d: process %d, lane %d, want this one and the lane used last", task.Index, task.PID, task.Lane)
		}
	}
	want := []string{"0 wait", "1 wait queued compute over wait", "2 wait lock wait queued compute over queued compute over wait", "3 wait compute over wait", "4 wait", "5 wait compute over wait"}
	if !slices.Equal(got, want) || rec.Lost != 0 {
		t.Errorf("got %q, %d lost, want %q", got, rec.Lost, want)
	}
	o := Operation{End: Now(), Workers: 1, Processors: 1, Total: 6, Tasks: rec.Tasks}
	if err := o.check(); err != nil {
		t.Errorf("got %v, want tasks that can be accounted for", err)
	}
	if again := r.Take(); len(again.Tasks) > 0 {
		t.Errorf("got %d tasks again, want what was recorded since", len(again.Tasks))
	}
}

// A section on slow cores, on the interpreter lock, on bounded cores: the CPU
// time is that of the work, within the stay.
func TestRecorderOnCores(t *testing.T) {
	for _, m := range []cores.Model{cores.Real, cores.GIL, cores.SlowBy(50)} {
		under, err := m.Open(1)
		if err != nil {
			t.Skipf("%s: %v", m.Name, err)
		}
		defer under.Close()
		watched := cores.Watched(under)
		r := NewRecorder(1, 1)
		const work = 200 * time.Microsecond
		r.Do(t.Context(), 0, func(ctx context.Context, _ int) (uint64, error) {
			return 0, watched.Compute(ctx, func() {
				for from := threadTime(); from >= 0 && threadTime()-from < int64(work); {
				}
			})
		})
		got := r.Take().Tasks[0]
		if states(got) != "0 wait queued compute over wait" {
			t.Errorf("%s: got %s", m.Name, states(got))
		}
		all := got.Compute()
		if all.CPU < 0 {
			continue // not known here
		}
		if all.CPU < work || all.CPU > 10*work || all.Wall < all.CPU*9/10 {
			t.Errorf("%s: got %+v, want %v of CPU time, and no less wall time", m.Name, all, work)
		}
	}
}

// Lanes are as many as tasks run at a time, and each is used by one at a time.
func TestLanes(t *testing.T) {
	const lanes, each = 4, 2000
	r := NewRecorder(lanes, lanes*each)
	var wg sync.WaitGroup
	for g := range lanes {
		wg.Go(func() {
			for i := range each {
				r.Do(t.Context(), g*each+i, func(ctx context.Context, _ int) (uint64, error) {
					if i%16 == 0 {
						runtime.Gosched()
					}
					return visit(q, c, w)(ctx, 0)
				})
			}
		})
	}
	wg.Wait()
	rec := r.Take()
	seen := map[int]bool{}
	last := map[int]int64{}
	for _, task := range rec.Tasks {
		if task.Begin < last[task.Lane] {
			t.Errorf("task %d begins in lane %d before the one ahead of it has ended", task.Index, task.Lane)
		}
		last[task.Lane] = task.End
		seen[task.Index] = true
	}
	if len(seen) != lanes*each || rec.Lost != 0 || len(last) > lanes {
		t.Errorf("got %d tasks in %d lanes, %d lost: want %d in up to %d", len(seen), len(last), rec.Lost, lanes*each, lanes)
	}
}

// What does not fit is counted, and tasks run all the same.
func TestLost(t *testing.T) {
	r := NewRecorder(1, 1)
	inside := func(ctx context.Context, _ int) (uint64, error) {
		return r.Do(ctx, 1, visit()) // needs a second lane
	}
	if _, err := r.Do(t.Context(), 0, inside); err != nil {
		t.Fatal(err)
	}
	if rec := r.Take(); len(rec.Tasks) != 1 || rec.Lost != 1 {
		t.Errorf("got %d tasks, %d lost, want 1 and 1", len(rec.Tasks), rec.Lost)
	}
	l := &r.lanes[0]
	l.events = make([]event, mostEvents-1, mostEvents)
	r.Do(t.Context(), 0, visit(q, c, w))
	if got := r.lost.Load(); got != 5 || len(l.events) != mostEvents {
		t.Errorf("got %d marks lost of %d, want 5 beyond %d", got, len(l.events), mostEvents)
	}
}

func TestNoAllocation(t *testing.T) {
	ctx, do := t.Context(), visit(q, c, w)
	r := NewRecorder(2, 1000)
	r.Do(ctx, 0, do)
	if n := testing.AllocsPerRun(100, func() { r.Do(ctx, 1, do) }); n > 0 {
		t.Errorf("got %v allocations a task, want none", n)
	}
}

// The clock is that of the machine, so that of other processes too.
func TestNow(t *testing.T) {
	// The two are read one after the other, so they differ by how long this
	// goroutine stood still; the best of some shows that they are one.
	least := int64(1 << 62)
	for range 50 {
		before, now, after := monotonic(), Now(), monotonic()
		least = min(least, max(before-now, now-after, 0))
	}
	if least > 50_000 {
		t.Errorf("off by %d ns, want the clock of the machine", least)
	}
}

// What a task of one section of compute costs to record.
func BenchmarkTask(b *testing.B) {
	ctx, do := b.Context(), visit(q, c, w)
	r := NewRecorder(1, 1000)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%1000 == 999 {
			b.StopTimer()
			r.Take()
			b.StartTimer()
		}
		r.Do(ctx, i, do)
	}
}
