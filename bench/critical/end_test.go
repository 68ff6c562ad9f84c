package critical

import (
	"testing"

	xtrace "golang.org/x/exp/trace"
)

// Goroutines of the runtime and of its tracer that run last do not end the path: it ends
// where the last goroutine of the program does, whether that has ended, waits or still runs.
func TestEnd(t *testing.T) {
	for _, tt := range []struct {
		name string
		last func(g *graph, main xtrace.GoID) // at 50 ns: what the main goroutine does
		want int64                            // where the path ends
	}{
		{"ends", func(g *graph, main xtrace.GoID) { g.end(main) }, 50},
		{"waits", func(g *graph, main xtrace.GoID) { g.block(main, "chan receive", "main.stop") }, 50},
		{"gives way", func(g *graph, main xtrace.GoID) {
			s := stackOf("main.root")
			g.move(main, main, xtrace.GoRunning, xtrace.GoRunnable, "preempted", s, s)
		}, 50},
		{"runs", func(*graph, xtrace.GoID) {}, 90},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := newGraph(t)
			g.replay = newReplay(Question{"region", 1}, g.f.tables)
			main := g.main()
			runtime := []string{"runtime.traceStartReadCPU.func1", "runtime/trace.Start.func1", "runtime.gcBgMarkWorker", "runtime.runFinalizers"}
			for i, name := range runtime {
				g.create(xtrace.GoID(10+i), main, name)
			}
			// One whose creation is not in the trace is known by the stack of its first stop.
			s := stackOf("runtime.gopark", "runtime.bgsweep")
			g.move(20, 20, xtrace.GoUndetermined, xtrace.GoWaiting, "GC sweep wait", s, s)
			g.now = 40
			g.create(2, main, "main.child")
			g.run(2)
			g.now = 45
			g.end(2)
			g.now = 50
			tt.last(g, main)
			for i := range runtime {
				g.now += 10
				id := xtrace.GoID(10 + i)
				g.run(id)
				if i%2 == 0 {
					g.end(id)
				}
			}
			g.wake(20, xtrace.NoGoroutine, "")
			g.run(20)
			g.move(21, 21, xtrace.GoUndetermined, xtrace.GoRunning, "", xtrace.NoStack, xtrace.NoStack) // of which nothing is known
			p, err := g.f.path(100)
			if err != nil || p.To != tt.want {
				t.Fatalf("got %+v, %v, want a path that ends at %d", p, err, tt.want)
			}
			whole(t, p)
			if got := sums(p); got["main.root running"] != tt.want || len(got) != 1 {
				t.Errorf("got %v, want the main goroutine for %d ns", got, tt.want)
			}
			if last := g.replay.last(); last == nil || last.stopped.g != main || last.stopped.at != tt.want {
				t.Errorf("of a what-if: got %+v, want the main goroutine until %d", last, tt.want)
			}
		})
	}
}

func TestOfRuntime(t *testing.T) {
	for function, want := range map[string]bool{
		"runtime.main": false, "main.main": false, "testing.tRunner": false, "": false, "runtimes.Run": false, "runtime.cgocallback": false,
		"runtime.traceStartReadCPU.func1": true, "runtime/trace.Start.func1": true, "runtime/pprof.profileWriter": true, "runtime.gcBgMarkWorker": true,
	} {
		if got := ofRuntime(function); got != want {
			t.Errorf("%q: %v, want %v", function, got, want)
		}
	}
}

// Without a goroutine of the program there is no path.
func TestNothingRan(t *testing.T) {
	g := newGraph(t)
	s := stackOf("runtime.gopark", "runtime.bgsweep")
	g.move(20, 20, xtrace.GoUndetermined, xtrace.GoWaiting, "GC sweep wait", s, s)
	g.now = 10
	g.wake(20, xtrace.NoGoroutine, "")
	g.run(20)
	if p, err := g.f.path(100); err == nil {
		t.Errorf("got %+v, want an error", p)
	}
}
