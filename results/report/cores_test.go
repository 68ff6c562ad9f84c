package report

import (
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
)

// A row on cores that are not the machine's says so, whether its neighbours
// are on the same or on others, and slow ones say what they cannot show.
func TestCores(t *testing.T) {
	on := func(strategy, cores string, one float64) *laws.Analysis {
		return laws.Measured(curve("Strong/workload=hash/strategy="+strategy+"/cores="+cores, map[float64]float64{1: one, 2: 0.6 * one}), 0)
	}
	lone := on("fixed", "slow32", 1)
	lone.Curve.Machine.CPU = "another"
	slow := func() *laws.Analysis {
		return laws.Measured(curve("Strong/workload=hash/strategy=serial/cores=slow32", map[float64]float64{1: 6}), 0)
	}
	tests := []struct {
		name, names, base string
		as                []*laws.Analysis
	}{
		{"real", "fixed spawn", "best time at one worker 2.000 s [1.930, 2.050] (fixed)", []*laws.Analysis{on("fixed", "real", 2), on("spawn", "real", 3)}},
		{"all slow", "fixed · slow32|spawn · slow32", "best serial time 6.000 s [5.790, 6.150] (serial); best time at one worker 2.000 s [1.930, 2.050] (fixed)",
			[]*laws.Analysis{on("fixed", "slow32", 2), on("spawn", "slow32", 3), slow()}},
		{"mixed", "fixed · gil|fixed · slow32|spawn · slow32",
			"best serial time 6.000 s [5.790, 6.150] (serial · slow32); best time at one worker 2.000 s [1.930, 2.050] (fixed · gil), 4.000 s [3.860, 4.100] (spawn · slow32)",
			[]*laws.Analysis{on("fixed", "gil", 2), on("fixed", "slow32", 5), on("spawn", "slow32", 4), slow()}},
		{"one", "Strong/workload=hash/strategy=fixed/cores=slow32", "", []*laws.Analysis{lone}},
	}
	// A series of one level is a point of the figure and no row of the table.
	as := []*laws.Analysis{
		on("fixed", "real", 2), on("process", "real", 3),
		laws.Measured(curve("Strong/workload=hash/strategy=spawn/cores=real", map[float64]float64{16: 0.5}), 0),
		laws.Measured(curve("Strong/workload=hash/strategy=serial/cores=real", map[float64]float64{1: 2.1}), 0),
	}
	one := newTables(as, Options{})
	if s := one.Sections[0]; len(s.Rows) != 2 || s.Points != "at one level only, for a task: spawn 500.0 ms at 16 workers" {
		t.Errorf("%d rows, and %q, want 2 and spawn alone", len(s.Rows), s.Points)
	}
	var page strings.Builder
	if err := Page(&page, as, Options{}); err != nil {
		t.Fatal(err)
	}
	if text := page.String(); !strings.Contains(text, "Measured at one level only, for a task: spawn 500.0 ms at 16 workers.") {
		t.Error("the page does not say what the series of one level took")
	}
	const note = "Slow cores show the serial part"
	for _, tt := range tests {
		b := newTables(tt.as, Options{})
		var names []string
		for _, r := range b.Sections[0].Rows {
			names = append(names, r.Name)
			said := false
			for _, n := range r.Notes {
				said = said || strings.HasPrefix(b.Notes[n-1], note)
			}
			if want := r.analysis.Curve.Name.Source() == results.Slow; said != want {
				t.Errorf("%s: %s has the footnote about slow cores: %v, want %v", tt.name, r.Name, said, want)
			}
		}
		want := tt.names
		if !strings.Contains(want, "|") {
			want = strings.ReplaceAll(want, " ", "|")
		}
		if got := strings.Join(names, "|"); got != want {
			t.Errorf("%s: got rows %s, want %s", tt.name, got, want)
		}
		if got := b.Sections[0].Base; got != tt.base {
			t.Errorf("%s: got base %s, want %s", tt.name, got, tt.base)
		}
	}
}
