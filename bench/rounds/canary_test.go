package rounds

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// Canaries take at most a fifth of the time that is spent on measuring, beside
// those at the begin and the end, and every round has one before and after it.
func TestCanaryShare(t *testing.T) {
	for _, tt := range []struct {
		name           string
		sample, canary time.Duration
		rounds, want   int
	}{
		{"long rounds", time.Second, 60 * time.Millisecond, 4, 5},
		{"as long as it takes", 150 * time.Millisecond, 60 * time.Millisecond, 4, 5},
		{"short rounds", 10 * time.Millisecond, 60 * time.Millisecond, 30, 3},
		{"one round", time.Millisecond, 60 * time.Millisecond, 1, 2},
	} {
		var out bytes.Buffer
		plan, o := played("a", "b")
		now := time.Unix(0, 0)
		execute := o.execute
		o.Out, o.Rounds, o.now = &out, tt.rounds, func() time.Time { return now }
		o.execute = func(p process) outcome { now = now.Add(tt.sample); return execute(p) }
		o.Canary = func() Canary { now = now.Add(tt.canary); return Canary{Pieces: 1, Wall: 1} }
		sum, err := Run(t.Context(), plan, o)
		if got := strings.Count(out.String(), "BenchmarkCanary"); err != nil || got != tt.want {
			t.Errorf("%s: %d canaries, %v, want %d", tt.name, got, err, tt.want)
		}
		if sum.Canaries != time.Duration(tt.want)*tt.canary || sum.Measuring != time.Duration(2*tt.rounds)*tt.sample {
			t.Errorf("%s: canaries took %v beside %v of measuring", tt.name, sum.Canaries, sum.Measuring)
		}
		kinds := regexp.MustCompile(`(?m)^Benchmark(Canary|a)`).FindAllString(out.String(), -1)
		if kinds[0] != "BenchmarkCanary" || kinds[len(kinds)-1] != "BenchmarkCanary" {
			t.Errorf("%s: got %v, want a canary at both ends", tt.name, kinds)
		}
	}
}

// The stopping rule counts the rounds that count for the series, and no others.
func TestSoundRounds(t *testing.T) {
	for spoilt := range 4 {
		plan, o := played("a", "b")
		o.Precision = 0.01
		o.Judge = func([]byte) (Verdict, error) {
			return Verdict{Sigma: 0.1, Low: 0.095, High: 0.105, Spoilt: spoilt}, nil
		}
		sum, err := Run(t.Context(), plan, o)
		if err != nil || sum.Stop != StopPrecision || sum.Rounds != soundRounds+spoilt {
			t.Errorf("%d spoilt: stopped after %d rounds, %s, %v, want %d", spoilt, sum.Rounds, sum.Stop, err, soundRounds+spoilt)
		}
	}
}

// What is shown of σ names the series, and says so where nothing is known.
func TestVerdictText(t *testing.T) {
	inf := func(v Verdict) Verdict { v.Low, v.High = -1e300, 1e300; return v }
	for _, tt := range []struct {
		verdict Verdict
		want    string
	}{
		{Verdict{Series: "Index", Sigma: 0.05, Low: 0.03, High: 0.06}, "σ 0.05 ± 0.02 of Index"},
		{Verdict{Sigma: 0.05, Low: 0.03, High: 0.06}, "σ 0.05 ± 0.02"},
		{Verdict{Series: "Index", Sigma: 2.059, Low: 1.35, High: 2.77}, "σ of Index not known yet"},
		{inf(Verdict{Series: "Index\x1b[2J"}), "σ of Index?[2J not known yet"},
	} {
		if got := tt.verdict.String(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

// A resumed file keeps what its head says.
func TestHead(t *testing.T) {
	var out bytes.Buffer
	plan, o := played("a")
	plan.Head = []Setting{{"run-date", "2026-11-29"}, {"run-x", "n"}}
	o.Out, o.Rounds = &out, 1
	if _, err := Run(t.Context(), plan, o); err != nil {
		t.Fatal(err)
	}
	past, err := ReadPast(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	plan.Head[0].Value = "2027-01-01"
	o.Resume, o.Rounds = past, 2
	if _, err := Run(t.Context(), plan, o); err != nil {
		t.Fatal(err)
	}
	lines := slices.Collect(strings.Lines(out.String()))
	if !slices.Contains(lines, "run-date: 2026-11-29\n") || strings.Contains(out.String(), "2027") {
		t.Errorf("got %q, want the first date", &out)
	}
}
