package laws

import (
	"math/rand/v2"
	"strings"
	"testing"

	"amdahl/results"
)

func TestDiagnosis(t *testing.T) {
	strong := sim{law: Amdahl, p: []float64{0.05}, levels: powers(16), repeats: 8, noise: 0.01}
	with := func(f func(*sim)) sim { s := strong; f(&s); return s }
	slower := func(n, by float64) func(*results.Curve) {
		return func(c *results.Curve) {
			for _, p := range c.Points {
				for i := range p.Samples {
					if p.Workers >= n {
						p.Samples[i].Time *= by
					}
				}
			}
		}
	}
	for _, c := range []struct {
		name   string
		s      sim
		change func(*results.Curve)
		want   string // code, and a part of the sentence
		not    string // codes
	}{
		{"plain", strong, nil, "serial|no number of workers makes it more than 20", "overhead superlinear negative kink noisy-level waits few-processors drift"},
		{"ideal", with(func(s *sim) { s.p = []float64{0} }), nil, "|", "overhead negative kink noisy-level"},
		{"open ceiling", with(func(s *sim) { s.p = []float64{0.001}; s.noise = 0.05 }), nil, "|times faster or more", "overhead"},
		{"usl", with(func(s *sim) { s.law = USL; s.p = []float64{0.05, 0.01} }), nil, "overhead-law|for every further worker (κ). It is fastest with about 10 workers (9 to 10), 4.2", "kink"},
		{"rising", with(func(s *sim) { s.law = USL; s.p = []float64{0.05, 0.01} }), nil, "overhead|(Karp–Flatt)", "superlinear"},
		{"log", with(func(s *sim) { s.law = Log; s.p = []float64{0.02, 0.1}; s.levels = powers(64) }), nil, "overhead-law|for every doubling", ""},
		{"negative", with(func(s *sim) { s.law = USL; s.p = []float64{0.05, 0.05} }), nil, "negative|16 workers take 1.9", ""},
		{"bottleneck", with(func(s *sim) { s.law = Bottleneck; s.p = []float64{5} }), nil, "bottleneck|one resource (a disk", "overhead kink"},
		{"processors", with(func(s *sim) { s.law = Bottleneck; s.p = []float64{4} }),
			func(c *results.Curve) { c.Machine.Logical = 4 }, "bottleneck|one resource is always busy, probably the 4 logical processors", "kink"},
		{"superlinear", strong, slower(2, 0.6), "superlinear|With 2 workers it is 3.", ""},
		{"kink", with(func(s *sim) { s.p = []float64{0.02} }),
			func(c *results.Curve) { slower(8, 2)(c); slower(16, 2)(c); c.Machine.Logical = 4 }, "kink|Scaling breaks at the 4 logical processors: 8 workers take ", "waits"},
		{"few", with(func(s *sim) { s.p = []float64{0.3} }),
			func(c *results.Curve) { c.Machine.Logical = 8 }, "few-processors|16 workers shared 8 processors", "waits"},
		{"quota", strong, func(c *results.Curve) { c.Machine.Logical, c.Machine.Quota = 64, 1.5 }, "few-processors|shared 1.5 processors' worth of time", "waits"},
		{"waits", strong, func(c *results.Curve) { c.Machine.Logical = 2 }, "waits|on 2 processors: the work waits more than it computes, so more", "few-processors kink"},
		{"waits a little", strong, func(c *results.Curve) { c.Machine.Logical = 6 }, "waits|on 6 processors: a task computes for at most 6", "few-processors kink"},
		{"noisy level", strong, func(c *results.Curve) {
			for i := range c.Points[2].Samples {
				c.Points[2].Samples[i].Time *= 1 + 0.2*float64(i%2)
			}
		}, "noisy-level|8 samples at 4 workers spread by", ""},
		{"noise", with(func(s *sim) { s.noise = 0.25 }), nil, "noisy|close other programs", "noisy-level"},
		{"drift", with(func(s *sim) { s.rounds = 1e-3 }), func(c *results.Curve) {
			for _, p := range c.Points {
				for i := range p.Samples {
					p.Samples[i].Time *= 1 + 0.02*float64(i)
				}
			}
		}, "drift|The machine got slower by 14", ""},
		{"pool", with(func(s *sim) { s.law = USL; s.p = []float64{0.05, 0.01} }), nil, "pool-size|Use 7 workers: the fewest within 5 % of the best", ""},
		{"more", strong, nil, "pool-size|More may be better still: measure beyond 16", ""},
		{"scaled", with(func(s *sim) { s.law = Gustafson }), nil, "scaled|of the time is serial", "serial overhead pool-size"},
		{"weak, slower", with(func(s *sim) { s.law = Gustafson; s.p = []float64{0.1} }), slower(16, 16), "negative|More workers make it slower: a task takes", ""},
		{"weak, two levels", with(func(s *sim) { s.law = Gustafson; s.p = []float64{0.1}; s.levels = powers(2) }), nil, "two-levels|If a part of the work is serial, its share of the time with 2 workers is", ""},
		{"weak, two levels, slower", with(func(s *sim) { s.law = Gustafson; s.p = []float64{0.1}; s.levels = powers(2) }), slower(2, 4), "two-levels|Gustafson's fraction at 2 is 1.5", ""},
		{"weak, two levels, faster", with(func(s *sim) { s.law = Gustafson; s.p = []float64{0.1}; s.levels = powers(2) }), slower(2, 0.5), "two-levels|2 workers do more than 2 times the work of one", ""},
		{"two levels", with(func(s *sim) { s.levels = powers(2) }), nil, "two-levels|With 2 levels nothing can be checked", "serial overhead"},
	} {
		curve := c.s.curve(rand.New(rand.NewPCG(1, 2)))
		if c.change != nil {
			c.change(curve)
		}
		a, err := Analyze(curve, Options{})
		if err != nil {
			t.Fatal(err)
		}
		code, text, _ := strings.Cut(c.want, "|")
		found := false
		var all []string
		for _, f := range a.Diagnosis {
			found = found || (code == "" || f.Code == code) && strings.Contains(f.Text, text)
			all = append(all, f.Code+": "+f.Text)
			for _, not := range strings.Fields(c.not) {
				if f.Code == not {
					t.Errorf("%s: found %s: %s", c.name, f.Code, f.Text)
				}
			}
		}
		if !found {
			t.Errorf("%s: want %s, got\n\t%s", c.name, c.want, strings.Join(all, "\n\t"))
		}
	}
}

func TestPoolSize(t *testing.T) {
	for _, c := range []struct {
		law  *Law
		p    []float64
		want int
	}{
		{Amdahl, []float64{0.05}, 15}, // still rising at the last level
		{Amdahl, []float64{1}, 1},
		{Amdahl, []float64{0}, 16},
		{USL, []float64{0.05, 0.01}, 7},
		{Bottleneck, []float64{5}, 5},
	} {
		s := sim{law: c.law, p: c.p, levels: powers(16), repeats: 2}
		a, err := Analyze(s.curve(rand.New(rand.NewPCG(1, 2))), Options{})
		if err != nil {
			t.Fatal(err)
		}
		p := a.PoolSize
		best := 0.0
		for n := 1.0; n <= 16; n++ {
			best = max(best, a.Chosen.Speedup(n))
		}
		if p.N != c.want || p.Speedup < 0.95*best || p.N > 1 && a.Chosen.Speedup(float64(p.N-1)) >= 0.95*best {
			t.Errorf("%s %v: use %d (%.2f times, the best being %.2f), want %d", c.law.Name, c.p, p.N, p.Speedup, best, c.want)
		}
	}
}

func TestBest95(t *testing.T) {
	f := fitOf(t, sim{law: USL, p: []float64{0.05, 0.01}, levels: powers(32), repeats: 2}.curve(rand.New(rand.NewPCG(1, 2))), USL, LogTime)
	for _, n := range []float64{f.Best95.Low, f.Best95.High} {
		near(t, "speedup at the end", f.Speedup(n)/f.MaxSpeedup.Value, 0.95, 1e-9)
	}
}
