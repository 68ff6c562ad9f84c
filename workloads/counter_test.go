package workloads

import (
	"context"
	"errors"
	"sync"
	"testing"
	"unsafe"
)

// Where the counters of twenty workers lie.
func TestCounterLayout(t *testing.T) {
	for _, v := range Counters.Variants {
		job := open(t, Counters, Options{Variant: v, Size: 1}).(*counterJob)
		var at []uintptr
		for range 20 {
			at = append(at, uintptr(unsafe.Pointer(job.free.Take(job.newSlot).counter)))
		}
		if at[0]%128 != 0 {
			t.Errorf("%s: the first counter lies at %#x, want the start of a pair of lines", v, at[0])
		}
		for k, a := range at {
			for m, b := range at[:k] {
				counter, line, pair := a == b, a/64 == b/64, a/128 == b/128
				want := map[string][3]bool{
					"line":   {false, k/8 == m/8, k/16 == m/16},
					"padded": {false, false, false},
					"atomic": {true, true, true},
				}[v]
				if got := [3]bool{counter, line, pair}; got != want {
					t.Errorf("%s: workers %d and %d share counter, line, pair of lines: %v, want %v", v, k, m, got, want)
				}
			}
		}
	}
}

func TestCounterSlots(t *testing.T) {
	job := open(t, Counters, Options{Size: 10}).(*counterJob)
	a, b := job.free.Take(job.newSlot), job.free.Take(job.newSlot)
	job.free.Put(b)
	job.free.Put(a)
	if got := job.free.Take(job.newSlot); got != a {
		t.Error("the slot that was used last is not used next")
	}
	job.free.Put(a)
	for i := range 20 { // one task at a time needs one slot
		do(t, job, i)
	}
	if got := a.counter.Load(); got != 200 || len(job.slots) != 2 {
		t.Errorf("the counter of one worker holds %d, there are %d slots, want 200 and 2", got, len(job.slots))
	}
}

func TestCounterTotal(t *testing.T) {
	const tasks, size = 50, 1000
	for _, v := range Counters.Variants {
		job := open(t, Counters, Options{Variant: v, Size: size}).(*counterJob)
		var running sync.WaitGroup
		for i := range tasks {
			running.Go(func() { do(t, job, i) })
		}
		running.Wait()
		total, seen := uint64(0), map[*uint64]bool{}
		for _, s := range job.slots {
			if at := (*uint64)(unsafe.Pointer(s.counter)); !seen[at] {
				seen[at] = true
				total += s.counter.Load()
			}
		}
		if total != tasks*size || job.free.Len() != len(job.slots) {
			t.Errorf("%s: the counters hold %d, %d of %d slots are free, want %d and all", v, total, job.free.Len(), len(job.slots), tasks*size)
		}
	}
}

// yielding cores do something when a task yields.
type yielding struct {
	fakeCores
	yield func()
}

func (c *yielding) Yield(context.Context) { c.yield() }

func TestCounterFindsLostIncrements(t *testing.T) {
	for _, v := range Counters.Variants {
		job, err := Counters.Open(Options{Variant: v, Size: 10})
		if err != nil {
			t.Fatal(err)
		}
		do(t, job, 0)
		job.(*counterJob).slots[0].counter.Store(9)
		wantError(t, v+": Close", job.Close(), "^workloads: counter: the counters hold 9 increments, the tasks made 10$")
	}
	for _, tt := range []struct {
		variant string
		meddle  uint64
		want    string
	}{
		{"line", 1, "^workloads: counter: task 3: the counter rose by 65538, want 65537"},
		{"padded", 1, "^workloads: counter: task 3: the counter rose by 65538, want 65537"},
		{"atomic", ^uint64(0), "^workloads: counter: task 3: the counter rose by 65536, want 65537"},
	} {
		c := &yielding{}
		job, err := Counters.Open(Options{Variant: tt.variant, Size: counterPiece + 1, Cores: c})
		if err != nil {
			t.Fatal(err)
		}
		c.yield = func() { job.(*counterJob).slots[0].counter.Add(tt.meddle) }
		_, err = job.Do(t.Context(), 3)
		wantError(t, tt.variant, err, tt.want)
	}
}

// What a cancelled task has counted counts.
func TestCounterCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	job := open(t, Counters, Options{Size: 3 * counterPiece, Cores: &yielding{yield: cancel}}).(*counterJob)
	if _, err := job.Do(ctx, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	if got := job.slots[0].counter.Load(); got != counterPiece {
		t.Errorf("%d increments after one piece, want %d", got, counterPiece)
	}
}
