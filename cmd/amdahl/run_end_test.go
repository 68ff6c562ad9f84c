package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"amdahl/results"
	"amdahl/results/laws"
)

// The series that is known worst decides, with the rounds that do not count for it; the
// last line says which series are known and which are not.
func TestWorstKnown(t *testing.T) {
	series := func(name string, half float64, total, kept int) *laws.Analysis {
		a := &laws.Analysis{Curve: &results.Curve{Name: results.ParseName(name), Points: make([]results.Point, 2), Rounds: results.Rounds{Total: total, Kept: kept}}}
		if half > 0 {
			a.Sigma = &laws.Estimate{Value: 0.2, Interval: &laws.Interval{Low: 0.2 - half, High: 0.2 + half}}
		}
		return a
	}
	busy := series("Busy", 0.001, 8, 1)
	busy.Verdict = laws.TooFewSoundRounds
	for _, tt := range []struct {
		all    []*laws.Analysis
		series string
		spoilt int
		say    string
	}{
		{[]*laws.Analysis{series("A", 0.005, 8, 8), series("B", 0.05, 8, 6)}, "B", 2, "σ is known to ±0.01 of A, not of B; worst: σ 0.2 ± 0.05 of B"},
		{[]*laws.Analysis{series("A", 0.005, 8, 8), busy}, "Busy", 7, "σ is known to ±0.01 of A, not of Busy; worst: σ of Busy not known yet"},
		{[]*laws.Analysis{series("A", 0, 1, 1), series("B", 0.6, 8, 8)}, "A", 0, "not of A and B; worst: σ of A not known yet"},
		{[]*laws.Analysis{series("A", 0.005, 8, 8)}, "A", 0, "σ 0.2 ± 0.005 of A"},
	} {
		v, err := worstKnown(tt.all, 0.01)
		if err != nil || v.Series != tt.series || v.Spoilt != tt.spoilt {
			t.Errorf("got %+v, %v, want %s with %d rounds that do not count", v, err, tt.series, tt.spoilt)
		}
		if got := known(v, 0.01); got != tt.say {
			t.Errorf("got %q, want %q", got, tt.say)
		}
	}
	if _, err := worstKnown(nil, 0.01); err == nil || !strings.Contains(err.Error(), "two levels") {
		t.Errorf("nothing: got %v", err)
	}
}

// Results that go to standard output have no table: the rounds that do not count are
// said on standard error, and nothing is said where all count.
func TestLeftOutSaid(t *testing.T) {
	busy := &laws.Analysis{Verdict: laws.TooFewSoundRounds, Curve: &results.Curve{
		Name:   results.ParseName("Busy"),
		Rounds: results.Rounds{Total: 6, Kept: 1, LeftOut: []results.LeftOut{{Rounds: []int{1, 2, 4, 5, 6}, Why: results.OtherPrograms}}},
	}}
	sound := &laws.Analysis{Curve: &results.Curve{Name: results.ParseName("Sound"), Rounds: results.Rounds{Total: 6, Kept: 6}}}
	for _, tt := range []struct {
		all  []*laws.Analysis
		want string
	}{
		{[]*laws.Analysis{sound}, ""},
		{[]*laws.Analysis{sound, busy}, "amdahl: 1 of 6 rounds kept, left out for other programs: 1, 2, 4, 5, 6\n" +
			"amdahl: Busy: Only 1 of 6 rounds got the processors that it needs (other programs): nothing is fitted. "},
	} {
		var stderr bytes.Buffer
		cmd := &cobra.Command{}
		cmd.SetErr(&stderr)
		(&measurement{analyses: tt.all}).leftOut(cmd)
		if got := stderr.String(); !strings.HasPrefix(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
