package cores

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// models are the entries of All that can be opened.
func models(t testing.TB) []Model {
	list := []Model{Real, GIL}
	if _, err := ThreadTime(); err == nil {
		list = append(list, SlowBy(10))
	} else {
		t.Log("no slow cores on this system:", err)
	}
	return list
}

func open(t testing.TB, m Model, n int) Cores {
	t.Helper()
	c, err := m.Open(n)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error("Close:", err)
		}
	})
	return c
}

func TestFind(t *testing.T) {
	for _, m := range models(t) {
		if got, err := Find(m.Name); err != nil || got.Name != m.Name || got.Doc == "" || got.Slowdown != m.Slowdown {
			t.Errorf("Find(%q) = %q (%q, %d), %v, want itself with a Doc", m.Name, got.Name, got.Doc, got.Slowdown, err)
		}
	}
	for _, tt := range []struct{ name, want string }{
		{"abacus", `cores: unknown model "abacus": want one of real, gil, slowK`},
		{"slowK", `cores: "slowK": write slow and how many times slower, 2 to 10000, as in slow32`},
		{"slow-3", `cores: "slow-3": write slow and how many times slower, 2 to 10000, as in slow32`},
	} {
		if _, err := Find(tt.name); err == nil || err.Error() != tt.want {
			t.Errorf("Find(%s) = %v, want %s", tt.name, err, tt.want)
		}
	}
}

// No more sections compute at a time than the model and its bound allow, each
// runs once, and one that may not begin leaves with the error of its ctx.
func TestCompute(t *testing.T) {
	for _, m := range models(t) {
		for _, n := range []int{0, 1, 3} {
			t.Run(m.Name, func(t *testing.T) {
				c := open(t, m, n)
				most := int64(100)
				if n > 0 {
					most = int64(n)
				}
				if m.One {
					most = 1
				}
				const sections = 100
				var ran, now, high atomic.Int64
				done := make(chan error, sections)
				for range sections {
					go func() {
						done <- c.Compute(t.Context(), func() {
							for at := now.Add(1); ; {
								if h := high.Load(); at <= h || high.CompareAndSwap(h, at) {
									break
								}
							}
							c.Yield(t.Context())
							ran.Add(1)
							now.Add(-1)
						})
					}()
				}
				for range sections {
					if err := <-done; err != nil {
						t.Error(err)
					}
				}
				if got := ran.Load(); got != sections {
					t.Errorf("%d sections ran, want %d", got, sections)
				}
				if got := high.Load(); got > most {
					t.Errorf("%d sections at a time, want at most %d", got, most)
				}
			})
		}
	}
}

func TestComputeCancelled(t *testing.T) {
	for _, m := range models(t) {
		t.Run(m.Name, func(t *testing.T) {
			c := open(t, m, 1)
			inside, leave := make(chan bool), make(chan bool)
			held := make(chan error)
			go func() { held <- c.Compute(t.Context(), func() { close(inside); <-leave }) }()
			<-inside
			ctx, cancel := context.WithCancel(t.Context())
			waits := make(chan error)
			ran := false
			go func() { waits <- c.Compute(ctx, func() { ran = true }) }()
			cancel()
			if err := <-waits; !errors.Is(err, context.Canceled) || ran {
				t.Errorf("Compute = %v, ran %v, want %v and no run", err, ran, context.Canceled)
			}
			close(leave)
			if err := <-held; err != nil {
				t.Error(err)
			}
			if err := c.Compute(t.Context(), func() {}); err != nil {
				t.Errorf("afterwards: %v, want a free core", err)
			}
		})
	}
}

// A section that panics frees its core.
func TestComputePanics(t *testing.T) {
	for _, m := range models(t) {
		c := open(t, m, 1)
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: the panic did not arrive", m.Name)
				}
			}()
			c.Compute(t.Context(), func() { panic("no") })
		}()
		if err := c.Compute(t.Context(), func() {}); err != nil {
			t.Errorf("%s: %v, want a free core", m.Name, err)
		}
	}
}

// A holder that yields and comes back is not interrupted for the switch
// interval; then whoever waits gets the lock, and no sooner.
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

// Many sections of all lengths, some of which yield, some given up by their
// callers: each that began ends, and none waits for ever.
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

// A lock that is handed over every microsecond: wake-ups, requests and
// releases meet in every order.
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
		case <-time.After(time.Minute):
			t.Fatal("a section waits for ever")
		}
	}
	if inside != lanes*sections {
		t.Errorf("%d sections ran, want %d", inside, lanes*sections)
	}
}

// One long section hands over where it yields, and goes on later.
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

func TestSlowdown(t *testing.T) {
	for _, tt := range []struct{ n, processors, want int }{
		{1, 2, 2}, {2, 2, 2}, {4, 2, 4}, {16, 2, 16}, {32, 2, 32}, {32, 3, 22}, {32, 64, 2},
	} {
		if got := Slowdown(tt.n, tt.processors); got != tt.want {
			t.Errorf("Slowdown(%d, %d) = %d, want %d", tt.n, tt.processors, got, tt.want)
		}
	}
	if _, err := SlowBy(2).Open(1 << 20); err == nil || !strings.Contains(err.Error(), "more than half") && !strings.Contains(err.Error(), "use Linux or macOS") {
		t.Errorf("a million cores of half speed: %v, want an error", err)
	}
}

// A slow core pays at least its debt: CPU time is at most 1/k of the wall
// time of its sections. What it slept too long it may use up later.
func TestSlowPays(t *testing.T) {
	const k = 10
	m := SlowBy(k)
	c, err := m.Open(1)
	if err != nil {
		t.Skip(err)
	}
	begin := time.Now()
	var used time.Duration
	for range 20 {
		if err := c.Compute(t.Context(), func() {
			from := mustThreadTime()
			for mustThreadTime()-from < 200*time.Microsecond {
			}
			used += mustThreadTime() - from
		}); err != nil {
			t.Fatal(err)
		}
	}
	if wall := time.Since(begin); wall < k*used-mostCredit {
		t.Errorf("%v of CPU time took %v, want %v at least", used, wall, k*used)
	}
}

// Time in which a section is blocked pays nothing of its debt.
func TestSlowGivesNoCreditForWaiting(t *testing.T) {
	c, err := SlowBy(100).Open(1)
	if err != nil {
		t.Skip(err)
	}
	const wait = 5 * time.Millisecond
	var used time.Duration
	begin := time.Now()
	c.Compute(t.Context(), func() {
		from := mustThreadTime()
		for mustThreadTime()-from < 100*time.Microsecond {
		}
		time.Sleep(wait)
		used = mustThreadTime() - from
	})
	if wall := time.Since(begin); wall < wait+100*used {
		t.Errorf("%v of CPU time and a wait of %v took %v, want %v at least", used, wait, wall, wait+100*used)
	}
}

// states notes what a probe is told.
type states []State

func (s *states) Enter(st State) { *s = append(*s, st) }

func TestWatched(t *testing.T) {
	for _, m := range models(t) {
		c := Watched(open(t, m, 1))
		var got states
		ctx := WithProbe(t.Context(), &got)
		if err := c.Compute(ctx, func() { c.Yield(ctx) }); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(states{Queued, Computing, Queued, Computing, Waiting}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", m.Name, diff)
		}
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		got = nil
		if err := c.Compute(ctx, func() {}); err != nil && len(got) != 2 {
			t.Errorf("%s: cancelled: states %v, want %v", m.Name, got, states{Queued, Waiting})
		}
		if err := c.Compute(t.Context(), func() {}); err != nil {
			t.Errorf("%s: without a probe: %v", m.Name, err)
		}
	}
}

// BenchmarkCompute is an empty section of compute, without cores and on each
// model that runs it at full speed. The difference is what the model costs.
func BenchmarkCompute(b *testing.B) {
	empty := func() {}
	b.Run("cores=none", func(b *testing.B) {
		for b.Loop() {
			empty()
		}
	})
	for _, m := range []Model{Real, GIL} {
		b.Run("cores="+m.Name, func(b *testing.B) {
			c := open(b, m, 0)
			for b.Loop() {
				if err := c.Compute(b.Context(), empty); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
