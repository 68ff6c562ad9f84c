package gate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
)

// scaled is the same times, all longer by a factor.
func scaled(x times, factor float64) times {
	y := x
	y.seconds = nil
	for _, s := range x.seconds {
		var v []float64
		for _, sec := range s {
			v = append(v, sec*factor)
		}
		y.seconds = append(y.seconds, v)
	}
	return y
}

func TestBaseline(t *testing.T) {
	base := amdahl(0.1, 8, 1, 2, 4)
	here, other := base, base
	here.machine, other.machine = results.Machine{OS: "linux", CPU: "one"}, results.Machine{OS: "linux", CPU: "other"}
	given, worse := amdahl(0.1, 8, 2, 4), amdahl(0.2, 8, 2, 4)
	given.relative, worse.relative = true, true
	counted := here
	counted.machine.Logical, counted.machine.Physical = 4, 2
	for _, c := range []struct {
		name      string
		old, now  times
		tolerance float64
		want      string // kind, verdict, reason of each
		say       string // in some text
	}{
		{"the same", base, base, 0.05, "T1 holds, speedup holds, time holds", ""},
		{"a little worse", base, scaled(base, 1.02), 0.05, "T1 holds, speedup holds, time holds", ""},
		{"no tolerance", base, base, 0, "T1 cannot tell samples, speedup cannot tell samples, time cannot tell samples", "even 10000 samples"},
		{"slower", base, scaled(base, 1.1), 0.05, "T1 violated worse, speedup holds, time violated worse", "T(1) rose by 10.0 % against the baseline, by at least 9.2 % with 95 % confidence, and 5.0 % is tolerated"},
		{"near the tolerance", base, scaled(base, 1.051), 0.05, "T1 cannot tell samples, speedup holds, time cannot tell samples", "+5.1 % may be on either side of the limit of +5.0 % with 8 samples a level: measure both again with"},
		{"scales worse", base, amdahl(0.15, 8, 1, 2, 4), 0.05, "T1 holds, speedup violated worse, time violated worse", "The speedup with 4 workers fell by 10.3 % against the baseline, by at least 9.5 %"},
		{"scales better", amdahl(0.15, 8, 1, 2, 4), base, 0.05, "T1 holds, speedup holds, time holds", ""},
		{"faster", base, scaled(base, 0.5), 0.05, "T1 holds, speedup holds, time holds", ""},
		{"two levels", amdahl(0.1, 8, 1, 4), amdahl(0.15, 8, 1, 4), 0.05, "T1 holds, speedup violated worse, time violated worse", "at least 9.5 %"},
		{"fewer levels", base, amdahl(0.1, 8, 1, 2), 0.05, "T1 holds, speedup holds, time holds", ""},
		{"one sample", base, amdahl(0.1, 1, 1, 2, 4), 0.05, "T1 cannot tell samples, speedup cannot tell samples, time cannot tell samples", "take at least 6"},
		{"nothing in common", amdahl(0.1, 8, 1, 2, 4), amdahl(0.1, 8, 1, 3), 0.05, "T1 holds, speedup cannot tell level", "measure the same levels"},
		{"one level", amdahl(0.1, 8, 1), amdahl(0.1, 8, 1), 0.05, "T1 holds, speedup cannot tell level", "measure the same levels"},
		{"no level 1", base, amdahl(0.1, 8, 2, 4, 8), 0.05, "T1 cannot tell base, speedup cannot tell base, time holds", "measure at 1 too"},
		{"a machine that only amdahl run counted", here, counted, 0.05, "T1 holds, speedup holds, time holds", ""},
		{"a machine that is not known", base, other, 0.05, "T1 cannot tell machines, speedup cannot tell machines, time cannot tell machines", "Only one of the two measurements says on which machine"},
		{"given speedups", given, given, 0.05, "speedup holds", ""},
		{"given speedups, worse", given, worse, 0.05, "speedup violated worse", "The speedup with 4 workers fell by"},
		{"two machines", here, other, 0.05, "T1 cannot tell machines, speedup cannot tell machines, time cannot tell machines", "best in one job"},
	} {
		rs := Baseline(c.old.analysis(t), c.now.analysis(t), c.tolerance)
		var got, text string
		for i, r := range rs {
			if i > 0 {
				got += ", "
			}
			got += strings.TrimSpace(fmt.Sprint(r.Kind, " ", r.Verdict, " ", r.Reason))
			text += r.Text
			if !r.Baseline || r.Series != "A" || r.Line != 7 || (r.Verdict == Holds) != (r.Text == "") {
				t.Errorf("%s: %+v", c.name, r)
			}
		}
		if got != c.want || !strings.Contains(text, c.say) {
			t.Errorf("%s: got %q, %q, want %q, %q", c.name, got, text, c.want, c.say)
		}
	}
}

func TestAbsent(t *testing.T) {
	a := amdahl(0.1, 8, 1, 2, 4).analysis(t)
	for _, c := range []struct {
		old, now *laws.Analysis
		say      string
	}{
		{nil, a, "only now, not in the baseline"}, {a, nil, "only in the baseline, not now"},
	} {
		rs := Baseline(c.old, c.now, 0.05)
		if len(rs) != 1 || rs[0].Verdict != CannotTell || rs[0].Reason != Absent || !strings.Contains(rs[0].Text, c.say) {
			t.Errorf("%s: got %+v", c.say, rs)
		}
	}
}

// The sentinel that a round measures again at its first level is one
// observation with it, not two.
func TestTimeAt(t *testing.T) {
	p := results.Point{Workers: 1}
	for r, s := range []float64{1, 1.2, 1.1, 0.9, 1, 1.1} {
		for range 2 {
			p.Samples = append(p.Samples, results.Sample{Time: s, Round: r + 1})
		}
	}
	if have, rounds := repeats(&p); have != 6 || !rounds {
		t.Errorf("got %d rounds (%t), want 6", have, rounds)
	}
	twice, once := timeAt(&p, false), timeAt(&p, true)
	width := func(e *laws.Estimate) float64 { return math.Log(e.Interval.High / e.Interval.Low) }
	if math.Abs(once.Value/twice.Value-1) > 1e-12 || width(once) < 1.4*width(twice) {
		t.Errorf("by round %+v, by sample %+v: want equal values, and the first at least 1.4 times as wide", once, twice)
	}
}

// At the tolerance each decision is rare, beyond twice of it the right one is
// usual, and none is wrong.
func TestBaselineRates(t *testing.T) {
	const tolerance = 0.1
	base := planted(10, 0, 1, 2, 4)
	worse := func(cost float64) sim { // by so much slower, at 1 and in its speedup
		s := base
		s.factor = 1 + cost
		s.p = []float64{laws.SerialFraction(speedupOf(0.1, 4)*(1-cost), 4)}
		return s
	}
	for i, c := range []struct {
		now  sim
		low  map[Verdict]float64
		high map[Verdict]float64
	}{
		{base, map[Verdict]float64{Holds: 0.95}, map[Verdict]float64{Violated: 0}},
		{worse(tolerance), nil, map[Verdict]float64{Holds: 0.09, Violated: 0.09}},
		{worse(2 * tolerance), map[Verdict]float64{Violated: 0.95}, map[Verdict]float64{Holds: 0}},
	} {
		rng := rand.New(rand.NewPCG(uint64(i), 8))
		const runs = 100
		share := map[Kind]map[Verdict]float64{}
		for range runs {
			for _, r := range Baseline(base.analysis(t, rng), c.now.analysis(t, rng), tolerance) {
				if share[r.Kind] == nil {
					share[r.Kind] = map[Verdict]float64{}
				}
				share[r.Kind][r.Verdict] += 1.0 / runs
			}
		}
		for kind, got := range share {
			for v, low := range c.low {
				if got[v] < low {
					t.Errorf("case %d, %s: %s in %.3f, want at least %g", i, kind, v, got[v], low)
				}
			}
			for v, high := range c.high {
				if got[v] > high && !(i == 1 && kind == Time) { // T(n) is worse by both
					t.Errorf("case %d, %s: %s in %.3f, want at most %g", i, kind, v, got[v], high)
				}
			}
		}
		if len(share) != 3 {
			t.Errorf("case %d: %d kinds of results, want 3", i, len(share))
		}
	}
}
