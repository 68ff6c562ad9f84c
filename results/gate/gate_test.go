package gate

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
)

// A table of times: levels, and the samples of each, in rounds or not.
type times struct {
	levels  []float64
	seconds [][]float64
	rounds  bool
	kind    results.Kind
	machine results.Machine

	relative bool // the times are over that at one worker, which need not be there
}

func (x times) analysis(t *testing.T) *laws.Analysis {
	t.Helper()
	c := &results.Curve{Name: results.ParseName("A"), X: "workers", Kind: x.kind, Machine: x.machine, Relative: x.relative, File: "a.txt", Line: 7}
	for i, n := range x.levels {
		p := results.Point{Workers: n}
		for r, s := range x.seconds[i] {
			sample := results.Sample{Time: s}
			if x.rounds {
				sample.Round = r + 1
			}
			p.Samples = append(p.Samples, sample)
		}
		c.Points = append(c.Points, p)
	}
	a, err := laws.Analyze(c, laws.Options{Confidence: Confidence})
	if errors.Is(err, laws.ErrOneLevel) {
		return &laws.Analysis{Curve: c}
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// around is count samples that differ from t by at most a share, in a fixed order.
func around(t, share float64, count int) []float64 {
	v := make([]float64, count)
	for i := range v {
		v[i] = t * (1 + share*float64((i*3)%7-3)/3)
	}
	return v
}

// amdahl is a curve of that serial fraction with samples of 1 % spread.
func amdahl(sigma float64, count int, levels ...float64) times {
	x := times{levels: levels}
	for _, n := range levels {
		x.seconds = append(x.seconds, around(sigma+(1-sigma)/n, 0.01, count))
	}
	return x
}

func on(x times, processors int, quota float64) times {
	x.machine.Logical, x.machine.Quota = processors, quota
	return x
}

func TestCheck(t *testing.T) {
	same := times{levels: []float64{1, 4}, seconds: [][]float64{{3, 3}, {1, 1}}}
	weak := times{levels: []float64{1, 4}, seconds: [][]float64{around(1, 0.01, 8), around(0.4, 0.01, 8)}, kind: results.Weak}
	waits := on(amdahl(0.1, 8, 1, 2, 4, 8), 2, 0)
	given := amdahl(0.1, 8, 2, 4)
	given.relative = true
	for _, c := range []struct {
		name string
		x    times
		kind Kind
		text string
		want Verdict
		why  string // the reason, samples and processors
		say  string // in the text
	}{
		{"fast enough", amdahl(0.1, 8, 1, 2, 4), Speedup, "3@4", Holds, " 0 0", ""},
		{"too slow", amdahl(0.1, 8, 1, 2, 4), Speedup, "3.3@4", Violated, "worse 0 0", "is 3.08, at most 3.1 with 95 % confidence, and not 3.3. That allows a serial fraction of 0.0707; there it is 0.1."},
		{"processors unknown", amdahl(0.1, 8, 1, 2, 4), Speedup, "3.3@4", Violated, "worse 0 0", "does not say how many processors"},
		{"exactly the limit", same, Speedup, "3@4", Holds, " 0 0", ""},
		{"just above it", same, Speedup, "3.0001@4", Violated, "worse 0 0", "is 3, at most 3 with 95 % confidence, and not 3.0001"},
		{"too near", amdahl(0.1, 8, 1, 2, 4), Speedup, "3.09@4", CannotTell, "samples 41 0", "3.08 may be on either side of the limit of 3.09 with 8 samples a level: measure again with 41 (of Go benchmarks: go test -count 41)"},
		{"at it", amdahl(0.1, 8, 1, 2, 4), Speedup, "3.0769@4", CannotTell, "samples 0 0", "even 10000 samples a level might not tell"},
		{"efficient", amdahl(0.1, 8, 1, 2, 4), Efficiency, "0.75@4", Holds, " 0 0", ""},
		{"not efficient", amdahl(0.1, 8, 1, 2, 4), Efficiency, "0.8@4", Violated, "worse 0 0", "The efficiency with 4 workers is 0.769, at most 0.774 with 95 % confidence, and not 0.8"},
		{"weak, fast enough", weak, Speedup, "2.45@4", Holds, " 0 0", ""},
		{"weak, too slow", weak, Speedup, "2.55@4", Violated, "worse 0 0", "is 2.5, at most 2.52"},
		{"two samples", amdahl(0.1, 2, 1, 4), Speedup, "2@4", Holds, " 0 0", ""},
		{"one sample", amdahl(0.1, 1, 1, 2, 4), Speedup, "2@4", CannotTell, "samples 6 0", "take at least 6 at every level (of Go benchmarks: go test -count 6)"},
		{"one sample, σ", amdahl(0.1, 1, 1, 2, 4, 8), Sigma, "0.5", CannotTell, "samples 6 0", "One sample at a level"},
		{"no level 8, processors unknown", amdahl(0.1, 8, 1, 2, 4), Speedup, "3@8", CannotTell, "level 0 8", "workers=8 was not measured, and what a law says of it is no proof: measure there; work that computes needs a machine with 8 processors"},
		{"no level 8 on 4 processors", on(amdahl(0.1, 8, 1, 2, 4), 4, 0), Speedup, "3@8", CannotTell, "level 0 8", "on a machine with 8 processors: this one has 4"},
		{"no level 8 on 16 processors", on(amdahl(0.1, 8, 1, 2, 4), 16, 0), Speedup, "3@8", CannotTell, "level 0 0", "measure there, this machine has 16 processors"},
		{"no level 1", amdahl(0.1, 8, 2, 4, 8), Speedup, "1@4", CannotTell, "base 0 0", "measure at 1 too"},
		{"no level 1, σ", amdahl(0.1, 8, 2, 4, 8), Sigma, "0.5", CannotTell, "base 0 0", "measure at 1 too"},
		{"one level", on(amdahl(0.1, 8, 1), 1, 0), Speedup, "1.5@2", CannotTell, "level 0 2", "on a machine with 2 processors: this one has 1"},
		{"one level, σ", amdahl(0.1, 8, 1), Sigma, "0.5", CannotTell, "level 0 0", "Nothing above workers=1 was measured"},
		{"2 processors for 4", on(amdahl(0.9, 8, 1, 2, 4), 2, 0), Speedup, "3@4", CannotTell, "processors 0 4", "4 workers shared 2 processors, which may be why: measure on a machine with 4"},
		{"a quota of 1.5", on(amdahl(0.9, 8, 1, 2, 4), 8, 1.5), Speedup, "3@4", CannotTell, "processors 0 4", "4 workers shared 1.5 processors"},
		{"2 processors for 2", on(amdahl(0.9, 8, 1, 2, 4), 2, 0), Speedup, "1.9@2", Violated, "worse 0 0", "is 1.05"},
		{"2 processors, σ", on(amdahl(0.9, 8, 1, 2, 4), 2, 0), Sigma, "0.5", CannotTell, "processors 0 4", "shared 2 processors"},
		{"2 processors, and fast all the same", on(amdahl(0.1, 8, 1, 2, 4), 2, 0), Speedup, "3@4", Holds, " 0 0", ""},
		{"waits a little, and 3 processors may be too few", on(amdahl(0.1, 8, 1, 2, 4, 8), 3, 0), Speedup, "6@8", CannotTell, "processors 0 8", "8 workers shared 3 processors"},
		{"waiting needs no processors", waits, Speedup, "6@8", Violated, "worse 0 0", "is 4.71"},
		{"waiting needs no processors, σ", waits, Sigma, "0.05", Violated, "worse 0 0", "The speedup with 8 workers, 4.71, implies a serial fraction of 0.1, at least 0.0"},
		{"speedups without one at 1", given, Speedup, "3@4", Holds, " 0 0", ""},
		{"speedups without one at 1, too slow", given, Speedup, "3.3@4", Violated, "worse 0 0", "is 3.08"},
		{"speedups without one at 1, σ", given, Sigma, "0.12", Holds, " 0 0", ""},
		{"σ small enough", amdahl(0.1, 8, 1, 2, 4), Sigma, "0.12", Holds, " 0 0", ""},
		{"σ too large", amdahl(0.1, 8, 1, 2, 4), Sigma, "0.08", Violated, "worse 0 0", "implies a serial fraction of 0.1, at least 0.09"},
		{"σ of two levels", amdahl(0.1, 8, 1, 4), Sigma, "0.12", Holds, " 0 0", ""},
		{"σ too near", amdahl(0.1, 8, 1, 2, 4), Sigma, "0.102", CannotTell, "samples 34 0", "with 8 samples a level"},
	} {
		cond, err := Parse(c.kind, c.text)
		if err != nil {
			t.Fatal(err)
		}
		r := Check(c.x.analysis(t), []Condition{cond})[0]
		if why := fmt.Sprint(r.Reason, " ", r.Samples, " ", r.Processors); r.Verdict != c.want || why != c.why || !strings.Contains(r.Text, c.say) || (c.say == "") != (r.Text == "") {
			t.Errorf("%s: got %s, %q, %q, want %s, %q, %q", c.name, r.Verdict, why, r.Text, c.want, c.why, c.say)
		}
		if r.Series != "A" || r.File != "a.txt" || r.Line != 7 || r.AtMost != (c.kind == Sigma) || r.Limit != cond.Limit {
			t.Errorf("%s: %+v: want series, place and limit", c.name, r)
		}
	}
}

// With rounds, what a round shares cancels: the same noise decides.
func TestRoundsPair(t *testing.T) {
	x := amdahl(0.1, 8, 1, 2, 4)
	for _, s := range x.seconds {
		for r := range s {
			s[r] *= 1 + 0.3*float64((r*5)%8)/8
		}
	}
	c := []Condition{{Speedup, 4, 3}}
	if r := Check(x.analysis(t), c)[0]; r.Verdict != CannotTell || r.Rounds || r.Samples <= 8 {
		t.Errorf("without rounds: got %s, rounds %t, %d samples, want cannot tell, and more samples", r.Verdict, r.Rounds, r.Samples)
	}
	x.rounds = true
	if r := Check(x.analysis(t), c)[0]; r.Verdict != Holds || !r.Rounds {
		t.Errorf("with rounds: got %s, rounds %t, want holds", r.Verdict, r.Rounds)
	}
}

// One level that another law bends does not change what the serial fraction is:
// the one at the largest level.
func TestSigmaIsOneQuantity(t *testing.T) {
	x := amdahl(0.1, 8, 1, 2, 4)
	straight := Check(x.analysis(t), []Condition{{Sigma, 0, 0.11}})[0]
	for i := range x.seconds[1] {
		x.seconds[1][i] *= 1.1
	}
	bent := Check(x.analysis(t), []Condition{{Sigma, 0, 0.11}})[0]
	for _, r := range []Result{straight, bent} {
		if r.N != 4 || r.Verdict != Holds || math.Abs(r.Found.Value-0.1) > 1e-9 {
			t.Errorf("got %s of %v at %g, want 0.1 at 4, which holds", r.Verdict, *r.Found, r.N)
		}
	}
}

// A κ is the one of the universal scalability law, also where Amdahl's is chosen:
// then the data say how large it can be at most. Where that law does not fit, it
// cannot be told.
func TestKappa(t *testing.T) {
	overhead := times{levels: []float64{1, 2, 4, 8, 16}}
	for _, n := range overhead.levels {
		overhead.seconds = append(overhead.seconds, around(laws.USL.Ratio(n, []float64{0.05, 0.01}), 0.01, 10))
	}
	broken := amdahl(0.1, 20, 1, 2, 4, 8, 16)
	for i := range broken.seconds[2] {
		broken.seconds[2][i] *= 1.4
	}
	weak := overhead
	weak.kind = results.Weak
	for _, c := range []struct {
		name string
		x    times
		text string
		want Verdict
		why  string
		say  string
	}{
		{"none there", amdahl(0.1, 10, 1, 2, 4, 8, 16), "0.01", Holds, "", ""},
		{"too near", amdahl(0.1, 10, 1, 2, 4, 8, 16), "0.0001", CannotTell, "samples", "0.0001"},
		{"too large", overhead, "0.005", Violated, "worse", "κ of the universal scalability law is 0.0"},
		{"small enough", overhead, "0.02", Holds, "", ""},
		{"three levels", amdahl(0.1, 10, 1, 2, 4), "0.01", CannotTell, "law", "3 levels cannot carry"},
		{"no such law", broken, "0.01", CannotTell, "law", "misses the levels"},
		{"weak", weak, "0.01", CannotTell, "law", "grows with the workers"},
	} {
		cond, err := Parse(Kappa, c.text)
		if err != nil {
			t.Fatal(err)
		}
		r := Check(c.x.analysis(t), []Condition{cond})[0]
		if r.Verdict != c.want || r.Reason != c.why || !strings.Contains(r.Text, c.say) {
			t.Errorf("%s: got %s, %s, %q, found %+v, want %s, %s, %q", c.name, r.Verdict, r.Reason, r.Text, r.Found, c.want, c.why, c.say)
		}
	}
}

func TestTime(t *testing.T) {
	x := amdahl(0.1, 8, 1, 2, 4) // T(4) is 0.325 s
	given := x
	given.relative = true
	for _, c := range []struct {
		x    times
		text string
		want Verdict
		why  string
		say  string
	}{
		{x, "340ms@4", Holds, "", ""},
		{x, "1.1s@1", Holds, "", ""},
		{x, "300ms@4", Violated, "worse", "T(4) is 325 ms, at least 323 ms with 95 % confidence, and not 300 ms: profile it there first."},
		{x, "325ms@4", CannotTell, "samples", "325 ms"},
		{x, "300ms@8", CannotTell, "level", "workers=8 was not measured"},
		{on(amdahl(0.9, 8, 1, 2, 4), 2, 0), "900ms@4", CannotTell, "processors", "4 workers shared 2 processors"},
		{amdahl(0.1, 1, 1, 2, 4), "300ms@4", CannotTell, "samples", "One sample at a level"},
		{given, "300ms@4", CannotTell, "times", "Speedups were given, which say no time: put the condition on a speedup, as in --min-speedup 2@4."},
	} {
		cond, err := Parse(Time, c.text)
		if err != nil {
			t.Fatal(err)
		}
		r := Check(c.x.analysis(t), []Condition{cond})[0]
		if r.Verdict != c.want || r.Reason != c.why || !strings.Contains(r.Text, c.say) || !r.AtMost {
			t.Errorf("%s: got %s, %s, %q, found %+v, want %s, %s, %q", c.text, r.Verdict, r.Reason, r.Text, r.Found, c.want, c.why, c.say)
		}
	}
}

// With T(1) unchanged, a program that got slower at the largest level never goes
// from violated to holds, wherever the loss went: over seeds, limits, laws and
// numbers of samples.
func TestSigmaCannotBePassedByGettingSlower(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 1))
		s := sim{law: laws.USL, p: []float64{0.1, 0}, levels: []float64{1, 2, 4, 8}, samples: []int{3, 10, 30}[seed%3], noise: 0.02}
		before := s.curve(rand.New(rand.NewPCG(seed, 2)))
		s.p = []float64{0.1 * rng.Float64(), 0.006 + 0.01*rng.Float64()}
		after := s.curve(rand.New(rand.NewPCG(seed, 2))) // the same noise
		after.Points[0] = before.Points[0]
		slower := laws.USL.Ratio(8, s.p) >= laws.USL.Ratio(8, []float64{0.1, 0})
		verdict := func(c *results.Curve, limit float64) Verdict {
			a, err := laws.Analyze(c, laws.Options{Confidence: Confidence})
			if err != nil {
				t.Fatal(err)
			}
			return Check(a, []Condition{{Sigma, 0, limit}})[0].Verdict
		}
		for _, limit := range []float64{0.07, 0.09, 0.1, 0.11} {
			if slower && verdict(before, limit) == Violated && verdict(after, limit) == Holds {
				t.Errorf("seed %d, limit %g: slower with σ, κ = %v, and it holds", seed, limit, s.p)
			}
		}
	}
}

// The measured speedup is read back from the fraction without loss.
func TestMeasured(t *testing.T) {
	x := times{levels: []float64{1, 2, 4}, seconds: [][]float64{{1, 1.1, 1.2}, {0.7, 0.6, 0.5}, {0.2, 0.3, 0.25}}}
	for _, kind := range []results.Kind{results.Strong, results.Weak} {
		x.kind = kind
		a := x.analysis(t)
		for i, n := range x.levels[1:] {
			want := math.Cbrt(1 * 1.1 * 1.2 / (x.seconds[i+1][0] * x.seconds[i+1][1] * x.seconds[i+1][2]))
			got := a.MeasuredSpeedup(n)
			if math.Abs(got.Value/want-1) > 1e-12 || !(got.Interval.Low < want && want < got.Interval.High) {
				t.Errorf("%s: speedup at %g: got %g %+v, want %g", kind, n, got.Value, got.Interval, want)
			}
		}
		if got := a.MeasuredSpeedup(8); got != nil {
			t.Errorf("%s: speedup at 8: got %+v, want none", kind, got)
		}
	}
}

func TestWorst(t *testing.T) {
	for _, c := range []struct {
		rs   []Result
		want Verdict
	}{
		{nil, Holds},
		{[]Result{{Verdict: Holds}, {Verdict: CannotTell}, {Verdict: Holds}}, CannotTell},
		{[]Result{{Verdict: CannotTell}, {Verdict: Violated}, {Verdict: Holds}}, Violated},
	} {
		if got := Worst(c.rs); got != c.want {
			t.Errorf("%v: got %s, want %s", c.rs, got, c.want)
		}
	}
}
