package workloads

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// Each distribution has mean 1 and the variance that its formula gives.
func TestSkews(t *testing.T) {
	const n = 320_000
	tests := map[string]struct{ variance, tolerance, least, most float64 }{
		"equal":       {0, 0, 1, 1},
		"ramp":        {1. / 3, 1e-4, 1. / 320, 639. / 320},
		"exponential": {1, 0.03, 0, 40},
		"bimodal":     {(0.9+0.1*100)/(1.9*1.9) - 1, 0.02, 1 / 1.9, 10 / 1.9},
		"heavy":       {heavyVariance() - 1, 0.4, heavyLeast, heavyMost},
	}
	for _, name := range Skews {
		want, ok := tests[name]
		if !ok {
			t.Errorf("no test of skew %s", name)
			continue
		}
		s := skew{seed: 1}
		if name != "equal" {
			s.name = name
		}
		var sum, squares float64
		for i := range n {
			x := s.of(i)
			if !(x >= want.least*(1-1e-9) && x <= want.most*(1+1e-9)) || !(x > 0) {
				t.Fatalf("%s: task %d has length %v, want %v to %v", name, i, x, want.least, want.most)
			}
			sum, squares = sum+x, squares+x*x
		}
		mean := sum / n
		if variance := squares/n - mean*mean; math.Abs(mean-1) > 0.02 || math.Abs(variance-want.variance) > want.tolerance*max(want.variance, 1e-9) {
			t.Errorf("%s: mean %v, variance %v, want 1, %v", name, mean, variance, want.variance)
		}
	}
}

// heavyVariance is the second moment of the bounded Pareto distribution:
// least^α/(1 − (least/most)^α) · α/(2−α) · (most^(2−α) − least^(2−α)).
func heavyVariance() float64 {
	const a, l, m = heavyAlpha, heavyLeast, heavyMost
	return math.Pow(l, a) / (1 - math.Pow(l/m, a)) * a / (2 - a) * (math.Pow(m, 2-a) - math.Pow(l, 2-a))
}

// Half of all tasks are longer than ln 2, and one in ten than ln 10.
func TestExponential(t *testing.T) {
	const n = 100_000
	s := skew{name: "exponential", seed: 5}
	x := make([]float64, n)
	for i := range x {
		x[i] = s.of(i)
	}
	slices.Sort(x)
	for _, q := range []float64{0.1, 0.5, 0.9, 0.99} {
		if got, want := x[int(q*n)], -math.Log(1-q); math.Abs(got/want-1) > 0.03 {
			t.Errorf("quantile %v is %v, want %v", q, got, want)
		}
	}
}

// The lengths of a seed are the same in every job; another seed has others.
func TestSkewBySeed(t *testing.T) {
	for _, name := range Skews[2:] {
		a, b, other := skew{name, 1}, skew{name, 1}, skew{name, 2}
		same := 0
		for i := range 1000 {
			if a.of(i) != b.of(i) {
				t.Fatalf("%s: task %d has two lengths", name, i)
			}
			if a.of(i) == other.of(i) {
				same++
			}
		}
		if same > 900 {
			t.Errorf("%s: another seed gives the same %d of 1000 lengths", name, same)
		}
	}
}

// Every workload that can be skewed gives other sums for other lengths, and the
// same from its spec.
func TestSkewedSums(t *testing.T) {
	for _, w := range All {
		if !w.Skewed {
			o := Options{Skew: "ramp"}
			if _, err := w.Prepare(t.Context(), &o); err == nil || !strings.Contains(err.Error(), "can differ (hash, spin") {
				t.Errorf("%s: skew=ramp gives %v, want an error that names workloads", w.Name, err)
			}
			continue
		}
		seen := map[uint64]string{}
		for _, name := range Skews {
			o := prepare(t, w, Options{Size: w.TestSize, Seed: 7, Skew: name})
			spec := Spec(w, o)
			if got := strings.Contains(spec, "/skew="+name); got != (name != "equal") {
				t.Errorf("spec %s: skew in it: %v", spec, got)
			}
			job, err := Open(spec)
			if err != nil {
				t.Fatal(err)
			}
			sum := do(t, job, 3)
			if again := do(t, open(t, w, o), 3); again != sum {
				t.Errorf("%s, %s: sums %#x and %#x", w.Name, name, sum, again)
			}
			if other := seen[sum]; other != "" {
				t.Errorf("%s: %s and %s give one sum", w.Name, name, other)
			}
			seen[sum] = name
			if err := job.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// Time is skewed as the lengths are.
func TestSkewedTime(t *testing.T) {
	job := open(t, Sleep, prepare(t, Sleep, Options{Size: 10_000, Skew: "bimodal"}))
	s := skew{"bimodal", 1}
	long := 0
	for s.of(long) < 1 {
		long++
	}
	begin := time.Now()
	do(t, job, long)
	if took := time.Since(begin); took < 50*time.Millisecond {
		t.Errorf("a task of 52 ms took %v", took)
	}
}

func TestBadSkew(t *testing.T) {
	for _, tt := range []struct {
		o    Options
		want string
	}{
		{Options{Skew: "odd"}, `unknown skew "odd": want one of equal, ramp, exponential, bimodal, heavy`},
		{Options{Skew: "ramp", Locked: 0.5}, "plant one of the two"},
	} {
		if _, err := Hash.Prepare(t.Context(), &tt.o); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v, want %s", tt.o, err, tt.want)
		}
	}
}

// The lengths of seed 3, in millionths of the mean. The simulator draws the same,
// and has this list in its test.
func TestDrawnLengths(t *testing.T) {
	for name, want := range drawn {
		s := skew{name, 3}
		var got []string
		for i := range 5 {
			got = append(got, fmt.Sprint(s.sized(1_000_000, i)))
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

var drawn = map[string]string{
	"ramp":        "3125 9375 15625 21875 28125",
	"exponential": "2720279 461335 1697932 1373770 3173592",
	"bimodal":     "5263158 526316 526316 526316 5263158",
	"heavy":       "2168592 481921 1098425 885132 2930186",
}
