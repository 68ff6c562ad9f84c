package charts

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"amdahl/bench/contract"
	"amdahl/bench/contract/ledger"
	"amdahl/results/words"
)

const ms = time.Millisecond

// handedOut is an operation of n equal tasks on lanes, one lane a process if
// processes, after a serial task of 20 ms in the measuring process.
func handedOut(lanes, n int, processes bool, each, gap time.Duration) *contract.Operation {
	o := &contract.Operation{
		Case: fmt.Sprintf("Strong/workload=hash/strategy=fixed/serial=0.1/workers=%d", lanes), Workers: lanes, Serial: 20 * ms,
		Lanes: []contract.Lane{{}}, Tasks: []contract.Task{{Serial: true, To: 20 * ms, Stays: []contract.Stay{{State: contract.StateCompute, To: 20 * ms}}}},
	}
	first := 0
	if processes {
		first = 1
	}
	for i := 1; i < lanes+first; i++ {
		l := contract.Lane{Number: i}
		if processes {
			l = contract.Lane{Process: i}
		}
		o.Lanes = append(o.Lanes, l)
	}
	free := make([]time.Duration, lanes)
	for i := range n {
		lane := i % lanes
		at := max(free[lane], o.Serial) + gap
		t := contract.Task{Index: i + 1, Lane: lane + first, From: at, To: at + each}
		t.Stays = []contract.Stay{
			{State: contract.StateQueued, From: at, To: at + each/10},
			{State: contract.StateLock, From: at + each/10, To: at + each/5},
			{State: contract.StateCompute, From: at + each/5, To: at + each*4/5},
			{State: contract.StateWait, From: at + each*4/5, To: at + each},
		}
		o.Tasks = append(o.Tasks, t)
		free[lane] = t.To
		o.Time = max(o.Time, t.To)
	}
	return o
}

func TestGantt(t *testing.T) {
	several := handedOut(4, 11, false, 10*ms, ms)
	several.Lanes = []contract.Lane{{}, {Process: 1}, {Process: 1, Number: 1}, {Process: 2}}
	spawned := handedOut(3, 6, false, 10*ms, 0)
	spawned.Workers = 2
	tests := []struct {
		name string
		o    *contract.Operation
		opt  GanttOptions
	}{
		{"gantt", handedOut(3, 8, false, 10*ms, ms), GanttOptions{Notes: []string{"Example CPU"}}},
		{"ganttprocesses", handedOut(2, 3, true, 10*ms, 2*ms), GanttOptions{Title: "a title"}},
		{"ganttseveral", several, GanttOptions{}},
		{"ganttspawned", spawned, GanttOptions{}},
		{"ganttshort", handedOut(1, 40, false, 20*time.Microsecond, 10*time.Microsecond), GanttOptions{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := Gantt(tt.o, tt.opt)
			goldenFigure(t, tt.name, f)
			drawn(t, f, Layout{Width: 3}, "svg")
		})
	}
	drawn(t, Gantt(tests[0].o, GanttOptions{}), Layout{Width: 5}, "png", "pdf")
	if f := Gantt(&contract.Operation{Case: "A", Time: 1, Workers: 1}, GanttOptions{}); !f.Empty() {
		t.Errorf("no task: got\n%s\nwant an empty figure", f)
	}
}

// As many slices as a trace may have make a drawing of less than a megabyte.
func TestGanttLarge(t *testing.T) {
	o := handedOut(100, 25_000, false, 100*time.Microsecond, 20*time.Microsecond)
	if n := len(ledger.Slices(o)); n < 100_000 {
		t.Fatalf("only %d slices", n)
	}
	f := Gantt(o, GanttOptions{})
	goldenPicture(t, "ganttlarge", f)
	if got := len(f.Panels[0].Boxes); got > mostBoxes {
		t.Errorf("%d boxes, want %d at most", got, mostBoxes)
	}
	for i, want := range []string{"100 workers", "The first 64 of 100 lanes are drawn", "each 71.4 µs has the colour"} {
		if text := strings.Join(f.Caption, "\n"); !strings.Contains(text, want) {
			t.Errorf("%d: caption lacks %q:\n%s", i, want, text)
		}
	}
	var b bytes.Buffer
	if err := Draw(&b, f, "svg", Layout{}); err != nil || b.Len() > 1e6 {
		t.Errorf("SVG of %d bytes, %v; want less than a megabyte", b.Len(), err)
	}
}

// A column has the colour of what lasted longest in it, and of nothing if
// that lasted longer.
func TestLongest(t *testing.T) {
	slice := func(c contract.Cause, from, to time.Duration) stretch { return stretch{3, Fill(c), from, to} }
	mine := []stretch{
		slice(contract.Useful, 0, 25),                                // whole columns, and half of one
		slice(contract.Lock, 25, 28), slice(contract.Useful, 28, 30), // the longer in all
		slice(contract.Lock, 30, 33), slice(contract.Dispatch, 33, 36), // 3, 3, and 4 of nothing
		slice(contract.GC, 40, 44), slice(contract.GC, 45, 47), // together longer than nothing
		slice(contract.GC, 55, 56), // nothing is longer
		slice(contract.IO, 68, 75), // 2 of 10, then all that is left
	}
	var got []string
	for _, b := range longest(mine, 75, 10) {
		got = append(got, fmt.Sprintf("%d %s %d–%d", b.row, b.fill, b.from, b.to))
	}
	want := "3 useful 0–30, 3 gc 40–50, 3 io 70–75"
	if text := strings.Join(got, ", "); text != want {
		t.Errorf("got %s, want %s", text, want)
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0 s", 5: "5 ns", 58_800 * time.Microsecond: "58.8 ms", 90 * time.Second: "90 s"} {
		if got := words.Duration(d); got != want {
			t.Errorf("%d: got %q, want %q", d, got, want)
		}
	}
}

func TestBoxesRefused(t *testing.T) {
	axis := Axis{Scale: Linear, Max: 2}
	for want, b := range map[string]Box{
		"ascending":        {X0: 1, X1: 1, Y1: 1, Fill: "useful"},
		"must be finite":   {X1: 1, Y0: 2, Y1: 1, Fill: "useful"},
		`unknown fill "x"`: {X1: 1, Y1: 1, Fill: "x"},
	} {
		f := Figure{Panels: []Panel{{X: axis, Y: axis, Boxes: []Box{b}}}}
		if err := Draw(&bytes.Buffer{}, f, "svg", Layout{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
