package where

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/why"
)

// A plant is a series that loses to a lock at two workers: 1000 µs of an operation are work, a
// round loses lost µs on average, and the place main.guilty has part of that. The others are
// standard deviations from round to round, relative but for that of the part; together is how
// much the part goes with the loss.
type plant struct {
	lost, part           float64
	totals, parts, times float64
	together             float64
	rounds, timed        int
	busy                 int // traced rounds in which others had the processors
}

// grow makes the analysis and the profiles of one measurement of the plant.
func (p plant) grow(r *rand.Rand) (*laws.Analysis, []*Profile) {
	c := &results.Curve{Name: results.ParseName("A"), X: "gomaxprocs", Kind: results.Strong, Machine: results.Machine{Logical: 2}}
	low, high := results.Point{Workers: 1, Tasks: 1}, results.Point{Workers: 2, Tasks: 1}
	const us = 1e-6
	for i := range p.timed {
		low.Samples = append(low.Samples, results.Sample{Time: 1000 * us * math.Exp(p.times*r.NormFloat64()), Round: i + 1})
		high.Samples = append(high.Samples, results.Sample{Time: (1000 + p.lost) / 2 * us * math.Exp(p.times*r.NormFloat64()), Round: i + 1})
	}
	sec := contract.InSeconds
	var all []*Profile
	for round := 1; round <= p.rounds; round++ {
		z := r.NormFloat64()
		lost := p.lost * max(0, 1+p.totals*z)
		part := min(1, max(0, p.part+p.parts*(p.together*z+math.Sqrt(1-p.together*p.together)*r.NormFloat64())))
		low.Profiled = append(low.Profiled, map[string]float64{sec(contract.UnitTraced): 1000 * us, sec(contract.UnitPaid): 1000 * us, sec(contract.UnitRunning): 1000 * us})
		m := map[string]float64{sec(contract.UnitTraced): (1000 + lost) / 2 * us, sec(contract.UnitPaid): (1000 + lost) * us,
			sec(contract.UnitRunning): 1000 * us, sec(contract.Lock.Unit()): lost * us}
		if round <= p.busy {
			m[sec(contract.UnitDelay)], m[sec(contract.UnitOthers)] = 600*us, 800*us
		}
		high.Profiled = append(high.Profiled, m)
		profile := func(workers float64, values ...float64) *Profile {
			q := &Profile{Benchmark: fmt.Sprintf("BenchmarkA-%g", workers), Ops: 1, Workers: workers, Round: round}
			for i, name := range []string{"main.guilty", "main.other"} {
				q.paths = append(q.paths, path{[]frame{{name, "/p/g.go", 7 + i}}, map[string]float64{contract.ProfileCPU: 5e5, string(contract.Lock): 1000 * values[i]}})
			}
			return q
		}
		all = append(all, profile(1, 0, 0), profile(2, part*lost, (1-part)*lost))
	}
	c.Points = []results.Point{low, high}
	return &laws.Analysis{Curve: c, Confidence: 0.95, Levels: stats.Levels(c, 0.95), Account: why.Of(c)}, all
}

// The interval of a share covers what was planted about as often as it says, whatever varies
// from round to round: how the cause is divided, how large it is, both together or against one
// another, and the times. The spread of the division alone would not cover it.
func TestShareCovers(t *testing.T) {
	const runs = 500
	for _, tt := range []struct {
		name  string
		p     plant
		half  float64 // the interval is not wider than this on average, to either side
		short bool    // the division alone covers too little
	}{
		{"the division varies", plant{lost: 500, part: 0.8, parts: 0.05, times: 0.001}, 0.07, false},
		{"the cause varies", plant{lost: 500, part: 0.8, totals: 0.1, times: 0.001}, 0.08, true},
		{"both vary", plant{lost: 500, part: 0.6, parts: 0.05, totals: 0.15, times: 0.001}, 0.12, true},
		{"both vary together", plant{lost: 500, part: 0.6, parts: 0.05, totals: 0.15, together: 0.9, times: 0.001}, 0.14, true},
		{"one against the other", plant{lost: 500, part: 0.6, parts: 0.05, totals: 0.05, together: -0.9, times: 0.001}, 0.07, false},
		{"the times vary", plant{lost: 500, part: 0.8, times: 0.03}, 0.12, true},
		{"all vary", plant{lost: 800, part: 0.7, parts: 0.03, totals: 0.12, times: 0.02}, 0.12, true},
		{"a small loss", plant{lost: 220, part: 0.9, parts: 0.03, totals: 0.1, times: 0.005}, 0.17, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(11, 12))
			p := tt.p
			p.rounds, p.timed = 6, 10
			truth := p.part + p.together*p.parts*p.totals
			covered, less, named, half := 0, 0, 0, 0.0
			for range runs {
				a, all := p.grow(r)
				w, err := Of(a, all)
				if err != nil {
					t.Fatal(err)
				}
				for _, place := range w.Places {
					if place.Function != "main.guilty" {
						continue
					}
					named++
					iv := place.Share.Interval
					half += (iv.High - iv.Low) / 2 / runs
					if iv.Low <= truth && truth <= iv.High {
						covered++
					}
					if divided(a, all, truth) {
						less++
					}
					if g := place.Growth[0].Cost; !(g.Interval.Low < g.Value && g.Value < g.Interval.High) || math.Abs(g.Value-place.Cost) > 1e-12 {
						t.Fatalf("the cost is %v %v, and %v", g.Value, g.Interval, place.Cost)
					}
				}
			}
			if named < runs*99/100 {
				t.Fatalf("the planted place is named in %d of %d", named, runs)
			}
			if share := float64(covered) / runs; share < 0.92 {
				t.Errorf("95 %% intervals cover the planted share in %.1f %% of %d runs", 100*share, runs)
			}
			if half > tt.half {
				t.Errorf("the interval reaches %.3f to either side, want %.3f at most", half, tt.half)
			}
			if share := float64(less) / runs; tt.short && share > 0.85 {
				t.Errorf("the division alone covers %.1f %%: the test does not test what it should", 100*share)
			}
			t.Logf("covers %.1f %%, ± %.3f; the division alone %.1f %%", 100*float64(covered)/runs, half, 100*float64(less)/runs)
		})
	}
}

// divided reports whether the truth is in the interval that the division of the cause alone
// gives.
func divided(a *laws.Analysis, all []*Profile, truth float64) bool {
	s := stepsOf(a, all)[0]
	list := s.parts()[placeKey{"main.guilty", why.Lock}]
	share := growth(why.Lock, s.low, s.high) / (s.high.Paid - s.low.Paid)
	m, ss := stats.MeanSS(list)
	n := float64(len(list))
	half := stats.StudentT(0.95, n-1) * math.Sqrt(ss/(n-1)/n)
	return math.Abs(m*share-truth) <= half*share
}

// A round in which other programs had the processors is left out with its profiles, and if too
// few are left nothing is told.
func TestBusyRounds(t *testing.T) {
	p := plant{lost: 500, part: 0.8, totals: 0.05, parts: 0.01, times: 0.001, rounds: 6, timed: 6, busy: 2}
	a, all := p.grow(rand.New(rand.NewPCG(1, 1)))
	w, err := Of(a, all)
	if err != nil || w.Rounds != 4 || len(w.Places) != 2 {
		t.Errorf("2 of 6 rounds are busy: %+v, %v, want 4 rounds", w, err)
	}
	p.busy = 4
	a, all = p.grow(rand.New(rand.NewPCG(1, 1)))
	if _, err := Of(a, all); !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "from 4 of its 6 rounds of profiles, and 3 are needed") {
		t.Errorf("4 of 6 rounds are busy: %v", err)
	}
}

// No place is named where the loss itself is within what the times spread, and too few timed
// rounds are an error that says what to type.
func TestUnsure(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 3))
	p := plant{lost: 60, part: 0.9, times: 0.08, rounds: 6, timed: 6}
	named := 0
	for range 200 {
		a, all := p.grow(r)
		w, err := Of(a, all)
		if err != nil {
			t.Fatal(err)
		}
		if !w.Sure && len(w.Places) > 0 {
			t.Fatalf("%+v", w)
		}
		if len(w.Places) > 0 {
			named++
		}
	}
	if named > 40 {
		t.Errorf("a place is named in %d of 200, though 60 µs are lost and times spread by 80", named)
	}
	p.timed = 2
	a, all := p.grow(r)
	a.Curve.Rounds = results.Rounds{Total: 6, Kept: 2, LeftOut: make([]results.LeftOut, 1)}
	if _, err := Of(a, all); !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "cannot tell where A loses time: only 2 of 6 rounds got the processors that they need: measure again on a quiet machine") {
		t.Errorf("two rounds of six are left: %v", err)
	}
	a.Curve.Rounds = results.Rounds{Total: 2, Kept: 2} // no more were asked for
	if _, err := Of(a, all); err == nil || errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "2 timed rounds at 1 worker: at least 3 are needed for an interval: measure again with amdahl run --why --rounds 6") {
		t.Errorf("two timed rounds: %v", err)
	}
	p.timed = 3 // Student's interval, for want of order statistics
	a, all = p.grow(r)
	if _, err := Of(a, all); err != nil {
		t.Error(err)
	}
}
