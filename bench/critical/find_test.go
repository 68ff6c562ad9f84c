package critical

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"

	xtrace "golang.org/x/exp/trace"

	"amdahl/bench/contract"
	"amdahl/bench/transitions"
)

// A graph is a trace that is written by hand, on a clock of ns.
type graph struct {
	t   *testing.T
	f   *Finder
	in  *transitions.Translator
	now int64

	replay *replay // gets the same events; may be nil
}

// event gives an event to the finder.
func (g *graph) event(x xtrace.Event) error {
	var e transitions.Event
	if !g.in.Event(x, &e) {
		return nil
	}
	if g.replay != nil {
		g.replay.event(&e)
	}
	return g.f.Event(&e)
}

func newGraph(t *testing.T) *graph {
	t.Helper()
	l, err := newLog(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.remove)
	tables := transitions.NewTables()
	return &graph{t: t, f: newFinder(l, tables), in: transitions.NewTranslator(tables)}
}

func stackOf(functions ...string) xtrace.Stack {
	var f []xtrace.StackFrame
	for _, name := range functions {
		h := fnv.New64a()
		h.Write([]byte(name))
		f = append(f, xtrace.StackFrame{PC: h.Sum64(), Func: name, File: "x.go", Line: 7})
	}
	return xtrace.MakeStack(f)
}

// move moves goroutine g to a state, by goroutine by.
func (g *graph) move(id, by xtrace.GoID, from, to xtrace.GoState, reason string, own, their xtrace.Stack) {
	g.t.Helper()
	st := xtrace.MakeGoStateTransition(id, from, to)
	st.Reason, st.Stack = reason, own
	e, err := xtrace.MakeEvent(xtrace.EventConfig[xtrace.StateTransition]{
		Time: xtrace.Time(g.now), Kind: xtrace.EventStateTransition, Goroutine: by, Proc: xtrace.NoProc, Thread: xtrace.NoThread, Stack: their, Details: st,
	})
	if err == nil {
		err = g.event(e)
	}
	if err != nil {
		g.t.Fatal(err)
	}
}

func (g *graph) create(id, by xtrace.GoID, name string) {
	g.move(id, by, xtrace.GoNotExist, xtrace.GoRunnable, "", stackOf(name), stackOf("main.start"))
}

func (g *graph) run(id xtrace.GoID) {
	g.move(id, xtrace.NoGoroutine, xtrace.GoRunnable, xtrace.GoRunning, "", xtrace.NoStack, xtrace.NoStack)
}

func (g *graph) block(id xtrace.GoID, reason, function string) {
	s := stackOf("sync.(*Mutex).Lock", function, "main.root")
	g.move(id, id, xtrace.GoRunning, xtrace.GoWaiting, reason, s, s)
}

func (g *graph) wake(id, by xtrace.GoID, function string) {
	their := stackOf("sync.(*Mutex).Unlock", function)
	if by == xtrace.NoGoroutine {
		their = xtrace.NoStack
	}
	g.move(id, by, xtrace.GoWaiting, xtrace.GoRunnable, "", xtrace.NoStack, their)
}

func (g *graph) end(id xtrace.GoID) {
	g.move(id, id, xtrace.GoRunning, xtrace.GoNotExist, "", xtrace.NoStack, xtrace.NoStack)
}

// main begins a running main goroutine.
func (g *graph) main() xtrace.GoID {
	g.move(1, xtrace.NoGoroutine, xtrace.GoNotExist, xtrace.GoRunnable, "", stackOf("main.root"), xtrace.NoStack)
	g.run(1)
	return 1
}

// sums are the times of a path by goroutine and kind.
func sums(p *Path) map[string]int64 {
	all := map[string]int64{}
	for _, part := range p.Parts {
		all[part.Name+" "+string(part.Kind)] += part.Time
	}
	return all
}

// whole fails the test unless the segments cover the path without a gap.
func whole(t *testing.T, p *Path) {
	t.Helper()
	at, total := p.From, int64(0)
	for i, s := range p.Segments {
		if s.From != at && p.Dropped == 0 || s.To <= s.From {
			t.Fatalf("segment %d from %d to %d, want it to begin at %d", i, s.From, s.To, at)
		}
		at = s.To
	}
	for _, part := range p.Parts {
		total += part.Time
	}
	if at != p.To || total != p.To-p.From {
		t.Errorf("the path ends at %d and its parts add up to %d, want %d and %d", at, total, p.To, p.To-p.From)
	}
}

// Random fork-join graphs: of each stage, the longer branch is on the path and the other is
// not, and so are the main goroutine's own parts and the times until goroutines run.
func TestForkJoin(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 1))
		g := newGraph(t)
		main := g.main()
		want := map[string]int64{}
		next := xtrace.GoID(2)
		for range 1 + r.IntN(40) {
			own := int64(1 + r.IntN(1000))
			g.now += own
			want["main.root running"] += own
			a, b := next, next+1
			next += 2
			g.create(a, main, "main.left")
			g.create(b, main, "main.right")
			g.block(main, "sync", "main.join")
			late := int64(r.IntN(50))
			g.now += late
			g.run(a)
			g.run(b)
			x, y := int64(1+r.IntN(2000)), int64(1+r.IntN(2000))
			if x == y {
				y++
			}
			first, last, name := a, b, "main.right"
			if x > y {
				first, last, name = b, a, "main.left"
			}
			g.now += min(x, y)
			g.end(first)
			g.now += max(x, y) - min(x, y)
			g.wake(main, last, "main.done")
			g.end(last)
			wake := int64(r.IntN(20))
			g.now += wake
			g.run(main)
			want[name+" running"] += max(x, y)
			want[name+" runnable"] += late
			want["main.root runnable"] += wake
		}
		g.now += 5
		want["main.root running"] += 5
		g.end(main)
		p, err := g.f.path(1000)
		if err != nil {
			t.Fatal(err)
		}
		whole(t, p)
		got := sums(p)
		for k, v := range want {
			if v > 0 && math.Abs(float64(got[k]-v)) > 0.02*float64(v) {
				t.Errorf("seed %d: %s is on the path for %d ns, want %d", seed, k, got[k], v)
			}
		}
		if got["main.left waiting"]+got["main.root waiting"] != 0 {
			t.Errorf("seed %d: somebody waits for nobody: %v", seed, got)
		}
		// A part of the segments, and the same sums.
		few, err := g.f.path(3)
		if err != nil || len(few.Segments) > 3 || few.Dropped == 0 && len(p.Segments) > 3 || sums(few)["main.root running"] != got["main.root running"] {
			t.Errorf("seed %d: with 3 segments: %+v, %v", seed, few, err)
		}
		if len(p.Segments) > 3 {
			whole(t, few)
		}
	}
}

// A lock hands the path over to who held it, and a timer keeps it.
func TestLockAndTimer(t *testing.T) {
	g := newGraph(t)
	main := g.main()
	g.create(2, main, "main.holder")
	g.run(2)
	g.now = 10
	g.block(main, "sync", "main.section") // the holder has the lock until 100
	g.now = 100
	g.wake(main, 2, "main.release")
	g.now = 104
	g.run(main)
	g.now = 120
	g.block(main, "sleep", "main.pause")
	g.now = 170
	g.wake(main, xtrace.NoGoroutine, "")
	g.run(main)
	g.now = 180
	g.end(main)
	p, err := g.f.path(100)
	if err != nil {
		t.Fatal(err)
	}
	whole(t, p)
	want := []Segment{
		{2, "main.holder", Running, 0, 100, "sync", "main.release:7"},
		{1, "main.root", Runnable, 100, 104, "sync", "main.section:7"},
		{1, "main.root", Running, 104, 120, "sleep", "main.pause:7"},
		{1, "main.root", Waiting, 120, 170, "sleep", "main.pause:7"},
		{1, "main.root", Running, 170, 180, "", ""},
	}
	if len(p.Segments) != len(want) {
		t.Fatalf("got %+v", p.Segments)
	}
	for i, s := range p.Segments {
		if s != want[i] {
			t.Errorf("segment %d: got %+v, want %+v", i, s, want[i])
		}
	}
}

// The path of a marked region begins where the timer starts and ends where it stops.
func TestRegion(t *testing.T) {
	g := newGraph(t)
	main := g.main()
	mark := func(text string) {
		e, err := xtrace.MakeEvent(xtrace.EventConfig[xtrace.Log]{
			Time: xtrace.Time(g.now), Kind: xtrace.EventLog, Goroutine: main, Proc: xtrace.NoProc, Thread: xtrace.NoThread, Stack: xtrace.NoStack,
			Details: xtrace.Log{Category: contract.MarkCategory, Message: text, Task: xtrace.NoTask},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := g.event(e); err != nil {
			t.Fatal(err)
		}
	}
	for _, at := range []struct {
		now  int64
		text string
	}{{10, "reset"}, {20, "begin 2 2"}, {30, "end"}, {40, "reset"}, {100, "begin 2 2"}, {150, "end"}, {160, "begin 2 2"}, {200, "end"}, {210, "result 9 2 BenchmarkX"}} {
		g.now = at.now
		mark(at.text)
	}
	g.now = 500
	g.end(main)
	p, err := g.f.path(100)
	if err != nil || p.From != 100 || p.To != 200 {
		t.Fatalf("got %+v, %v, want 100 to 200", p, err)
	}
	whole(t, p)
}
