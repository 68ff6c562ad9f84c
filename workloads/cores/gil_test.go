package cores

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestGILHandsOverAfterTheInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := GIL.Open(0)
		const step = 100 * time.Microsecond // what a section computes here is time that passes
		var got time.Duration
		begin := make(chan bool)
		go func() {
			<-begin
			wanted := time.Now()
			if err := c.Compute(t.Context(), func() { got = time.Since(wanted) }); err != nil {
				t.Error(err)
			}
		}()
		for i := range 1000 {
			if err := c.Compute(t.Context(), func() {
				if i == 0 {
					close(begin)
				}
				time.Sleep(step)
			}); err != nil {
				t.Error(err)
			}
		}
		synctest.Wait()
		if got < SwitchInterval || got > SwitchInterval+2*step {
			t.Errorf("waited %v for the lock, want %v and the rest of a section", got, SwitchInterval)
		}
	})
}

func TestGILUnderLoad(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			c, _ := GIL.Open(0)
			inside := 0
			var ran, gaveUp atomic.Int64
			for lane := range uint64(8) {
				go func() {
					rng := rand.New(rand.NewPCG(seed, lane))
					for range 100 {
						ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rng.IntN(40))*time.Millisecond)
						err := c.Compute(ctx, func() {
							if inside++; inside != 1 {
								t.Errorf("%d sections at a time", inside)
							}
							for range rng.IntN(4) {
								time.Sleep(time.Duration(rng.IntN(5)) * time.Millisecond)
								inside--
								c.Yield(ctx)
								inside++
							}
							inside--
						})
						cancel()
						if err != nil {
							gaveUp.Add(1)
						} else {
							ran.Add(1)
						}
					}
				}()
			}
			time.Sleep(time.Hour)
			if got := ran.Load() + gaveUp.Load(); got != 800 || ran.Load() == 0 {
				t.Errorf("seed %d: %d sections ran and %d were given up, want 800 in all", seed, ran.Load(), gaveUp.Load())
			}
		})
	}
}

func TestGILRaces(t *testing.T) {
	c := &gil{interval: time.Microsecond}
	done := make(chan error)
	const lanes, sections = 8, 2000
	inside := 0
	for range lanes {
		go func() {
			for range sections {
				if err := c.Compute(t.Context(), func() {
					inside++
					for begin := time.Now(); time.Since(begin) < 2*time.Microsecond; {
					}
					c.Yield(t.Context())
				}); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range lanes {
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(10 * time.Minute):
			t.Fatal("a section waits for ever")
		}
	}
	if inside != lanes*sections {
		t.Errorf("%d sections ran, want %d", inside, lanes*sections)
	}
}

func TestGILYields(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := GIL.Open(0)
		var order []string
		long := make(chan bool)
		done := make(chan bool)
		go func() {
			defer close(done)
			c.Compute(t.Context(), func() {
				order = append(order, "long")
				close(long)
				for range 20 {
					time.Sleep(time.Millisecond)
					c.Yield(t.Context())
				}
				order = append(order, "long ends")
			})
		}()
		<-long
		c.Compute(t.Context(), func() { order = append(order, "other") })
		<-done
		if got, want := strings.Join(order, ", "), "long, other, long ends"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}
