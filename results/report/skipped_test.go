package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"amdahl/results"
	"amdahl/results/words"
)

func TestSkips(t *testing.T) {
	of := func(why string, names ...string) (s []results.Skip) {
		for _, n := range names {
			s = append(s, results.Skip{Name: n, Why: why, File: "f", Line: 1})
		}
		return s
	}
	tests := []struct {
		all  []results.Skip
		want []string // name: why
	}{
		{nil, nil},
		{of("no", "A"), []string{"A: no"}},
		{of("", "A"), []string{"A: it gave no reason"}},
		{of("no", "S/w=d/workers=10", "S/w=d/workers=2", "S/w=d/workers=1"), []string{"S/w=d (workers=1, 2, 10): no"}},
		{of("no", "S/w=d/s=a/n=1", "S/w=d/s=a/n=2", "S/w=d/s=b/n=1", "S/w=d/s=b/n=2"), []string{"S/w=d (s=a, b; n=1, 2): no"}},
		{of("no", "S/w=d/s=a/n=1", "S/w=d/s=a/n=2", "S/w=d/s=b/n=1"), []string{"S/w=d/s=a/n=1: no", "S/w=d/s=a/n=2: no", "S/w=d/s=b/n=1: no"}},
		{of("no", "S/w=d", "S/w=d/s=b"), []string{"S/w=d: no", "S/w=d/s=b: no"}},
		{of("no", "S/a", "S/b"), []string{"S/a: no", "S/b: no"}},
		{of("no", "S/a=1", "S/b=1"), []string{"S/a=1: no", "S/b=1: no"}},
		{of("no", "A", "B"), []string{"A: no", "B: no"}},
		{append(of("no", "A/n=1"), append(of("yes", "B"), of("no", "A/n=2")...)...), []string{"A (n=1, 2): no", "B: yes"}},
	}
	for _, tt := range tests {
		var got []string
		for _, s := range skips(tt.all) {
			got = append(got, s.Name+": "+s.Why)
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	}
}

// What was skipped stands at the end of the table, on the page and in the
// JSON, and keeps to the width.
func TestSkippedIsSaid(t *testing.T) {
	o := Options{Width: 60, Skipped: []results.Skip{
		{Name: "Strong/workload=python/workers=1", Why: "there is no python3 on this machine: install it and measure again\x1b", File: "a.txt", Line: 7},
		{Name: "Strong/workload=python/workers=2", Why: "there is no python3 on this machine: install it and measure again\x1b", File: "a.txt", Line: 9},
		{Name: strings.Repeat("Long", 40), Why: "no", File: "a.txt", Line: 11},
	}}
	as := byHand()[:3]
	got := table(t, as, o)
	want := "\nskipped: Strong/workload=python (workers=1, 2): there is no\n         python3 on this machine: install it and measure\n         again\nskipped: LongLong"
	if !strings.Contains(got, want) {
		t.Errorf("the table lacks %q:\n%s", want, got)
	}
	for line := range strings.Lines(got[strings.Index(got, "\nskipped"):]) {
		if w := words.Width(strings.TrimSuffix(line, "\n")); w > o.Width {
			t.Errorf("a line has %d columns: %q", w, line)
		}
	}
	page := html(t, as, o)
	for _, want := range []string{"What was not measured", "<dt>Strong/workload=python (workers=1, 2)</dt><dd>there is no python3"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if page := html(t, as, Options{}); strings.Contains(page, "What was not measured") {
		t.Error("the page has a heading over nothing")
	}
	var b strings.Builder
	if err := JSON(&b, as, o.Skipped...); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Skipped []struct {
			Name, Why, File string
			Line            int
		}
	}
	if err := json.Unmarshal([]byte(b.String()), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Skipped) != 3 || fmt.Sprint(doc.Skipped[1]) != fmt.Sprint(o.Skipped[1]) {
		t.Errorf("got %+v, want what was skipped, as it was read", doc.Skipped)
	}
}
