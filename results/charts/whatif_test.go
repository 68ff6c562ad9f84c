package charts

import (
	"strings"
	"testing"
	"time"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/replay"
	"amdahl/results/whatif"
)

// replayable is a recording of 160 tasks, of which a quarter of each is under a
// lock, behind 4 serial ones; measured a little slower than a replay is.
func replayable(measured ...int) *whatif.Recording {
	r := &whatif.Recording{
		Series: "Strong/workload=spin/strategy=fixed/locked=0.25/cores=slow16", Source: results.Slow, Workers: 16,
		Job:     replay.Equal(4, 160, replay.Phase{Kind: replay.Locked, Time: time.Millisecond}, replay.Phase{Kind: replay.Compute, Time: 3 * time.Millisecond}),
		Machine: replay.Machine{Dispatch: 10 * time.Microsecond}, HandOuts: 160, HandOutsAt: 16,
	}
	times := map[int]time.Duration{1: 660 * time.Millisecond, 4: 183 * time.Millisecond, 16: 182 * time.Millisecond}
	for _, n := range measured {
		r.Measured = append(r.Measured, whatif.Measured{Workers: n, Time: times[n], Operations: 1})
	}
	return r
}

func answer(t *testing.T, r *whatif.Recording, q whatif.Question, at ...int) *whatif.Answer {
	t.Helper()
	a, err := whatif.Ask(t.Context(), r, q, at)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestWhatIf(t *testing.T) {
	real := replayable(16)
	real.Series, real.Source, real.HandOuts = "Strong/workload=hash/cores=real", results.Real, 0
	one := replayable(1)
	one.Workers = 1
	tests := []struct {
		name string
		a    *whatif.Answer
		o    WhatIfOptions
	}{
		{"whatif", answer(t, replayable(1, 4, 16), whatif.Question{NoLock: true}), WhatIfOptions{}},
		{"whatifserial", answer(t, real, whatif.Question{NoLock: true, NoSerial: true}), WhatIfOptions{Title: "What if?", Notes: []string{"One more line."}}},
		{"whatifnothing", answer(t, replayable(1, 4, 16), whatif.Question{}, 64), WhatIfOptions{}},
		{"whatifone", answer(t, one, whatif.Question{Chunk: 4}, 1), WhatIfOptions{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := WhatIf(tt.a, tt.o)
			goldenFigure(t, tt.name, f)
			drawn(t, f, Layout{}, "svg")
			drawn(t, f, Layout{Width: 3}, "png", "pdf")
		})
	}
	nothing := replayable(16)
	nothing.Job, nothing.Measured[0].Time = replay.Equal(0, 4), 0
	nothing.Machine.Dispatch = 0
	if f := WhatIf(answer(t, nothing, whatif.Question{}), WhatIfOptions{}); !f.Empty() {
		t.Errorf("nothing took time: got\n%s\nwant an empty figure", f)
	}
}

// The bounds of a replayed run can stand in the figure of where the time went.
func TestLimits(t *testing.T) {
	bounds := Limits(answer(t, replayable(16), whatif.Question{}).Recorded)
	f := Stacks([]*laws.Analysis{lossy("Strong/workload=hash", 7, 0, 1, 2, 4, 8)}, StacksOptions{Bounds: bounds}).String()
	for _, want := range []string{`legend "T(1)/span" ink long dashes line`, `legend "T(1)/lock" ink long dashes line`} {
		if !strings.Contains(f, want) {
			t.Errorf("no %q in\n%s", want, f)
		}
	}
	for i, want := range []float64{32.88, 30.34, 3.668} { // (656 + 1.6)/20, /(16 + 1.6 + 4 + …), /179.01…
		if got := bounds[i].Speedup(1000); got < want*0.99 || got > want*1.01 {
			t.Errorf("%s: got %.4g, want %.4g", bounds[i].Label, got, want)
		}
		if got := bounds[i].Speedup(2); got != 2 {
			t.Errorf("%s at 2 workers: got %g, want 2", bounds[i].Label, got)
		}
	}
}
