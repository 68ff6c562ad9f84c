package report

import (
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
)

// The last line of a table says when, where, what the machine gave, which rounds count
// and with what command; results of another origin have none. A series without sound
// rounds comes first, and shows no number.
func TestProvenance(t *testing.T) {
	run := &results.Run{File: "x.txt", Date: "2026-11-29T20:51:00Z", Grade: "environment D: 2 of 2 CPUs", Judged: "run delay", Command: "amdahl run ./pkg -x cpu=1,2"}
	gave := &results.Gave{Threads: 2, First: 1.98, Last: 1.2, Least: 1.1}
	left := []results.LeftOut{{Why: results.OtherPrograms, Rounds: []int{2, 5}}}
	curve := func(name string, kept int, run *results.Run) *laws.Analysis {
		c := &results.Curve{
			Name: results.ParseName(name), X: "gomaxprocs", Kind: results.Strong, Machine: results.Machine{CPU: "Fast", Logical: 2},
			Rounds: results.Rounds{Total: 8, Kept: kept, LeftOut: left}, Gave: gave, Run: run,
		}
		for _, n := range []float64{1, 2} {
			p := results.Point{Workers: n, Tasks: 1}
			for i := range 6 {
				p.Samples = append(p.Samples, results.Sample{Time: (0.2 + 0.8/n) * (1 + 0.001*float64(i)), Round: i + 1})
			}
			c.Points = append(c.Points, p)
		}
		a, err := laws.Analyze(c, laws.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	var b strings.Builder
	if err := Table(&b, []*laws.Analysis{curve("A", 6, run), curve("Busy", 2, run)}, Options{Width: 400}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if want := "Busy: Only 2 of 8 rounds got the processors that it needs (other programs; 2 processors gave 1.1): nothing is fitted."; !strings.HasPrefix(lines[0], want) {
		t.Errorf("the first line is %q, want %q", lines[0], want)
	}
	want := "measured 2026-11-29 20:51 UTC on Fast · 2 logical processors; environment D: 2 of 2 CPUs; 2 processors gave 2.0 at the start, 1.2 at the end, 1.1 at least; " +
		"2 to 6 of 8 rounds kept, left out for other programs: 2, 5; judged by run delay: amdahl run ./pkg -x cpu=1,2"
	if got := lines[len(lines)-1]; got != want {
		t.Errorf("the last line is\n%q, want\n%q", got, want)
	}
	for _, l := range lines {
		if strings.HasPrefix(l, "Busy ") && strings.ContainsAny(strings.Fields(l)[1], "0123456789") {
			t.Errorf("%q shows a number of a series that is not sound", l)
		}
	}
	b.Reset()
	if err := Table(&b, []*laws.Analysis{curve("A", 6, nil)}, Options{}); err != nil || strings.Contains(b.String(), "measured 20") {
		t.Errorf("another origin: %q, %v", b.String(), err)
	}
}
