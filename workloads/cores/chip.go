package cores

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Big stands for slow16+big4 and the like: see [WithBig].
var Big = Model{
	Name: "slowK+bigF",
	Doc:  "as slowK, but one core is F times as fast as the others, and free it is taken first",
	Open: func(int) (Cores, error) {
		return nil, fmt.Errorf("cores: slowK+bigF stands for slow16+big4 and the like: write how many times slower, and how many times faster than that")
	},
}

// Chip stands for hm-sym-4, hm-asym-4, hm-dyn and the like: see [HillMarty].
var Chip = Model{
	Name: "hm-KIND-R",
	Doc:  "a chip of Hill and Marty with a budget of 16 base cores, R of them in a large core; KIND is sym, asym or dyn",
	Open: func(int) (Cores, error) {
		return nil, fmt.Errorf("cores: hm-KIND-R stands for hm-sym-4, hm-asym-4, hm-dyn-4 and hm-dyn: write the kind of chip and the size of its large core")
	},
}

// ChipBudget is how many base cores a chip of [HillMarty] has.
const ChipBudget = 16

// WithBig is slow cores as [SlowBy] makes them, one of which is f times as fast
// as the others. A section takes the fastest core that is free, so work that
// goes on alone, such as a serial part, has the fast one.
//
// In the terms of Hill and Marty the fast core is one of r = f² base cores.
func WithBig(k int, f float64) Model {
	name := fmt.Sprintf("slow%d+big%s", k, strconv.FormatFloat(f, 'g', -1, 64))
	return chip(Model{
		Name:     name,
		Doc:      fmt.Sprintf("processors of 1/%d of real speed, and one %v times as fast as they", k, f),
		Slowdown: k,
		Speed:    func(n int) float64 { return f + float64(n-1) },
	}, func(i int) float64 {
		if i == 0 {
			return f
		}
		return 1
	}, 0)
}

// HillMarty is a chip of [ChipBudget] base cores, r of which make a large core
// that is √r times as fast as a base core. Base cores are slow ones, so slow
// that this machine carries 16 of them. The chips are
//
//	sym   16/r cores of r base cores each
//	asym  one core of r, and 16 − r base cores
//	dyn   16 base cores; a section that begins while no other runs has the speed
//	      of r of them together
//
// Source: M. D. Hill, M. R. Marty, Amdahl's law in the multicore era, IEEE
// Computer 41(7), 2008.
func HillMarty(kind string, r int) (Model, error) {
	if r < 1 || r > ChipBudget {
		return Model{}, fmt.Errorf("cores: hm-%s-%d: the large core has 1 to %d base cores", kind, r, ChipBudget)
	}
	perf := math.Sqrt(float64(r))
	m := Model{Name: fmt.Sprintf("hm-%s-%d", kind, r), Slowdown: Slowdown(ChipBudget, runtime.NumCPU())}
	base := func(int) float64 { return 1 }
	switch kind {
	case "sym":
		if ChipBudget%r != 0 {
			return Model{}, fmt.Errorf("cores: %s: %d base cores cannot be divided into cores of %d", m.Name, ChipBudget, r)
		}
		m.Doc = fmt.Sprintf("%d cores of %d base cores each", ChipBudget/r, r)
		m.Count = ChipBudget / r
		m.Speed = func(n int) float64 { return perf * float64(n) }
		return chip(m, func(int) float64 { return perf }, 0), nil
	case "asym":
		m.Doc = fmt.Sprintf("one core of %d base cores and %d base cores", r, ChipBudget-r)
		m.Count = 1 + ChipBudget - r
		m.Speed = func(n int) float64 { return perf + float64(n-1) }
		return chip(m, func(i int) float64 {
			if i == 0 {
				return perf
			}
			return 1
		}, 0), nil
	case "dyn":
		m.Doc = fmt.Sprintf("%d base cores, of which %d join while one section runs alone", ChipBudget, r)
		m.Count = ChipBudget
		m.Speed = func(n int) float64 { return math.Max(perf, float64(n)) }
		return chip(m, base, perf), nil
	}
	return Model{}, fmt.Errorf("cores: hm-%s-%d: the kinds of chips are sym, asym and dyn", kind, r)
}

// findChip finds the models of this file by name; ok is false for other names.
func findChip(name string) (m Model, ok bool, err error) {
	if slow, big, found := strings.Cut(name, "+big"); found && strings.HasPrefix(slow, "slow") {
		digits := strings.TrimPrefix(slow, "slow")
		k, err := strconv.Atoi(digits)
		f, err2 := strconv.ParseFloat(big, 64)
		if err != nil || err2 != nil || k < 2 || k > mostSlowdown || !(f >= 1 && f <= float64(k)) {
			return m, true, fmt.Errorf("cores: %q: write slow, how many times slower, +big, and how many times as fast one core is, 1 to that number, as in slow16+big4", name)
		}
		if m = WithBig(k, f); m.Name != name {
			return m, true, fmt.Errorf("cores: %q: write %s", name, m.Name)
		}
		return m, true, nil
	}
	rest, found := strings.CutPrefix(name, "hm-")
	if !found {
		return m, false, nil
	}
	kind, size, sized := strings.Cut(rest, "-")
	r := ChipBudget
	if sized {
		if r, err = strconv.Atoi(size); err != nil || strconv.Itoa(r) != size {
			return m, true, fmt.Errorf("cores: %q: write hm-, sym, asym or dyn, and how many base cores the large core has, as in hm-asym-4", name)
		}
	} else if kind != "dyn" {
		return m, true, fmt.Errorf("cores: %q: write how many base cores the large core has, as in hm-%s-4", name, kind)
	}
	m, err = HillMarty(kind, r)
	if !sized {
		m.Name = name
	}
	return m, true, err
}

// chip opens cores of different speeds. Core i has speed(i) times the speed of a
// base core; alone is that of a section that begins while no other runs, 0
// where it makes no difference.
func chip(m Model, speed func(i int) float64, alone float64) Model {
	m.Open = func(n int) (Cores, error) {
		if err := m.carried(n); err != nil {
			return nil, err
		}
		return bound(n, &chipCores{k: m.Slowdown, speed: speed, alone: alone}), nil
	}
	return m
}

// chipCores are cores of different speeds. Sections beyond the number of cores
// wait outside (see bound); here each has a core.
type chipCores struct {
	k     int
	speed func(i int) float64
	alone float64

	mu    sync.Mutex
	cores []*chipCore
	busy  int
}

// A chipCore runs one section at a time.
type chipCore struct {
	slowCore
	speed float64
	taken bool
}

// take takes the fastest free core, and says how fast the section is to run.
func (c *chipCores) take() (*chipCore, float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var best *chipCore
	for _, x := range c.cores {
		if !x.taken && (best == nil || x.speed > best.speed) {
			best = x
		}
	}
	if best == nil {
		best = &chipCore{speed: c.speed(len(c.cores))}
		c.cores = append(c.cores, best)
	}
	best.taken = true
	c.busy++
	if c.busy == 1 && c.alone > 0 {
		return best, c.alone
	}
	return best, best.speed
}

func (c *chipCores) put(x *chipCore) {
	c.mu.Lock()
	defer c.mu.Unlock()
	x.taken = false
	c.busy--
}

func (c *chipCores) Compute(ctx context.Context, f func()) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	x, speed := c.take()
	defer c.put(x)
	x.run(ctx, float64(c.k)/speed, f)
	return nil
}

// Yield does nothing: a section pays at its end.
func (c *chipCores) Yield(context.Context) {}

func (c *chipCores) Close() error { return nil }

// run runs a section at 1/k of real speed.
func (c *slowCore) run(ctx context.Context, k float64, f func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	began, from, blocked := time.Now(), mustThreadTime(), timesBlocked()
	defer func() {
		used := mustThreadTime() - from
		debt := time.Duration((k - 1) * float64(used))
		if off := time.Since(began) - used; timesBlocked() == blocked {
			debt -= off // it was ready all the time, and the machine busy
		}
		c.pay(ctx, debt)
	}()
	f()
}
