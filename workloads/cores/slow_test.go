package cores

import (
	"strings"
	"testing"
	"time"
)

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
