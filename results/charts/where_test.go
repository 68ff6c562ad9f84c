package charts

import (
	"strings"
	"testing"
	"time"

	"amdahl/results/stats"
	"amdahl/results/trace"
	"amdahl/results/where"
	"amdahl/results/why"
)

// twoPlaces is an answer with two guilty places.
func twoPlaces() *where.Answer {
	leaf := func(c *why.Cause, v float64) *where.Node { return &where.Node{Function: c.Title, Cause: c, Grown: v} }
	node := func(name string, children ...*where.Node) *where.Node {
		n := &where.Node{Function: name, Children: children}
		for _, c := range children {
			n.Grown += c.Grown
		}
		return n
	}
	return &where.Answer{
		Series: "Index/size=4", N: 8, Rounds: 6, Speedup: 3.1, Law: "Amdahl's law", Paid: 2.6e-3, Loss: 1.6e-3, Known: 0.95,
		Places: []where.Place{
			{Function: "example.com/index.(*Table).add", File: "/src/index/table.go", Line: 81, Cause: why.Lock,
				Share: stats.Estimate{Value: 0.71, Interval: &stats.Interval{Low: 0.66, High: 0.76}}, Cost: 1.14e-3, Without: 5.6},
			{Function: "example.com/index.parse", File: "/src/index/parse.go", Line: 12, Cause: why.GC,
				Share: stats.Estimate{Value: 0.24, Interval: &stats.Interval{Low: 0.2, High: 0.28}}, Cost: 0.38e-3, Without: 3.6},
		},
		Diff: node("all", node("testing.(*B).runN",
			node("example.com/index.BenchmarkIndex", node("example.com/index.(*Table).add", node("sync.(*Mutex).Unlock", leaf(why.Lock, 1.14e-3))),
				node("example.com/index.parse", node("strings.Fields", leaf(why.GC, 0.38e-3)))),
			node("example.com/index.tiny", leaf(why.Inflation, 1e-9)))),
	}
}

func TestWhere(t *testing.T) {
	f := Where(twoPlaces())
	drawn(t, f, Layout{}, "svg", "png", "pdf")
	text := f.String()
	for _, want := range []string{"table.go:81", "parse.go:12", "waiting for a lock", "share of what is lost at 8 workers", "without it the speedup would be 5.6"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if b := f.Panels[0].Boxes; len(b) != 2 || b[1].X1 != 71 || b[1].Y0 < b[0].Y0 {
		t.Errorf("bars %+v, want the largest at the top", b)
	}
	if f := Where(&where.Answer{}); !f.Empty() {
		t.Errorf("no place: got\n%s", f)
	}
}

// A flame has a box for every call, below its caller and inside of its width.
func TestFlame(t *testing.T) {
	f := Flame(twoPlaces())
	drawn(t, f, Layout{}, "svg", "png")
	boxes := f.Panels[0].Boxes
	if len(boxes) != 7 || boxes[0].Label != "index.BenchmarkIndex" || boxes[0].X0 != 0 {
		t.Fatalf("got %+v, want 7 boxes and the launcher left out", boxes)
	}
	for _, b := range boxes {
		if b.X1 <= b.X0 || b.X1 > 100.001 {
			t.Errorf("box %+v", b)
		}
	}
	if last := boxes[3]; last.Label != "waiting for a lock" || last.Y1 > -2 || last.X0 != boxes[1].X0 || last.X1 > boxes[1].X1+1e-9 {
		t.Errorf("got %+v, want the cause below its calls", last)
	}
	if f := Flame(&where.Answer{}); !f.Empty() {
		t.Errorf("no difference: got\n%s", f)
	}
}

// The critical path is a line from row to row, broken where a goroutine has none.
func TestGanttCritical(t *testing.T) {
	run := twoProcessors()
	step := func(g int64, from, to time.Duration) trace.CriticalStep {
		return trace.CriticalStep{Goroutine: g, From: from * ms, To: to * ms}
	}
	run.Critical = &trace.CriticalPath{Time: 100 * ms, Steps: []trace.CriticalStep{step(7, 5, 30), step(8, 30, 40), step(55, 40, 50), step(7, 50, 90), {Goroutine: 1, From: 90 * ms, To: 90*ms + 1}}}
	f := GanttRun(run, ByGoroutine, GanttOptions{})
	drawn(t, f, Layout{}, "svg", "png")
	lines := f.Panels[0].Lines
	if len(lines) != 2 || len(lines[0].At) != 4 || lines[0].At[1].Y == lines[0].At[2].Y || lines[1].At[0].X != 50 {
		t.Errorf("got %+v, want a line over two rows, and another one behind the gap", lines)
	}
	if text := f.String(); !strings.Contains(text, "broken where its goroutine has no row") || !strings.Contains(text, "critical path") {
		t.Errorf("got\n%s", text)
	}
	if f := GanttRun(run, ByProcessor, GanttOptions{}); len(f.Panels[0].Lines) > 0 {
		t.Error("a line over processors")
	}
}
