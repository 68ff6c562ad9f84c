package charts

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"amdahl/bench/contract"
	"amdahl/results/trace"
)

// twoProcessors is a run of two processors, with every activity that there is.
func twoProcessors() *trace.Run {
	span := func(a trace.Activity, from, to time.Duration) trace.Span {
		return trace.Span{Activity: a, From: from * ms, To: to * ms}
	}
	return &trace.Run{
		Name: "cpu=2", Time: 100 * ms,
		Processors: []trace.Row{
			{Name: contract.ThreadCollector, Spans: []trace.Span{span(trace.Collecting, 30, 42)}},
			{Name: "P0", Spans: []trace.Span{span(trace.Running, 0, 30), span(trace.Collecting, 30, 40), span(trace.Syscall, 60, 70)}},
			{Name: "P1", Spans: []trace.Span{span(trace.Running, 10, 95)}},
		},
		Goroutines: []trace.Row{
			{Name: "g1 main.main", Spans: []trace.Span{span(trace.Signal, 0, 100)}},
			{Name: "g7 example.com/work.(*Pool).run.func1", Spans: []trace.Span{
				span(trace.Runnable, 0, 5), span(trace.Running, 5, 30), span(trace.Blocked, 30, 50), span(trace.Syscall, 60, 70), span(trace.Outside, 70, 90),
			}},
			{Name: "g8 runtime.gcBgMarkWorker", Spans: []trace.Span{span(trace.Waiting, 20, 30), span(trace.Collecting, 30, 40)}},
			{Name: "g9", Spans: []trace.Span{{Activity: trace.Running, From: 50 * ms, To: 50*ms + 7}}},
		},
	}
}

func TestGanttRun(t *testing.T) {
	for name, rows := range map[string]RunRows{"ganttprocessor": ByProcessor, "ganttgoroutine": ByGoroutine} {
		f := GanttRun(twoProcessors(), rows, GanttOptions{Notes: []string{"Example CPU"}})
		goldenFigure(t, name, f)
		drawn(t, f, Layout{}, "svg", "png", "pdf")
		drawn(t, f, Layout{Stacked: true}, "svg")
	}
	late := twoProcessors()
	late.LeftOut = 12
	text := GanttRun(late, ByProcessor, GanttOptions{}).String()
	for _, want := range []string{"time since the first event that is drawn (ms)", "caption: This is the last part of the run: 12 changes of goroutines' states before it are left out."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if f := GanttRun(&trace.Run{Time: 5}, ByGoroutine, GanttOptions{}); !f.Empty() {
		t.Errorf("no goroutine: got\n%s", f)
	}
}

// With GOMAXPROCS=1 there is one row: that some microseconds ran elsewhere before is
// said in words.
func TestOneProcessor(t *testing.T) {
	r := &trace.Run{Name: "cpu=1", Time: 100 * ms, Processors: []trace.Row{
		{Name: "P0", Spans: []trace.Span{{Activity: trace.Running, From: ms, To: 90 * ms}}},
		{Name: "P1", Spans: []trace.Span{{Activity: trace.Running, From: 3 * ms, To: 3*ms + 90*time.Microsecond}}},
	}}
	f := GanttRun(r, ByProcessor, GanttOptions{})
	if ticks := f.Panels[0].Y.Ticks; len(ticks) != 1 || ticks[0].Label != "P0" {
		t.Errorf("rows: got %v, want P0 alone", ticks)
	}
	text := f.String()
	for _, want := range []string{"caption: 1 processor of Go,", "Next to nothing ran on P1 (90 µs), without a row here.", `legend "running Go code, 89 %"`, "outline: x = 1 to 90"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	r.Processors = r.Processors[1:]
	if f := GanttRun(r, ByProcessor, GanttOptions{}); len(f.Panels) > 0 && len(f.Panels[0].Y.Ticks) != 1 {
		t.Errorf("nothing to be seen anywhere: got\n%s", f)
	}
}

// Every activity has a colour of its own and a text.
func TestActivities(t *testing.T) {
	fills, texts := map[Fill]bool{}, map[string]bool{}
	for a := trace.Running; a <= trace.Waiting; a++ {
		f, text := runFills[a], runTexts[a]
		if f == "" || text == "" || fills[f] || texts[text] {
			t.Errorf("activity %d: colour %q, text %q: missing or used twice", a, f, text)
		}
		fills[f], texts[text] = true, true
	}
}

// Names of rows are as short as they can be.
func TestRowName(t *testing.T) {
	for name, want := range map[string]string{
		"P12": "P12", "g3": "g3", contract.ThreadCollector: "GC", "g5 main.main": "g5 main", "g12 example.com/a.b/work.(*Pool).run.func1.2": "g12 (*Pool).run",
		"g7 main.start.gowrap1": "g7 start", "g8 odd": "g8 odd",
	} {
		if got := rowName(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// A million spans make a drawing of less than a megabyte; the goroutines that ran
// longest are drawn, and what was left out and merged is said.
func TestGanttRunLarge(t *testing.T) {
	const goroutines, each = 1000, 1000
	r := &trace.Run{Name: "big", Processors: []trace.Row{{Name: "P0"}}}
	for g := range goroutines {
		row := trace.Row{Name: fmt.Sprintf("g%d main.work", g)}
		for i := range each {
			at := time.Duration(i) * 10 * time.Microsecond
			row.Spans = append(row.Spans, trace.Span{Activity: trace.Running, From: at, To: at + time.Duration(1+g%997)}, trace.Span{Activity: trace.Signal, From: at + time.Duration(1+g%997), To: at + 9999})
		}
		r.Goroutines = append(r.Goroutines, row)
		r.Time = row.Spans[len(row.Spans)-1].To
	}
	r.Processors[0].Spans = r.Goroutines[996].Spans
	for _, rows := range []RunRows{ByProcessor, ByGoroutine} {
		f := GanttRun(r, rows, GanttOptions{})
		if got := len(f.Panels[0].Boxes); got == 0 || got > mostBoxes {
			t.Errorf("%s: %d boxes, want %d at most", rows, got, mostBoxes)
		}
		var b bytes.Buffer
		if err := Draw(&b, f, "svg", Layout{}); err != nil || b.Len() > 1e6 {
			t.Errorf("%s: SVG of %d bytes, %v; want less than a megabyte", rows, b.Len(), err)
		}
		caption := strings.Join(f.Caption, "\n")
		wants := []string{"each 7.14 µs has the colour of what lasted longest in it. Too short to be seen: running Go code."}
		if rows == ByGoroutine {
			wants = append(wants, "The 32 goroutines that ran longest are drawn; the other 968 each ran for 965 µs or less")
			ticks := f.Panels[0].Y.Ticks
			if !slices.ContainsFunc(ticks, func(k Tick) bool { return k.Label == "g996 work" }) || len(ticks) != mostGoroutines {
				t.Errorf("got %d rows: %v", len(ticks), ticks)
			}
		}
		for _, want := range wants {
			if !strings.Contains(caption, want) {
				t.Errorf("%s: caption lacks %q:\n%s", rows, want, caption)
			}
		}
	}
}

// What takes hardly any time and could hardly be seen is neither drawn nor in the
// legend, but named.
func TestFaint(t *testing.T) {
	r := twoProcessors()
	r.Processors[1].Spans = append(r.Processors[1].Spans, trace.Span{Activity: trace.Runnable, From: 80 * ms, To: 80*ms + 90*time.Microsecond})
	text := GanttRun(r, ByProcessor, GanttOptions{}).String()
	if strings.Contains(text, "box runnable") || strings.Contains(text, "fill runnable") || !strings.Contains(text, "Too short to be seen: runnable: waiting for a processor.") {
		t.Errorf("got\n%s", text)
	}
	r.Processors[1].Spans[3].To = 85 * ms
	if text := GanttRun(r, ByProcessor, GanttOptions{}).String(); !strings.Contains(text, "box runnable") || !strings.Contains(text, `legend "runnable: waiting for a processor, 2.5 %" fill runnable`) {
		t.Errorf("got\n%s", text)
	}
}
