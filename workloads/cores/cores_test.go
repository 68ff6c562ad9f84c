package cores

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// models are the entries of All that can be opened.

func models(t testing.TB) []Model {
	list := []Model{Real, GIL}
	if _, err := ThreadTime(); err == nil {
		asym, err := HillMarty("asym", 4)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, SlowBy(10), WithBig(16, 4), asym)
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
		{"abacus", `cores: unknown model "abacus": want one of real, gil, slowK, slowK+bigF, hm-KIND-R`},
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

// Many sections of all lengths, some of which yield, some given up by their

// callers: each that began ends, and none waits for ever.

// A lock that is handed over every microsecond: wake-ups, requests and

// releases meet in every order.

// One long section hands over where it yields, and goes on later.

// A slow core pays at least its debt: CPU time is at most 1/k of the wall

// time of its sections. What it slept too long it may use up later.

// Time in which a section is blocked pays nothing of its debt.

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
