package ironlaw

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"amdahl/results"
	"amdahl/results/read"
)

// A machine makes curves whose factors are known.
type machine struct {
	instructions func(n float64) float64 // of a task
	cpi          func(n float64) float64
	clock        func(n float64) float64 // Hz
	busy         func(n float64) float64
	noise        float64 // standard deviation of the log of instructions, CPI, clock and wall time each
	samples      int     // of each level; 0 is 8
}

func always(v float64) func(float64) float64 { return func(float64) float64 { return v } }

// quiet is a machine on which a task takes 1e6 instructions, 0.5 cycles each, at
// 2 GHz: 250 µs.
func quiet() machine {
	return machine{instructions: always(1e6), cpi: always(0.5), clock: always(2e9), busy: func(n float64) float64 { return n }}
}

const tasks = 10

func (m machine) curve(levels ...float64) *results.Curve {
	rng := rand.New(rand.NewPCG(1, 2))
	noise := func() float64 { return math.Exp(m.noise * rng.NormFloat64()) }
	c := &results.Curve{Name: results.ParseName("S/strategy=fixed"), X: "workers", Kind: results.Strong}
	if m.samples == 0 {
		m.samples = 8
	}
	for _, n := range levels {
		p := results.Point{Workers: n, Tasks: tasks, Extra: map[string][]float64{}}
		for range m.samples {
			i := m.instructions(n) * noise()
			cycles := i * m.cpi(n) * noise()
			cpu := cycles / (m.clock(n) * noise())
			p.Samples = append(p.Samples, results.Sample{Time: cpu / m.busy(n) * noise()})
			p.Extra["instructions/op"] = append(p.Extra["instructions/op"], tasks*i)
			p.Extra["cycles/op"] = append(p.Extra["cycles/op"], tasks*cycles)
			p.Extra["cpu-sec/op"] = append(p.Extra["cpu-sec/op"], tasks*cpu)
		}
		c.Points = append(c.Points, p)
	}
	return c
}

// codes are the findings of a law in short.
func codes(l *Law) string {
	var s []string
	for _, f := range l.Findings {
		s = append(s, f.Code)
	}
	return strings.Join(s, " ")
}

func near(got, want float64) bool { return math.Abs(got-want) <= 1e-9*math.Abs(want) }

// Planted factors come back, and their product is the CPU time.
func TestFactors(t *testing.T) {
	m := quiet()
	m.instructions = func(n float64) float64 { return 1e6 * (1 + 0.01*(n-1)) }
	m.cpi = func(n float64) float64 { return 0.5 * (1 + 0.1*(n-1)) }
	m.clock = func(n float64) float64 { return 2e9 / (1 + 0.05*(n-1)) }
	m.busy = func(n float64) float64 { return 0.9 * n }
	l := Of(m.curve(1, 2, 4, 8), Options{Counters: "user+kernel"})
	for _, v := range l.Levels {
		n := v.Workers
		for _, q := range []struct {
			name               string
			got                *Quantity
			value, valueAtBase float64
		}{
			{"instructions", v.Instructions, m.instructions(n), m.instructions(1)},
			{"CPI", v.CPI, m.cpi(n), m.cpi(1)},
			{"clock", v.Clock, m.clock(n), m.clock(1)},
			{"busy", v.Busy, m.busy(n), m.busy(1)},
			{"CPU", v.CPU, m.instructions(n) * m.cpi(n) / m.clock(n), 250e-6},
			{"wall", v.Wall, m.instructions(n) * m.cpi(n) / m.clock(n) / m.busy(n), 250e-6 / 0.9},
		} {
			if !near(q.got.Value, q.value) || !near(q.got.Factor.Value, q.value/q.valueAtBase) || q.got.Interval == nil {
				t.Errorf("%g workers: %s is %v, factor %v, want %v and %v", n, q.name, q.got.Estimate, *q.got.Factor, q.value, q.value/q.valueAtBase)
			}
		}
		if p, ok := v.Product(); !ok || !near(p, v.CPU.Value) {
			t.Errorf("%g workers: the product is %v, %v, want the CPU time %v", n, p, ok, v.CPU.Value)
		}
		if len(v.Missing) > 0 || v.Samples != 8 {
			t.Errorf("%g workers: missing %q of %d samples, want nothing of 8", n, v.Missing, v.Samples)
		}
	}
	if len(l.Warnings) > 0 {
		t.Errorf("got warnings %v, want none", l.Warnings)
	}
}

func TestFindings(t *testing.T) {
	step := func(at, before, from float64) func(float64) float64 {
		return func(n float64) float64 {
			if n >= at {
				return from
			}
			return before
		}
	}
	tests := []struct {
		name   string
		change func(*machine)
		codes  string
		say    string // one of the sentences has this
	}{
		{"nothing", func(*machine) {}, "cpu-same instructions-same cpi-same clock-same", "Instructions stay at 1.00×: more workers do not change the work."},
		{"memory", func(m *machine) { m.cpi = step(8, 0.5, 0.9) }, "cpu-grows instructions-same cpi-grows clock-same", "CPI grows to 1.80× at 8 workers: caches, SMT or memory"},
		{"memory, in all", func(m *machine) { m.cpi = step(8, 0.5, 0.9) }, "cpu-grows instructions-same cpi-grows clock-same",
			"A task takes 1.80× the CPU time at 8 workers: instructions 1.00×, cycles for each 1.80×, length of a cycle 1.00×."},
		{"turbo", func(m *machine) { m.clock = step(2, 2e9, 1.6e9) }, "cpu-grows instructions-same cpi-same clock-falls", "The clock falls to 0.80× at 2 workers"},
		{"spinning", func(m *machine) { m.instructions = step(4, 1e6, 1.5e6) }, "cpu-grows instructions-grows cpi-same clock-same", "Instructions grow to 1.50× at 4 workers"},
		{"bigger caches", func(m *machine) { m.cpi = step(4, 0.5, 0.4) }, "cpu-falls instructions-same cpi-falls clock-same", "CPI falls to 0.80× at 4 workers"},
		{"sleepy", func(m *machine) { m.clock = step(2, 1e9, 2e9) }, "cpu-falls instructions-same cpi-same clock-grows", "The clock rises to 2.00× at 2 workers"},
		{"spinning alone", func(m *machine) { m.instructions = step(2, 2e6, 1e6) }, "cpu-falls instructions-falls cpi-same clock-same", "Instructions fall to 0.50× at 2 workers"},
		{"below the thresholds", func(m *machine) { m.instructions, m.cpi = step(2, 1e6, 1.015e6), step(2, 0.5, 0.515) }, "cpu-same instructions-same cpi-same clock-same", "Instructions stay at 1.01×"},
		{"noise", func(m *machine) { m.noise, m.cpi = 0.3, step(8, 0.5, 0.53) }, "cpu-unclear instructions-unclear cpi-unclear clock-unclear", "Whether a task takes more CPU time with more workers these samples do not tell: it is "},
		{"little noise", func(m *machine) { m.noise = 0.005 }, "cpu-same instructions-same cpi-same clock-same", "A task takes the same CPU time"},
		{"two samples, a small change", func(m *machine) { m.samples, m.cpi = 2, step(8, 0.5, 0.54) }, "cpu-same instructions-same cpi-same clock-same", ""},
		{"two samples, a great change", func(m *machine) { m.samples, m.cpi = 2, step(8, 0.5, 0.56) }, "cpu-grows instructions-same cpi-grows clock-same", ""},
	}
	for _, tt := range tests {
		m := quiet()
		tt.change(&m)
		l := Of(m.curve(1, 2, 4, 8), Options{Counters: "user+kernel"})
		if got := codes(l); got != tt.codes || !strings.Contains(fmt.Sprint(l.Findings), tt.say) {
			t.Errorf("%s: got %v, want %q and %q", tt.name, l.Findings, tt.codes, tt.say)
		}
	}
}

// What is missing is said, and the rest stands.
func TestMissing(t *testing.T) {
	m := quiet()
	drop := func(c *results.Curve, level int, keep int, units ...string) {
		for i := range c.Points {
			if level >= 0 && i != level {
				continue
			}
			for _, u := range units {
				if c.Points[i].Extra[u] = c.Points[i].Extra[u][:keep]; keep == 0 {
					delete(c.Points[i].Extra, u)
				}
			}
		}
	}
	tests := []struct {
		name     string
		spoil    func(*results.Curve)
		counters string
		codes    string
		say      string
	}{
		{"no counters here", func(c *results.Curve) { drop(c, -1, 0, "instructions/op", "cycles/op") }, "no: a virtual machine", "cpu-same no-counters", "No counters: a virtual machine."},
		{"not asked for", func(c *results.Curve) { drop(c, -1, 0, "instructions/op", "cycles/op") }, "", "cpu-same no-counters", "No counters: the run did not ask for them (-perf)."},
		{"not in these lines", func(c *results.Curve) { drop(c, -1, 0, "cycles/op") }, "user+kernel", "cpu-same instructions-same no-counters", "No counters: the lines have no cycles/op."},
		{"nothing", func(c *results.Curve) { drop(c, -1, 0, "instructions/op", "cycles/op", "cpu-sec/op") }, "", "no-cpu no-counters", "No CPU time: the lines have no cpu-ns/op."},
		{"no CPU time", func(c *results.Curve) { drop(c, -1, 0, "cpu-sec/op") }, "user+kernel", "instructions-same cpi-same no-cpu", "No CPU time"},
		{"on some lines", func(c *results.Curve) { drop(c, 1, 3, "cycles/op") }, "user+kernel", "cpu-same instructions-same cpi-same clock-same no-counters",
			"No counters: 3 of 8 lines have cycles/op: measure all of them alike (at 2 workers)."},
		{"a zero", func(c *results.Curve) { c.Points[0].Extra["instructions/op"][2] = 0 }, "user+kernel", "cpu-same instructions-same cpi-same clock-same no-counters",
			"No counters: instructions/op is 0 on a line (at 1 worker)."},
		{"user code", func(c *results.Curve) {}, "user", "cpu-same instructions-same cpi-same clock-same user-only", "are those of user code"},
	}
	for _, tt := range tests {
		c := m.curve(1, 2, 4)
		tt.spoil(c)
		l := Of(c, Options{Counters: tt.counters})
		if got := codes(l); got != tt.codes || !strings.Contains(fmt.Sprint(l.Findings), tt.say) {
			t.Errorf("%s: got %q %v, want %q and %q", tt.name, got, l.Findings, tt.codes, tt.say)
		}
		for _, v := range l.Levels {
			if v.Wall == nil {
				t.Errorf("%s: no wall time at %g workers", tt.name, v.Workers)
			}
		}
	}
}

// One level has quantities and nothing to compare them with; no level is no harm.
func TestFewLevels(t *testing.T) {
	l := Of(quiet().curve(1), Options{})
	if len(l.Levels) != 1 || l.Levels[0].Clock.Factor.Value != 1 || len(l.Findings) > 0 {
		t.Errorf("one level: got %+v with %v, want factors of 1 and no finding", l.Levels, l.Findings)
	}
	if l := Of(&results.Curve{}, Options{}); len(l.Levels)+len(l.Findings)+len(l.Warnings) > 0 {
		t.Errorf("no level: got %+v, want nothing", l)
	}
	// A clock too coarse for the CPU time: a share of 0, and no factor of it.
	c := quiet().curve(1, 2)
	for i := range c.Points {
		clear(c.Points[i].Extra["cpu-sec/op"])
	}
	l = Of(c, Options{Counters: "user+kernel"})
	if v := l.Levels[1]; v.Busy == nil || v.Busy.Value != 0 || v.Busy.Factor != nil || v.Clock != nil || len(v.Missing) != 1 {
		t.Errorf("no CPU time: got busy %+v, clock %v, missing %q, want 0 without a factor, and no clock", v.Busy, v.Clock, v.Missing)
	}
}

// Samples that vary together give medians that do not fit together; it is said.
func TestWarning(t *testing.T) {
	c := quiet().curve(1)
	e := c.Points[0].Extra
	for i := range e["cycles/op"] {
		f := math.Pow(2, float64(i%3))
		e["instructions/op"][i] *= f
		e["cycles/op"][i] *= f * math.Pow(2, float64(-i%2))
	}
	if l := Of(c, Options{Counters: "user"}); len(l.Warnings) != 1 || !strings.Contains(l.Warnings[0].Error(), "at 1 worker the factors give a CPU time that is") {
		t.Errorf("got %v, want a warning", l.Warnings)
	}
}

func TestCounters(t *testing.T) {
	for _, tt := range []struct {
		config []results.Setting
		want   string
	}{
		{nil, ""},
		{[]results.Setting{{Key: "goos", Value: "linux"}}, ""},
		{[]results.Setting{{Key: "goos", Value: "linux"}, {Key: "perf-counters", Value: "no: x: y"}}, "no: x: y"},
	} {
		if got := Counters(tt.config); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.config, got, tt.want)
		}
	}
}

// Benchmark text is read with the units that this package looks for.
func TestText(t *testing.T) {
	const text = `perf-counters: user+kernel
BenchmarkS/workers=1-2 1 2000000 ns/op 1000000 cpu-ns/op 4000000 cycles/op 2000000 instructions/op 4 tasks/op
BenchmarkS/workers=2-2 1 1000000 ns/op 1100000 cpu-ns/op 4400000 cycles/op 2000000 instructions/op 4 tasks/op
`
	set, err := read.Files(nil, strings.NewReader(text), read.Options{})
	if err != nil || len(set.Curves) != 1 {
		t.Fatalf("got %d curves, %v, want 1", len(set.Curves), err)
	}
	l := Of(set.Curves[0], Options{Counters: Counters(set.Config)})
	var got []string
	for _, v := range l.Levels {
		got = append(got, fmt.Sprintf("%g: %.4g %.4g %.4g, %.4g %.4g %.4g", v.Workers, v.Instructions.Value, v.CPI.Value, v.Clock.Value, v.CPU.Value, v.Busy.Value, v.Wall.Value))
	}
	want := []string{"1: 5e+05 2 4e+09, 0.00025 0.5 0.0005", "2: 5e+05 2.2 4e+09, 0.000275 1.1 0.00025"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
