package pools_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"amdahl/pools"
)

// In a bubble time stands still while a task computes, so the time of a Run
// is exactly what its schedule makes of the tasks that sleep.
func TestFixedBalance(t *testing.T) {
	const long = time.Second
	tests := []struct {
		name           string
		workers, tasks int
		lo, hi         int           // the tasks that are long; the others take no time
		want           time.Duration // at most
	}{
		{"all long", 4, 64, 0, 64, 16 * long},
		{"fewer than workers", 8, 5, 0, 5, 1 * long},
		{"one more than workers", 4, 5, 0, 5, 2 * long},
		{"long ones last", 2, 1032, 1000, 1032, 17 * long},
		{"long ones in the middle", 4, 2064, 1000, 1064, 18 * long},
		{"long ones in one chunk", 4, 4096, 300, 364, 18 * long},
		{"long ones first", 4, 1016, 0, 16, 4 * long},
		{"one worker", 1, 110, 50, 60, 10 * long},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, err := pools.Fixed.Open(t.Context(), tt.workers, pools.Job{Do: func(_ context.Context, i int) (uint64, error) {
					if tt.lo <= i && i < tt.hi {
						time.Sleep(long)
					}
					return 1, nil
				}})
				if err != nil {
					t.Fatal(err)
				}
				defer p.Close() // or the bubble reports the goroutines
				start := time.Now()
				sum, err := p.Run(t.Context(), 0, tt.tasks)
				if err != nil || sum != uint64(tt.tasks) {
					t.Errorf("Run = %d, %v, want %d", sum, err, tt.tasks)
				}
				if got := time.Since(start); got > tt.want {
					t.Errorf("Run took %v, want at most %v", got, tt.want)
				}
			})
		})
	}
}

var errLate = errors.New("late")

// A lane that fails last must not leave the lanes that wait for it waiting.
func TestFixedFailsLast(t *testing.T) {
	for name, end := range map[string]func() error{
		"fail":   func() error { return errLate },
		"panic":  func() error { panic("late") },
		"goexit": func() error { runtime.Goexit(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, err := pools.Fixed.Open(t.Context(), 3, pools.Job{Do: func(_ context.Context, i int) (uint64, error) {
					if i > 0 {
						return 1, nil
					}
					time.Sleep(time.Second) // until the others have nothing left
					return 0, end()
				}})
				if err != nil {
					t.Fatal(err)
				}
				defer p.Close()
				for range 2 {
					if _, err := p.Run(t.Context(), 0, 10); err == nil {
						t.Error("Run: no error")
					}
				}
			})
		})
	}
}

// A bubble ends only when all goroutines that were started in it have.
func TestNothingLeftInProcess(t *testing.T) {
	for _, s := range pools.All {
		if s.Processes {
			continue // see the contract
		}
		t.Run("strategy="+s.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				p, err := s.Open(ctx, 3, pools.Job{Do: func(ctx context.Context, i int) (uint64, error) {
					<-ctx.Done()
					return 0, ctx.Err()
				}})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := p.Run(ctx, 0, 10); err != context.DeadlineExceeded {
					t.Errorf("Run: %v, want %v", err, context.DeadlineExceeded)
				}
				p.Close()
			})
		})
	}
}
