package laws

import (
	"strings"
	"testing"

	"amdahl/results"
)

// A curve with too few sound rounds gets no law, no σ and no pool size, and says
// what to do; with enough it is fitted like any other.
func TestTooFewSoundRounds(t *testing.T) {
	for _, tt := range []struct {
		name   string
		rounds results.Rounds
		gave   *results.Gave
		law    bool
		say    string
	}{
		{"no rounds known", results.Rounds{}, nil, true, ""},
		{"two rounds, both sound", results.Rounds{Total: 2, Kept: 2}, nil, true, ""},
		{"three of eight", results.Rounds{Total: 8, Kept: 3, LeftOut: []results.LeftOut{{Why: results.OtherPrograms, Rounds: []int{1, 2, 3, 4, 5}}}}, nil, true, ""},
		{"two of eight", results.Rounds{Total: 8, Kept: 2, LeftOut: []results.LeftOut{{Why: results.OtherPrograms, Rounds: []int{1, 2, 3, 4, 5, 6}}}}, nil, false,
			"Only 2 of 8 rounds got the processors that it needs (other programs): nothing is fitted. Wait for a quiet machine (amdahl run --wait 5m)"},
		{"none", results.Rounds{Total: 1, LeftOut: []results.LeftOut{{Why: results.NoProcessor, Rounds: []int{1}}}}, &results.Gave{Threads: 2, Least: 1.17}, false,
			"None of 1 round got the processors that it needs (no processor free; 2 processors gave 1.2)"},
	} {
		c := &results.Curve{Name: results.ParseName("A"), X: "workers", Kind: results.Strong, Rounds: tt.rounds, Gave: tt.gave}
		for _, n := range []float64{1, 2, 4, 8} {
			p := results.Point{Workers: n, Tasks: 1}
			for i := range 4 {
				p.Samples = append(p.Samples, results.Sample{Time: (0.1 + 0.9/n) * (1 + 0.001*float64(i)), Round: i + 1})
			}
			c.Points = append(c.Points, p)
		}
		a, err := Analyze(c, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if fitted := a.Chosen != nil && a.Sigma != nil && len(a.Fits) > 0; fitted != tt.law || (a.Verdict == TooFewSoundRounds) == tt.law {
			t.Errorf("%s: fitted %v, verdict %q, want %v", tt.name, fitted, a.Verdict, tt.law)
		}
		said := ""
		for _, f := range a.Diagnosis {
			if f.Code == string(TooFewSoundRounds) {
				said = f.Text
			}
		}
		if !strings.HasPrefix(said, tt.say) || tt.say == "" && said != "" || !tt.law && (a.PoolSize != nil || len(a.KarpFlatt) > 0) {
			t.Errorf("%s: got %q, pool %v, want %q", tt.name, said, a.PoolSize, tt.say)
		}
	}
}
