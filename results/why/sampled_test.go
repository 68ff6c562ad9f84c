package why

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/read"
)

// sampledCurve is a curve of one and two workers with three timed, three traced and three
// sampled runs of each. At two workers it pays 1600 µs, of which the traces say that all more
// is inflation, and the profiles that it is a lock. traced and sampled are by how much those
// runs were slower.
func sampledCurve(t *testing.T, traced, sampled float64) *results.Curve {
	t.Helper()
	var b strings.Builder
	b.WriteString("cpu-count: 2\n")
	for n := 1; n <= 2; n++ {
		paid := 1000. + 600*float64(n-1)
		for range 3 {
			fmt.Fprintf(&b, "BenchmarkA/workers=%d 10 %.6f ns/op\n", n, 1000*paid/float64(n))
		}
		for _, kind := range []struct {
			value         string
			slower        float64
			running, lock float64
		}{{contract.ProfiledTraced, traced, paid, 0}, {contract.ProfiledSampled, sampled, 1000, paid - 1000}} {
			fmt.Fprintf(&b, "profiled: %s\n", kind.value)
			for range 3 {
				k := 1000 * (1 + kind.slower)
				fmt.Fprintf(&b, "BenchmarkA/workers=%d 10 %g %s %g %s %g %s %g %s\n", n, k*paid/float64(n), contract.UnitTraced, k*paid, contract.UnitPaid,
					k*kind.running, contract.UnitRunning, k*kind.lock, contract.Lock.Unit())
			}
			b.WriteString("profiled:\n")
		}
	}
	set, err := read.Files(nil, strings.NewReader(b.String()), read.Options{})
	if err != nil || len(set.Problems) > 0 || len(set.Curves) != 1 {
		t.Fatal(err, set.Problems, len(set.Curves))
	}
	c := set.Curves[0]
	for _, p := range c.Points {
		if len(p.Samples) != 3 || len(p.Profiled) != 3 || len(p.Sampled) != 3 {
			t.Fatalf("got %+v, want three of each", p)
		}
	}
	return c
}

// Where tracing costs too much the account is that of the profiles without a trace, and that
// is said; else it is that of the traces, and where both cost too much that of the counters.
func TestSampled(t *testing.T) {
	for _, tt := range []struct {
		traced, sampled float64
		cause           contract.Cause // of what is lost; "" where the account is another one
		warns           string
	}{
		{0.05, 0, contract.Inflation, ""},
		{0.5, 0.02, contract.Lock, "tracing made it 50 % slower, which is more than 10 %: where the time went is said by profiles without a trace"},
		{0.5, 0.3, "", "tracing made it 50 % slower, and profiles without a trace 30 %, which is more than 10 %: the traces are not used"},
	} {
		c := sampledCurve(t, tt.traced, tt.sampled)
		s := Of(c)
		warning := ""
		if s != nil && len(s.Warnings) > 0 {
			warning = s.Warnings[0].Error()
		}
		if s == nil || !strings.HasPrefix(warning, tt.warns) || (warning == "") != (tt.warns == "") {
			t.Errorf("%g, %g: got %+v, want a warning %q", tt.traced, tt.sampled, s, tt.warns)
			continue
		}
		if s.Traced != (tt.cause != "") || s.Sampled != (tt.cause == contract.Lock) {
			t.Errorf("%g, %g: traced %t, sampled %t", tt.traced, tt.sampled, s.Traced, s.Sampled)
		}
		if tt.cause == "" {
			continue
		}
		lost, ok := s.Levels[1].Largest()
		if !ok || lost.Name != tt.cause || math.Abs(lost.Share-600./1600) > 1e-6 {
			t.Errorf("%g, %g: %+v is lost most, want %s with 0.375", tt.traced, tt.sampled, lost, tt.cause)
		}
		if want := map[bool]float64{false: tt.traced, true: tt.sampled}[s.Sampled]; math.Abs(s.TraceCost-want) > 1e-6 {
			t.Errorf("%g, %g: it cost %g, want %g", tt.traced, tt.sampled, s.TraceCost, want)
		}
		all := LevelsWithout(c, s.Sampled, func(float64) int { return 0 })
		if share, _ := all[1].Share(All[indexOf(t, tt.cause)]); math.Abs(share-600./1600) > 1e-6 {
			t.Errorf("%g, %g: without a run %s has %g", tt.traced, tt.sampled, tt.cause, share)
		}
	}
}

func indexOf(t *testing.T, name contract.Cause) int {
	t.Helper()
	for i, c := range All {
		if c.Name == name {
			return i
		}
	}
	t.Fatalf("no cause %s", name)
	return -1
}

// Profiles at one level only cannot stand for the traces.
func TestSampledPartly(t *testing.T) {
	c := sampledCurve(t, 0.5, 0)
	c.Points[1].Sampled = nil
	if s := Of(c); s == nil || s.Traced || len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0].Error(), "the runtime's own counters") {
		t.Errorf("got %+v, want the counters", s)
	}
}
