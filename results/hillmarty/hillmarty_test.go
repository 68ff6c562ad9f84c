package hillmarty

import (
	"math"
	"testing"
)

// Values that the formulas of the paper give by hand, and those that its text
// names: with f = 0.975 and n = 256 the best symmetric chip reaches 51.2, with
// f = 0.99 the best asymmetric one 165 and with f = 0.99 the dynamic one 223.
func TestPublished(t *testing.T) {
	for _, tt := range []struct {
		name      string
		got, want float64
		tolerance float64
	}{
		{"symmetric, r = 1, is Amdahl's law", Symmetric(0.9, 16, 1), 1 / (0.1 + 0.9/16), 1e-12},
		{"asymmetric, r = 1, too", Asymmetric(0.9, 16, 1), 1 / (0.1 + 0.9/16), 1e-12},
		{"dynamic, r = 1, too", Dynamic(0.9, 16, 1), 1 / (0.1 + 0.9/16), 1e-12},
		{"one large core", Symmetric(0.9, 16, 16), 4, 1e-12},
		{"one large core", Asymmetric(0.9, 16, 16), 4, 1e-12},
		{"asymmetric, r = 4 of 16", Asymmetric(0.5, 16, 4), 1 / (0.25 + 0.5/14), 1e-12},
		{"dynamic, r = 16 of 16", Dynamic(0.5, 16, 16), 1 / (0.125 + 0.5/16), 1e-12},
		{"symmetric, f = 0.975", best(Symmetric, 0.975, 256), 51.2, 0.01},
		{"asymmetric, f = 0.99", best(Asymmetric, 0.99, 256), 165, 0.01},
		{"dynamic, f = 0.99", best(Dynamic, 0.99, 256), 223, 0.01},
	} {
		if math.Abs(tt.got/tt.want-1) > tt.tolerance {
			t.Errorf("%s: %v, want %v", tt.name, tt.got, tt.want)
		}
	}
}

func best(s func(f, n, r float64) float64, f, n float64) float64 {
	_, v := Design{Speedup: s}.Best(f, n)
	return v
}

// Best is no worse than any r of a fine grid, and is reached at its r.
func TestBest(t *testing.T) {
	for _, d := range Designs {
		for _, n := range []float64{1, 16, 64, 256} {
			for _, f := range []float64{0, 0.5, 0.9, 0.99, 0.999, 1} {
				r, s := d.Best(f, n)
				if got := d.Speedup(f, n, r); math.Abs(got-s) > 1e-9*s || r < 1 || r > n {
					t.Errorf("%s, f = %v, n = %v: best at r = %v is %v, and there it is %v", d.Name, f, n, r, s, got)
				}
				for x := 0.0; x <= math.Log(n); x += 0.001 {
					if v := d.Speedup(f, n, math.Exp(x)); v > s*(1+1e-6) {
						t.Fatalf("%s, f = %v, n = %v: %v at r = %v, best %v at %v", d.Name, f, n, v, math.Exp(x), s, r)
					}
				}
			}
		}
	}
}

// The asymmetric chip is never behind the symmetric one of the same r, and the
// dynamic one leads both.
func TestOrder(t *testing.T) {
	for _, f := range []float64{0.5, 0.9, 0.975, 0.99} {
		for _, r := range []float64{1, 4, 16} {
			s, a, d := Symmetric(f, 16, r), Asymmetric(f, 16, r), Dynamic(f, 16, r)
			if !(s <= a*(1+1e-12) && a <= d*(1+1e-12)) {
				t.Errorf("f = %v, r = %v: %v, %v, %v: want them in this order", f, r, s, a, d)
			}
		}
	}
}

// At the crossing both chips are as fast; just before it the large core wins,
// just beyond it the base cores do.
func TestCrossing(t *testing.T) {
	for _, tt := range []struct{ f, n float64 }{{0.99, 16}, {0.975, 16}, {0.95, 16}, {0.99, 64}, {0.999, 64}} {
		r, base := Crossing(tt.f, tt.n), Symmetric(tt.f, tt.n, 1)
		if r <= 1 || r >= tt.n {
			continue
		}
		if at, less, more := Asymmetric(tt.f, tt.n, r), Asymmetric(tt.f, tt.n, r*0.99), Asymmetric(tt.f, tt.n, r*1.01); math.Abs(at/base-1) > 1e-6 || less <= base || more >= base {
			t.Errorf("f = %v, n = %v: r = %v gives %v, %v, %v around %v", tt.f, tt.n, r, less, at, more, base)
		}
	}
	if got := Crossing(0.5, 16); got != 16 {
		t.Errorf("f = 0.5: %v, want 16: one large core beats 16 base cores", got)
	}
	if got := Crossing(1, 16); got != 1 {
		t.Errorf("f = 1: %v, want 1: no large core pays", got)
	}
}

func TestOutOfRange(t *testing.T) {
	for _, a := range [][3]float64{{-0.1, 16, 1}, {1.1, 16, 1}, {0.5, 16, 0.5}, {0.5, 16, 17}, {math.NaN(), 16, 4}} {
		for _, d := range Designs {
			if got := d.Speedup(a[0], a[1], a[2]); !math.IsNaN(got) {
				t.Errorf("%s of %v: %v, want NaN", d.Name, a, got)
			}
		}
	}
	if _, err := Find("round"); err == nil {
		t.Error("Find(round): no error")
	}
	for _, d := range Designs {
		if got, err := Find(d.Name); err != nil || got.Doc != d.Doc {
			t.Errorf("Find(%s): %v, %v", d.Name, got, err)
		}
	}
}
