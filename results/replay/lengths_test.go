package replay

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// The expected longest of N tasks is the mean longest of random ones.
func TestLongest(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	draw := map[string]func() float64{
		"exponential": rng.ExpFloat64,
		"bimodal": func() float64 {
			if rng.Float64() < 0.1 {
				return 10 / 1.9
			}
			return 1 / 1.9
		},
		"heavy": func() float64 {
			const least, most = 0.3543571591950942, 100.0
			u := rng.Float64() * (1 - math.Pow(least/most, 1.5))
			return least * math.Pow(1-u, -1/1.5)
		},
	}
	for _, skew := range []string{"exponential", "bimodal", "heavy"} { // in one order: all draw from one source
		next := draw[skew]
		for _, size := range [][2]int{{1, 20_000}, {5, 20_000}, {320, 3000}} {
			n, runs := size[0], size[1]
			var sum float64
			for range runs {
				most := 0.0
				for range n {
					most = max(most, next())
				}
				sum += most
			}
			l, err := LengthsOf(skew, n)
			if err != nil {
				t.Fatal(err)
			}
			if got := sum / float64(runs); math.Abs(got/l.Longest-1) > 0.08 || l.Work != float64(n) {
				t.Errorf("%s, %d tasks: longest %.3f on average, want %.3f", skew, n, got, l.Longest)
			}
		}
	}
	for _, tt := range []struct {
		skew string
		n    int
		want float64
	}{{"", 9, 1}, {"equal", 9, 1}, {"ramp", 320, 639. / 320}, {"ramp", 1, 1. / 320}, {"exponential", 4, 25. / 12}} {
		if l, err := LengthsOf(tt.skew, tt.n); err != nil || math.Abs(l.Longest-tt.want) > 1e-12 {
			t.Errorf("%s, %d tasks: %v, %v, want %v", tt.skew, tt.n, l.Longest, err, tt.want)
		}
	}
	if _, err := LengthsOf("odd", 3); err == nil {
		t.Error("an unknown distribution: no error")
	}
	if _, err := LengthsOf("equal", 0); err == nil {
		t.Error("no tasks: no error")
	}
}

// Simulated list schedules lie between the two speedups, with the longest task
// that they have.
func TestListScheduling(t *testing.T) {
	for seed := range uint64(20) {
		j := exponentials(200, seed)
		var work, longest time.Duration
		for _, task := range j.Tasks {
			work, longest = work+task.Time(), max(longest, task.Time())
		}
		l := Lengths{Work: float64(work), Longest: float64(longest)}
		for _, n := range []int{1, 2, 7, 16, 64} {
			for _, s := range []Schedule{Shared, Steal} {
				got := float64(work) / float64(run(t, j, Machine{Workers: n, Schedule: s}).Time)
				if least, most := l.Least(float64(n)), l.Most(float64(n)); got < least*(1-1e-9) || got > most*(1+1e-9) {
					t.Errorf("%s, n = %d: speedup %v, want %v to %v", s, n, got, least, most)
				}
			}
		}
	}
}
