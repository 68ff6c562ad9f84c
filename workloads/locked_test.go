package workloads

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"testing"
)

func TestLockParts(t *testing.T) {
	for _, tt := range []struct {
		locked float64
		want   string
	}{
		{0, "1 0 <nil>"}, {1, "1 1 <nil>"}, {0.1, "10 1 <nil>"}, {0.3, "10 3 <nil>"}, {0.25, "4 1 <nil>"},
		{0.01, "100 1 <nil>"}, {0.025, "40 1 <nil>"}, {1.0 / 3, "3 1 <nil>"},
		{1.5, "0 0 locked=1.5: a fraction from 0 to 1 is needed"},
		{math.NaN(), "0 0 locked=NaN: a fraction from 0 to 1 is needed"},
		{0.00001, "0 0 locked=1e-05: write a fraction with a denominator up to 1000, such as 0.1 or 0.025"},
	} {
		m, held, err := LockParts(tt.locked)
		if got := fmt.Sprint(m, held, err); got != tt.want {
			t.Errorf("LockParts(%v) = %s, want %s", tt.locked, got, tt.want)
		}
	}
}

// A task of a locked job is m tasks of the workload, so its number is theirs.
func TestLockedNumbers(t *testing.T) {
	plain := open(t, Hash, Options{Size: 100})
	locked := open(t, Hash, Options{Size: 100, Locked: 0.25})
	for i := range 3 {
		want := uint64(0)
		for k := range 4 {
			want += do(t, plain, 4*i+k)
		}
		if got := do(t, locked, i); got != want {
			t.Errorf("task %d = %#x, want %#x", i, got, want)
		}
	}
}

// underLock watches which parts run together.
type underLock struct{ held, most, free atomic.Int64 }

func (u *underLock) Do(_ context.Context, i int) (uint64, error) {
	if i%5 != 0 { // one part of five is under the lock
		u.free.Add(1)
		return 0, nil
	}
	if n := u.held.Add(1); n > u.most.Load() {
		u.most.Store(n)
	}
	u.held.Add(-1)
	return 0, nil
}
func (u *underLock) Close() error { return nil }

func TestLockExcludes(t *testing.T) {
	u := &underLock{}
	j, err := lockJob(u, 0.2)
	if err != nil {
		t.Fatal(err)
	}
	const tasks = 200
	errs := make(chan error, tasks)
	for i := range tasks {
		go func() { _, err := j.Do(t.Context(), i); errs <- err }()
	}
	for range tasks {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if most, free := u.most.Load(), u.free.Load(); most != 1 || free != 4*tasks {
		t.Errorf("%d at a time under the lock and %d parts beside it, want 1 and %d", most, free, 4*tasks)
	}
}

func TestLockCancelled(t *testing.T) {
	j, err := lockJob(&underLock{}, 0.2)
	if err != nil {
		t.Fatal(err)
	}
	l := j.(*lockedJob)
	l.lock <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := j.Do(ctx, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}
