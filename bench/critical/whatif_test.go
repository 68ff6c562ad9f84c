package critical

import (
	"bytes"
	"context"
	"math"
	"runtime/trace"
	"strings"
	"testing"
	"time"

	xtrace "golang.org/x/exp/trace"

	"amdahl/bench/transitions"
)

// programs are ten planted programs with a region.
func programs() map[string][]instruction {
	fork := func(gs ...[]instruction) []instruction { return []instruction{start(gs...), join} }
	section := func(free, held int64) []instruction {
		return repeat(50, compute(free), lockOf(1), enter, compute(held), leave, unlock(1))
	}
	return map[string][]instruction{
		"serial part":          append([]instruction{enter, compute(400), leave}, fork([]instruction{compute(600)}, []instruction{compute(580)})...),
		"the longer branch":    fork([]instruction{enter, compute(900), leave}, []instruction{compute(500)}),
		"the shorter branch":   fork([]instruction{enter, compute(300), leave}, []instruction{compute(900)}),
		"both branches":        fork([]instruction{compute(100), enter, compute(800), leave}, []instruction{compute(200), enter, compute(600), leave}),
		"a hot lock":           fork(section(20, 100), section(30, 100), section(25, 100), section(22, 100)),
		"a cool lock":          fork(section(400, 20), section(410, 20), section(390, 20)),
		"a lock and a branch":  fork(section(60, 60), section(60, 60), []instruction{compute(5000)}),
		"a pause":              fork([]instruction{enter, rest(700), leave, compute(100)}, []instruction{compute(400)}),
		"many stages":          repeat(20, start([]instruction{enter, compute(100), leave}, []instruction{compute(80)}, []instruction{compute(40), enter, compute(50), leave}), join, compute(10)),
		"free beside the lock": fork(repeat(40, enter, compute(50), leave, lockOf(1), compute(40), unlock(1)), repeat(40, enter, compute(70), leave, lockOf(1), compute(40), unlock(1))),
	}
}

// What a program would take with its region half as long is what it takes when it is, within
// 5 points of the recorded time, in nine of ten programs, and at a tenth and at double the
// time too.
func TestWhatIf(t *testing.T) {
	for _, times := range []float64{0.1, 0.5, 2} {
		held := 0
		for name, program := range programs() {
			p := newReplay(Question{"region", times}, transitions.NewTables())
			recorded := simulate(t, program, 1, p)
			a, err := p.answer()
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			truth := simulate(t, program, times, nil)
			off := math.Abs(a.Asked-float64(truth)) / float64(recorded)
			if a.Time != recorded || a.Regions == 0 || a.Inside == 0 {
				t.Errorf("%s: %+v, recorded were %d ns", name, a, recorded)
			}
			if math.Abs(a.Asked-a.Other) > 1e-6*a.Asked {
				t.Errorf("%s: %v and %v, though every goroutine ran at once", name, a.Asked, a.Other)
			}
			if off <= 0.05 {
				held++
			} else {
				t.Logf("%s, %g times: %.0f ns, and really %d of %d: %.1f points off", name, times, a.Asked, truth, recorded, 100*off)
			}
		}
		if held < 9 {
			t.Errorf("%g times: %d of 10 programs are within 5 points", times, held)
		}
	}
}

// Time until goroutines run stays in one answer, and counts in neither run in the other.
func TestWhatIfLatency(t *testing.T) {
	p := newReplay(Question{"region", 0.5}, transitions.NewTables())
	in := transitions.NewTranslator(p.tables)
	change := func(now int64, id, by xtrace.GoID, from, to xtrace.GoState) {
		st := xtrace.MakeGoStateTransition(id, from, to)
		e, err := xtrace.MakeEvent(xtrace.EventConfig[xtrace.StateTransition]{Time: xtrace.Time(now), Kind: xtrace.EventStateTransition, Goroutine: by, Proc: xtrace.NoProc, Thread: xtrace.NoThread, Stack: xtrace.NoStack, Details: st})
		if err != nil {
			t.Fatal(err)
		}
		feed(p, in, e)
	}
	regionAt := func(now int64, kind xtrace.EventKind) {
		e, err := xtrace.MakeEvent(xtrace.EventConfig[xtrace.Region]{Time: xtrace.Time(now), Kind: kind, Goroutine: 1, Proc: xtrace.NoProc, Thread: xtrace.NoThread, Stack: xtrace.NoStack, Details: xtrace.Region{Type: "region", Task: xtrace.NoTask}})
		if err != nil {
			t.Fatal(err)
		}
		feed(p, in, e)
	}
	change(0, 1, xtrace.NoGoroutine, xtrace.GoNotExist, xtrace.GoRunnable)
	change(100, 1, xtrace.NoGoroutine, xtrace.GoRunnable, xtrace.GoRunning) // 100 ns ready
	regionAt(100, xtrace.EventRegionBegin)
	regionAt(200, xtrace.EventRegionEnd)
	change(300, 1, 1, xtrace.GoRunning, xtrace.GoNotExist)
	a, err := p.answer()
	if err != nil || a.Time != 300 || a.Asked != 250 || a.Other != 225 {
		t.Errorf("got %+v, %v, want 300, 250 and 225", a, err)
	}
}

// A real trace: its region is found, and without it the error names the others.
func TestWhatIfReal(t *testing.T) {
	if trace.IsEnabled() {
		t.Skip("this test is being traced itself")
	}
	var text bytes.Buffer
	if err := trace.Start(&text); err != nil {
		t.Fatal(err)
	}
	trace.WithRegion(context.Background(), "pause", func() { time.Sleep(20 * time.Millisecond) })
	trace.Stop()
	a, err := WhatIf(bytes.NewReader(text.Bytes()), Question{"pause", 0.5})
	if err != nil || a.Regions != 1 || a.Inside < int64(15*time.Millisecond) || a.Asked > float64(a.Time)-7e6 {
		t.Errorf("got %+v, %v, want 10 ms less", a, err)
	}
	if _, err := WhatIf(bytes.NewReader(text.Bytes()), Question{"other", 0.5}); err == nil || !strings.Contains(err.Error(), `no region "other" in this trace; there are pause`) {
		t.Errorf("another region: %v", err)
	}
	for _, q := range []Question{{"pause", -1}, {"pause", math.NaN()}} {
		if _, err := WhatIf(bytes.NewReader(text.Bytes()), q); err == nil {
			t.Errorf("%+v: no error", q)
		}
	}
	if _, err := WhatIf(strings.NewReader("no trace"), Question{"pause", 1}); err == nil {
		t.Error("no trace: no error")
	}
}
