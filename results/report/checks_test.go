package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"amdahl/results/gate"
)

// verdicts is one result of every kind that has to be shown.
func verdicts() []gate.Result {
	a, b := "Strong/strategy=fixed", "Strong/strategy=process"
	return []gate.Result{
		{Kind: gate.Speedup, N: 4, Series: a, File: "x.txt", Line: 6, Found: ptr(estimate(3.08, 3.05, 3.1)), Limit: 3, Verdict: gate.Holds, Rounds: true},
		{Kind: gate.Efficiency, N: 8, Series: a, File: "x.txt", Line: 6, Found: ptr(estimate(0.588, 0.57, 0.6)), Limit: 0.7, Verdict: gate.Violated, Reason: gate.Worse, Text: "The efficiency is 58.8 % and too small.", Rounds: true},
		{Kind: gate.Sigma, N: 8, Series: a, File: "x.txt", Line: 6, Found: ptr(estimate(0.05, 0.04, 0.06)), Limit: 0.05, AtMost: true, Verdict: gate.CannotTell, Reason: gate.Samples, Text: "Take more.", Samples: 40, Rounds: true},
		{Kind: gate.Speedup, N: 8, Series: b, File: "x.txt", Line: 7, Limit: 3, Verdict: gate.CannotTell, Reason: gate.LevelN, Text: "Not measured.", Processors: 8},
		{Kind: gate.T1, N: 1, Series: b, File: "x.txt", Line: 7, Baseline: true, Found: ptr(estimate(1.012, 0.99, 1.03)), Limit: 1.05, AtMost: true, Verdict: gate.Holds},
		{Kind: gate.Speedup, N: 4, Series: b, File: "x.txt", Line: 7, Baseline: true, Found: ptr(estimate(0.88, 0.86, 0.9)), Limit: 0.95, Verdict: gate.Violated, Reason: gate.Worse, Text: "It fell."},
		{Kind: gate.Time, N: 4, Series: b, File: "x.txt", Line: 7, Baseline: true, Found: ptr(estimate(1.06, 1.05, 1.07)), Limit: 1.02, AtMost: true, Verdict: gate.Violated, Reason: gate.Worse, Text: "It rose."},
		{Kind: gate.Speedup, Series: b, File: "<stdin>", Line: 7, Baseline: true, Verdict: gate.CannotTell, Reason: gate.Absent, Text: "Only now."},
	}
}

func TestChecks(t *testing.T) {
	var b bytes.Buffer
	if err := Checks(&b, verdicts(), Options{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "checks.golden", b.String())
	b.Reset()
	if err := Checks(&b, verdicts()[:1], Options{Brief: true, Color: true}); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); !strings.Contains(got, "Strong/strategy=fixed  3.08 [3.05, 3.1]  ≥ 3    holds\n") || strings.Contains(got, "bracket") {
		t.Errorf("brief, of one series: got %q", got)
	}
}

func TestChecksJSON(t *testing.T) {
	var b bytes.Buffer
	if err := ChecksJSON(&b, verdicts(), true); err != nil {
		t.Fatal(err)
	}
	golden(t, "checks.json", b.String())
	b.Reset()
	if err := ChecksJSON(&b, nil, false); err != nil {
		t.Fatal(err)
	}
	var d struct {
		Verdict  string
		Complete bool
		Results  []any
	}
	if err := json.Unmarshal(b.Bytes(), &d); err != nil || d.Verdict != "holds" || d.Complete || d.Results == nil {
		t.Errorf("of nothing: got %+v, %v, want holds, incomplete and an empty list", d, err)
	}
}

// Annotations are what GitHub's own toolkit would write.
func TestAnnotations(t *testing.T) {
	rs := verdicts()
	rs[1].Series, rs[1].File, rs[1].Text = "A:b,c", "a,b/50%:x.txt", "1 %\nof 2\r"
	var b bytes.Buffer
	if err := Annotations(&b, []gate.Result{rs[0], rs[1], rs[3], rs[7]}); err != nil {
		t.Fatal(err)
	}
	want := `::error file=a%2Cb/50%25%3Ax.txt,line=6,title=efficiency @ 8 of A%3Ab%2Cc%3A violated::1 %25%0Aof 2%0D
::warning file=x.txt,line=7,title=speedup @ 8 of Strong/strategy=process%3A cannot tell::Not measured.
::warning title=series to baseline of Strong/strategy=process%3A cannot tell::Only now.
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &b, want)
	}
}

func TestChecksBrokenOutput(t *testing.T) {
	cause := errors.New("no space left")
	w := broken{cause}
	for name, err := range map[string]error{
		"table": Checks(w, verdicts(), Options{}), "JSON": ChecksJSON(w, verdicts(), true), "annotations": Annotations(w, verdicts()),
	} {
		if !errors.Is(err, cause) {
			t.Errorf("%s: got %v, want the cause", name, err)
		}
	}
}
