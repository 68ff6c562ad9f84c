package why

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"amdahl/bench/contract"
	"amdahl/results"
)

// What is lost is as much as the timed rounds say, divided as in the traced ones.
func TestAnchor(t *testing.T) {
	level := func(workers, paid, useful, lock, imbalance float64) Level {
		return Level{Workers: workers, Paid: paid, Parts: []Part{{Useful, useful}, {Lock, lock}, {Imbalance, imbalance}}, grew: workers > 1}
	}
	for _, tt := range []struct {
		name         string
		two          Level
		useful, lock float64
		warning      string
	}{
		{"no noise", level(2, 2, 0.5, 0.4, 0.1), 0.5, 0.4, ""},
		{"timed rounds lost more", level(2, 4, 0.5, 0.4, 0.1), 0.25, 0.6, ""},
		{"timed rounds lost less", level(2, 1.25, 0.7, 0.2, 0.1), 0.8, 0.2 * 2 / 3, ""},
		{"far more", level(2, 4, 0.7, 0.2, 0.1), 0.7, 0.2, "at 2 workers the traced rounds spent 30 % of what was paid on something else than useful compute, and the timed ones 75 %"},
		{"nothing is left", level(2, 0.9, 0.7, 0.2, 0.1), 0.7, 0.2, "and the timed ones 0 %"},
		{"next to nothing is lost", level(2, 1.2, 0.98, 0.02, 0), 0.98, 0.02, ""},
		{"useful time fell", func() Level { l := level(2, 4, 0.5, 0.4, 0.1); l.grew = false; return l }(), 0.5, 0.4, ""},
	} {
		levels := []Level{level(1, 1, 1, 0, 0), tt.two}
		warnings := anchor(levels)
		useful, _ := levels[1].Share(Useful)
		lock, _ := levels[1].Share(Lock)
		sum := 0.0
		for _, p := range levels[1].Parts {
			sum += p.Share
		}
		if math.Abs(useful-tt.useful) > 1e-12 || math.Abs(lock-tt.lock) > 1e-12 || math.Abs(sum-1) > 1e-12 {
			t.Errorf("%s: useful %v, lock %v, the sum %v, want %v and %v", tt.name, useful, lock, sum, tt.useful, tt.lock)
		}
		if tt.warning == "" && len(warnings) > 0 || tt.warning != "" && (len(warnings) != 1 || !strings.Contains(warnings[0].Error(), tt.warning)) {
			t.Errorf("%s: warnings %v, want %q", tt.name, warnings, tt.warning)
		}
	}
	if one := []Level{level(2, 2, 0.5, 0.4, 0.1)}; anchor(one) != nil || one[0].Parts[0].Share != 0.5 {
		t.Error("without a level at one worker something was scaled")
	}
}

// Where rounds differ by more than a loss would, no sentence says that next to nothing is lost.
func TestUnseen(t *testing.T) {
	for _, tt := range []struct {
		unseen float64
		want   string
	}{
		{0.04, "next to nothing is lost"},
		{0.2, "At 2 workers no loss shows: one below 20 % of the worker time would be hidden by the differences between rounds."},
	} {
		l := Level{Workers: 2, Paid: 1, Parts: []Part{{Useful, 1}, {Inflation, 0}}, Unseen: tt.unseen}
		if got := l.Sentence(); !strings.Contains(got, tt.want) {
			t.Errorf("%g: got %q, want %q", tt.unseen, got, tt.want)
		}
	}
}

// Growth of the running time within the noise of the rounds is no inflation.
func TestNoise(t *testing.T) {
	curve := func(one, two []float64) *results.Curve {
		c := tracedCurve(t, 0, map[int]tracedLine{1: {contract.UnitPaid: 100, contract.UnitRunning: 100}, 2: {contract.UnitPaid: 110, contract.UnitRunning: 110}})
		for i, level := range [][]float64{one, two} {
			for k, v := range level {
				r := c.Points[i].Profiled[k]
				r[paid], r[sec(contract.UnitRunning)], r[sec(contract.UnitTraced)] = v*1e-6, v*1e-6, v*1e-6/float64(i+1)
			}
		}
		return c
	}
	noisy := Of(curve([]float64{80, 100, 120}, []float64{90, 110, 130}))
	if share, _ := noisy.Levels[1].Share(Inflation); share > 0 || noisy.Levels[1].Unseen < 0.2 || !strings.Contains(fmt.Sprint(noisy.Warnings), "at 2 workers the running time differs between rounds: inflation below ") {
		t.Errorf("noisy: inflation %v, below %v unseen, %v", share, noisy.Levels[1].Unseen, noisy.Warnings)
	}
	clear := Of(curve([]float64{99, 100, 101}, []float64{119, 120, 121}))
	if share, _ := clear.Levels[1].Share(Inflation); share < 0.08 || clear.Levels[1].Unseen > 0 || len(clear.Warnings) > 0 {
		t.Errorf("clear: inflation %v, below %v unseen, %v", share, clear.Levels[1].Unseen, clear.Warnings)
	}
}
