package cores

import (
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestFindChip(t *testing.T) {
	for _, tt := range []struct {
		name         string
		count        int
		n            int
		speed        float64 // of n cores
		first, other float64
	}{
		{"slow16+big4", 0, 4, 7, 4, 1},
		{"slow20+big2.5", 0, 1, 2.5, 2.5, 1},
		{"hm-sym-1", 16, 16, 16, 1, 1},
		{"hm-sym-4", 4, 4, 8, 2, 2},
		{"hm-sym-16", 1, 1, 4, 4, 4},
		{"hm-asym-1", 16, 16, 16, 1, 1},
		{"hm-asym-4", 13, 13, 14, 2, 1},
		{"hm-asym-16", 1, 1, 4, 4, 1},
		{"hm-dyn-4", 16, 16, 16, 1, 1},
		{"hm-dyn", 16, 16, 16, 1, 1},
	} {
		m, err := Find(tt.name)
		if err != nil || m.Name != tt.name || m.Doc == "" || m.Count != tt.count || m.Slowdown == 0 {
			t.Errorf("Find(%s) = %q with %d cores of 1/%d, %v", tt.name, m.Name, m.Count, m.Slowdown, err)
			continue
		}
		if got := m.Speed(tt.n); math.Abs(got-tt.speed) > 1e-12 {
			t.Errorf("%s: %d cores are worth %v base cores, want %v", tt.name, tt.n, got, tt.speed)
		}
	}
	for name, want := range map[string]string{
		"slow16+big":     "as in slow16+big4",
		"slow16+big0.5":  "as in slow16+big4",
		"slow16+big17":   "as in slow16+big4",
		"slow16+big4.0":  "write slow16+big4",
		"slow1+big1":     "as in slow16+big4",
		"hm-sym-3":       "cannot be divided into cores of 3",
		"hm-asym-17":     "the large core has 1 to 16",
		"hm-asym-0":      "the large core has 1 to 16",
		"hm-asym":        "as in hm-asym-4",
		"hm-asym-x":      "as in hm-asym-4",
		"hm-quantum-4":   "the kinds of chips are sym, asym and dyn",
		"hm-quantum":     "as in hm-",
		"slowK+bigF":     "as in slow16+big4",
		"hm-KIND-R":      "as in hm-asym-4",
		"hm-asym-04":     "as in hm-asym-4",
		"slow016+big4":   "write slow16+big4",
		"slow16+big+Inf": "as in slow16+big4",
	} {
		if _, err := Find(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Find(%s): %v, want %s", name, err, want)
		}
	}
}

// Of the cores that are free, a section takes the fastest one.
func TestFastestFirst(t *testing.T) {
	c := &chipCores{k: 16, speed: func(i int) float64 { return []float64{4, 1, 1, 2}[i] }}
	var all []*chipCore
	for _, want := range []float64{4, 1, 1, 2} {
		x, speed := c.take()
		if speed != want {
			t.Errorf("got a core of speed %v, want %v", speed, want)
		}
		all = append(all, x)
	}
	c.put(all[1])
	c.put(all[3])
	c.put(all[0])
	for _, want := range []float64{4, 2, 1} {
		if _, speed := c.take(); speed != want {
			t.Errorf("got a core of speed %v again, want %v", speed, want)
		}
	}
}

// Cores join for a section that begins alone, and for no other.
func TestCoresJoin(t *testing.T) {
	c := &chipCores{k: 16, speed: func(int) float64 { return 1 }, alone: 4}
	x, speed := c.take()
	y, beside := c.take()
	if speed != 4 || beside != 1 {
		t.Errorf("the first section has speed %v and one beside it %v, want 4 and 1", speed, beside)
	}
	c.put(x)
	c.put(y)
	if _, speed := c.take(); speed != 4 {
		t.Errorf("alone again: speed %v, want 4", speed)
	}
}

// A section on a core of speed f takes k/f times its CPU time at least.
func TestChipPays(t *testing.T) {
	const k = 20
	c, err := WithBig(k, 4).Open(1)
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
	if wall := time.Since(begin); wall < k/4*used-mostCredit {
		t.Errorf("%v of CPU time took %v, want %v at least", used, wall, k/4*used)
	}
}

// The real processors must carry the large core too.
func TestChipIsCarried(t *testing.T) {
	if _, err := ThreadTime(); err != nil {
		t.Skip(err)
	}
	n := runtime.NumCPU()
	m := WithBig(8, 8)
	if _, err := m.Open(4 * n); err == nil || !strings.Contains(err.Error(), "more than half") {
		t.Errorf("%d cores and a large one: %v, want an error", 4*n, err)
	}
	if got := WithBig(8, 4).Slower(20); got != "slow20+big4" {
		t.Errorf("the slower model is %s, want slow20+big4", got)
	}
	if got := SlowBy(8).Slower(20); got != "slow20" {
		t.Errorf("the slower model is %s, want slow20", got)
	}
	for _, kind := range []string{"sym", "asym", "dyn"} {
		for _, r := range []int{1, 4, 16} {
			m, err := HillMarty(kind, r)
			if err != nil {
				t.Fatal(err)
			}
			c, err := m.Open(m.Count)
			if err != nil {
				t.Errorf("%s: %v", m.Name, err)
				continue
			}
			var running sync.WaitGroup
			for range 2 * m.Count {
				running.Go(func() { _ = c.Compute(t.Context(), func() {}) })
			}
			running.Wait()
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
