package laws

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"amdahl/results"
)

// curveOf makes a curve from level, time, level, time, …
func curveOf(v ...float64) *results.Curve {
	c := &results.Curve{Name: results.ParseName("hash"), X: "threads", Kind: results.Strong}
	for i := 0; i < len(v); i += 2 {
		k := len(c.Points) - 1
		if k < 0 || c.Points[k].Workers != v[i] {
			c.Points = append(c.Points, results.Point{Workers: v[i]})
			k++
		}
		c.Points[k].Samples = append(c.Points[k].Samples, results.Sample{Time: v[i+1]})
	}
	return c
}

func TestErrors(t *testing.T) {
	empty := curveOf(1, 1, 2, 1)
	empty.Points[1].Samples = nil
	for _, c := range []struct {
		name  string
		curve *results.Curve
		o     Options
		want  string
	}{
		{"none", curveOf(), Options{}, "laws: hash: no points"},
		{"one level", curveOf(4, 1), Options{}, "laws: hash: only one level of workers, threads=4: measure at two or more, better 1, 2, 4, 8"},
		{"no samples", empty, Options{}, "laws: hash: no samples at threads=2"},
		{"zero level", curveOf(0, 1, 2, 1), Options{}, "laws: hash: threads=0: want a number"},
		{"NaN level", curveOf(math.NaN(), 1), Options{}, "laws: hash: threads=NaN: want a number"},
		{"descending", curveOf(2, 1, 1, 1), Options{}, "laws: hash: threads=1 after 2: want each level once"},
		{"zero time", curveOf(1, 1, 2, 0), Options{}, "laws: hash: time 0 s at threads=2: want a positive number"},
		{"negative time", curveOf(1, -1, 2, 1), Options{}, "laws: hash: time -1 s at threads=1"},
		{"infinite time", curveOf(1, 1, 2, math.Inf(1)), Options{}, "laws: hash: time +Inf s at threads=2"},
		{"NaN time", curveOf(1, math.NaN(), 2, 1), Options{}, "laws: hash: time NaN s at threads=1"},
		{"loss", curveOf(1, 1, 2, 1), Options{Loss: "square"}, `laws: unknown loss "square": want "log" or "throughput"`},
		{"confidence", curveOf(1, 1, 2, 1), Options{Confidence: 95}, "laws: confidence 95: want a number between 0.5 and 1"},
	} {
		_, err := Analyze(c.curve, c.o)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %s", c.name, err, c.want)
		}
		if is := errors.Is(err, ErrOneLevel); is != (c.name == "one level") {
			t.Errorf("%s: errors.Is(err, ErrOneLevel) = %t", c.name, is)
		}
	}
}

func names(fits []*Fit) string {
	var s []string
	for _, f := range fits {
		s = append(s, f.Law.Name)
	}
	return strings.Join(s, " ")
}

// carried names the laws of All that levels up to n, in powers of two, can carry.
func carried(kind results.Kind, n float64) string {
	var names []string
	for _, l := range All {
		if l.appliesTo(kind) && len(powers(n)) >= l.Levels {
			names = append(names, l.Name)
		}
	}
	return strings.Join(names, " ")
}

// The laws that a number of levels can carry, by kind.
func TestLevels(t *testing.T) {
	for _, c := range []struct {
		kind   results.Kind
		levels float64
		chosen string
		warns  string
	}{
		{results.Strong, 2, "", "2 levels: no law can be checked"},
		{results.Strong, 4, "amdahl", "3 levels: no law with an overhead"},
		{results.Strong, 8, "amdahl", ""},
		{"", 8, "amdahl", ""},
		{results.Weak, 2, "", "2 levels: no law can be checked"},
		{results.Weak, 4, "gustafson", ""},
		{results.Weak, 32, "gustafson", ""},
	} {
		fits := carried(c.kind, c.levels)
		law := Amdahl
		if c.kind == results.Weak {
			law = Gustafson
		}
		s := sim{law: law, p: []float64{0.1}, levels: powers(c.levels), repeats: 8, noise: 0.01}
		curve := s.curve(rand.New(rand.NewPCG(1, 9)))
		curve.Kind = c.kind
		a, err := Analyze(curve, Options{})
		if err != nil {
			t.Fatal(err)
		}
		chosen := ""
		if a.Chosen != nil {
			chosen = a.Chosen.Law.Name
		}
		if got := names(a.Fits); got != fits || chosen != c.chosen {
			t.Errorf("%q, up to %g: fits %q and chose %q, want %q and %q", c.kind, c.levels, got, chosen, fits, c.chosen)
		}
		if got := texts(a.Warnings); c.warns == "" && strings.Contains(got, "levels:") || !strings.Contains(got, c.warns) {
			t.Errorf("%q, up to %g: warnings %q, want %q", c.kind, c.levels, got, c.warns)
		}
		if a.Sigma == nil || a.Sigma.Interval == nil || a.Sigma.Interval.Low > 0.1 || a.Sigma.Interval.High < 0.1 {
			t.Errorf("%q, up to %g: sigma %+v, want an interval with 0.1", c.kind, c.levels, a.Sigma)
		}
		if got, want := a.DetectableKappa != nil, strings.Contains(fits, "usl"); got != want {
			t.Errorf("%q, up to %g: a detectable kappa: %t, want %t", c.kind, c.levels, got, want)
		}
	}
}

func TestTwoLevels(t *testing.T) {
	a, err := Analyze(curveOf(1, 1, 4, 0.4), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := SerialFraction(2.5, 4); math.Abs(a.Sigma.Value-want) > 1e-15 || a.Sigma.Interval != nil || a.Chosen != nil {
		t.Errorf("sigma %+v, chosen %v, want %g without an interval, and none", a.Sigma, a.Chosen, want)
	}
	if got := texts(a.Warnings); !strings.Contains(got, "one sample a level") {
		t.Errorf("warnings %q, want a word on samples", got)
	}
	if a, _ = Analyze(curveOf(2, 1, 4, 0.6), Options{}); a.Sigma != nil || a.KarpFlatt != nil {
		t.Errorf("without a level at 1: sigma %+v, Karp–Flatt %v, want none", a.Sigma, a.KarpFlatt)
	}
}

// A law that the data follow exactly comes back exactly, and is chosen.
func TestExact(t *testing.T) {
	for _, c := range []struct {
		law    *Law
		p      []float64
		chosen *Law
	}{
		{Amdahl, []float64{0.07}, Amdahl},
		{Amdahl, []float64{0}, Ideal},
		{Amdahl, []float64{1}, Amdahl},
		{USL, []float64{0.05, 0.02}, USL},
		{Log, []float64{0.05, 0.03}, Log},
		{Bottleneck, []float64{5}, Bottleneck},
		{Bottleneck, []float64{40}, Ideal},
		{Gustafson, []float64{0.1}, Gustafson},
		{Gustafson, []float64{0}, Ideal},
	} {
		for _, loss := range []Loss{LogTime, Throughput} {
			s := sim{law: c.law, p: c.p, levels: powers(32), repeats: 3}
			a, err := Analyze(s.curve(rand.New(rand.NewPCG(1, 1))), Options{Loss: loss})
			if err != nil {
				t.Fatal(err)
			}
			if a.Chosen.Law != c.chosen {
				t.Errorf("%s %v, %s: chose %s, want %s", c.law.Name, c.p, loss, a.Chosen.Law.Name, c.chosen.Name)
				continue
			}
			near(t, "T1", a.Chosen.T1.Value, 1e-3, 1e-10)
			for k, p := range a.Chosen.Params {
				if math.Abs(p.Value-c.p[k]) > 1e-10 {
					t.Errorf("%s, %s: %s = %.12g, want %g", c.law.Name, loss, p.Symbol, p.Value, c.p[k])
				}
			}
		}
	}
}

// The unit of time changes T(1) and nothing else, and the number of repeats of
// equal samples changes no estimate.
func TestUnits(t *testing.T) {
	s := sim{law: USL, p: []float64{0.05, 0.002}, levels: powers(32), repeats: 4, noise: 0.03}
	for _, loss := range []Loss{LogTime, Throughput} {
		base := fitOf(t, s.curve(rand.New(rand.NewPCG(2, 1))), USL, loss)
		for _, unit := range []float64{1e-12, 1e9} {
			c := s.curve(rand.New(rand.NewPCG(2, 1)))
			for _, p := range c.Points {
				for i := range p.Samples {
					p.Samples[i].Time *= unit
				}
			}
			f := fitOf(t, c, USL, loss)
			near(t, "T1", f.T1.Value, base.T1.Value*unit, 1e-8)
			near(t, "T1 low", f.T1.Interval.Low, base.T1.Interval.Low*unit, 1e-6)
			for k := range f.Params {
				near(t, "parameter", f.Params[k].Value, base.Params[k].Value, 1e-6)
				near(t, "its low end", f.Params[k].Interval.Low, base.Params[k].Interval.Low, 1e-5)
			}
			near(t, "peak", f.Peak.Value, base.Peak.Value, 1e-6)
			near(t, "error", f.Error, base.Error, 1e-8)
		}
	}
}

// Levels without 1, fractional loads, and levels up to a million.
func TestOtherLevels(t *testing.T) {
	for _, levels := range [][]float64{{2, 4, 8, 16, 32}, {0.25, 0.5, 1, 2.5, 7}, {1, 10, 1e3, 1e5, 1e6}} {
		s := sim{law: Amdahl, p: []float64{0.02}, levels: levels, repeats: 6, noise: 0.02}
		a, err := Analyze(s.curve(rand.New(rand.NewPCG(1, 4))), Options{})
		if err != nil {
			t.Fatal(err)
		}
		iv := a.Sigma.Interval
		if a.Chosen.Law != Amdahl || iv.Low > 0.02 || iv.High < 0.02 || a.Chosen.T1.Interval.Low > 1e-3 || a.Chosen.T1.Interval.High < 1e-3 {
			t.Errorf("%v: chose %s, σ in %v, T1 in %v", levels, a.Chosen.Law.Name, *iv, *a.Chosen.T1.Interval)
		}
		sound(t, a)
	}
}

// The misfit of a whole level is not averaged away by repeats, with or without
// rounds.
func TestLackOfFitWidens(t *testing.T) {
	for _, rounds := range []float64{0, 0.01} {
		width := func(shift float64) float64 {
			s := sim{law: Amdahl, p: []float64{0.05}, levels: powers(16), repeats: 50, noise: 0.01, shift: shift, rounds: rounds}
			d, err := reduce(s.curve(rand.New(rand.NewPCG(5, 1))), LogTime)
			if err != nil {
				t.Fatal(err)
			}
			f := d.finish(d.solve(Amdahl), 0.95)
			if said := strings.Contains(f.Method, "the law misses the levels by more than"); said != (shift > 0) {
				t.Errorf("effects of levels %g: method %q", shift, f.Method)
			}
			iv := f.Params[0].Interval
			if iv.Low > 0.05 || iv.High < 0.05 {
				t.Errorf("effects of levels %g: σ in %v, want 0.05 in it", shift, *iv)
			}
			return iv.High - iv.Low
		}
		if clean, shifted := width(0), width(0.04); shifted < 1.3*clean {
			t.Errorf("rounds %g: σ's interval is %g wide without effects of levels, %g with them", rounds, clean, shifted)
		}
	}
}
