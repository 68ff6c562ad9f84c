package main

import (
	"strings"
	"testing"
	"time"

	"amdahl/bench/rounds"
	"amdahl/results"
	"amdahl/results/laws"
)

// curveOf has a level at 1 worker, which takes wall and cpu seconds per
// operation of two tasks, and one at the last.
func curveOf(processors int, wall, cpu, last float64) *results.Curve {
	one := results.Point{Workers: 1, Tasks: 2, Samples: []results.Sample{{Time: wall / 2}}}
	if cpu >= 0 {
		one.Extra = map[string][]float64{"cpu-sec/op": {cpu}}
	}
	return &results.Curve{
		Name: results.ParseName("S"), Kind: results.Strong, Machine: results.Machine{Logical: processors},
		Points: []results.Point{one, {Workers: last, Tasks: 2, Samples: []results.Sample{{Time: wall}}}},
	}
}

func TestBoundOf(t *testing.T) {
	a := &laws.Analysis{Curve: curveOf(2, 4, 3.9, 8), PoolSize: &laws.PoolSize{N: 2, Low: 1.7, High: 3.2}}
	want := "CPU-bound: with one worker it computes 98 % of the time. 2 processors would be full with about 2 workers"
	if got, ok := boundOf(a); !ok || !strings.HasPrefix(got, want) {
		t.Errorf("got %q, %v, want %q", got, ok, want)
	}
	if got, ok := boundOf(&laws.Analysis{Curve: curveOf(2, 4, -1, 8)}); ok {
		t.Errorf("without CPU times: got %q", got)
	}
}

// Without CPU times of the benchmark the whole processes tell, which is said.
func TestBounds(t *testing.T) {
	used := []rounds.Use{{Point: "p cpu=1", Wall: 2 * time.Second, CPU: time.Second}, {Point: "p cpu=2", Wall: time.Second}, {Point: "q cpu=1", Wall: 2 * time.Second, CPU: 3 * time.Second / 2}}
	with, without := &laws.Analysis{Curve: curveOf(2, 4, 4, 8)}, &laws.Analysis{Curve: curveOf(2, 4, -1, 8)}
	for _, tt := range []struct {
		name     string
		analyses []*laws.Analysis
		axes     []string
		want     []string
	}{
		{"own", []*laws.Analysis{with}, []string{"cpu=1,2"}, []string{"CPU-bound: "}},
		{"several", []*laws.Analysis{with, without, with}, []string{"cpu=1,2"}, []string{"S: CPU-bound: ", "S: CPU-bound: "}},
		{"many", []*laws.Analysis{with, with, with, with, with, with, with}, []string{"cpu=1,2"}, []string{"S: ", "S: ", "S: ", "S: ", "S: ", "2 more series"}},
		{"process", []*laws.Analysis{without, without}, []string{"cpu=1,2"}, []string{"As far as whole processes tell, their start and preparations with them (--why measures the benchmark alone): Mixed: with one worker it computes 62 % of the time and waits for the rest. 2 processors would be full with about 3 workers"}},
		{"no level at one", []*laws.Analysis{without}, []string{"cpu=2,4"}, nil},
		{"no axis", []*laws.Analysis{without}, nil, nil},
		{"nothing", nil, []string{"cpu=1,2"}, nil},
	} {
		u := used
		if tt.name == "no level at one" {
			u = used[1:2]
		}
		m := measurement{analyses: tt.analyses}
		m.plan.axes, m.plan.packages = tt.axes, []string{"./p"}
		got := m.bounds(u)
		if len(got) != len(tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
			continue
		}
		for i, want := range tt.want {
			if !strings.HasPrefix(got[i], want) {
				t.Errorf("%s: got %q, want %q", tt.name, got[i], want)
			}
		}
	}
}
