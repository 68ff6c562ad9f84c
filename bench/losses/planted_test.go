package losses

import (
	"fmt"
	"math"
	"testing"

	"golang.org/x/exp/trace"

	"amdahl/bench/contract"
)

// A script is a trace that is written by hand: what happens, on a clock of µs.
type script struct {
	t     *testing.T
	c     *counter
	trans *translator
	now   int64
}

// Goroutines of scripts.
const (
	parent trace.GoID = 1
	a      trace.GoID = 2
	b      trace.GoID = 3
)

// newScript begins with a running parent whose timer starts, at 2 processors and for two
// workers.
func newScript(t *testing.T, procs int, workers float64) *script {
	s := &script{t: t, c: newCounter(), trans: newTranslator()}
	s.event(event{kind: runs, g: parent})
	s.mark(contract.MarkReset)
	s.mark(fmt.Sprintf("%s %d %g", contract.MarkBegin, procs, workers))
	return s
}

func (s *script) event(x event) {
	x.at = s.now
	if err := s.c.event(x); err != nil {
		s.t.Fatal(err)
	}
}

func (s *script) mark(text string) { s.event(event{kind: marks, g: parent, text: text}) }

// wait lets µs go by.
func (s *script) wait(us int) { s.now += int64(us) * 1000 }

// stackOf is a stack of these functions, the innermost first.
func (s *script) stackOf(functions ...string) *Stack {
	var f []Frame
	for _, name := range functions {
		f = append(f, Frame{name, "x.go", 1})
	}
	return s.trans.intern(f)
}

// start creates a goroutine, which runs at once.
func (s *script) start(g trace.GoID) {
	s.event(event{kind: ready, g: g, created: true, by: parent, stack: s.stackOf("main.start"), start: s.stackOf("main.work")})
	s.event(event{kind: runs, g: g})
}

func (s *script) block(g trace.GoID, w wait) {
	s.event(event{kind: blocks, g: g, wait: w, stack: s.stackOf("main.wait")})
}

// wake lets by make g ready.
func (s *script) wake(g, by trace.GoID) {
	s.event(event{kind: ready, g: g, by: by, stack: s.stackOf("main.release")})
}

func (s *script) run(g trace.GoID) { s.event(event{kind: runs, g: g}) }
func (s *script) end(g trace.GoID) { s.event(event{kind: gone, g: g}) }

// join lets the parent wait for the others.
func (s *script) join() { s.block(parent, waitJoin) }

// finish ends the timer, after the parent runs again, and gives the result.
func (s *script) finish() *Result {
	s.wake(parent, a)
	s.run(parent)
	s.mark(contract.MarkEnd)
	s.mark(contract.MarkResult + " 1 2 BenchmarkX")
	return s.c.results[0]
}

// A planted cause has a loss of exactly this many µs.
type planted struct {
	name    string
	cause   contract.Cause
	procs   int
	workers float64
	play    func(s *script, strength int)
	loss    func(strength int) int
	running func(strength int) int
}

var plantedCauses = []planted{
	{"nothing", contract.Serial, 2, 2, func(s *script, k int) {
		s.start(a)
		s.start(b)
		s.join()
		s.wait(1000 * k)
		s.end(a)
		s.end(b)
	}, func(int) int { return 0 }, func(k int) int { return 2000 * k }},
	{"lock", contract.Lock, 2, 2, func(s *script, k int) {
		s.start(a)
		s.start(b)
		s.join()
		for range k {
			s.block(b, waitLock)
			s.wait(100)
			s.wake(b, a)
			s.wait(10) // b is ready and does not run yet
			s.run(b)
			s.wait(50)
		}
		s.end(a)
		s.end(b)
	}, func(k int) int { return 110 * k }, func(k int) int { return (110 + 100) * k }},
	{"a lock that is handed over", contract.Lock, 2, 2, func(s *script, k int) {
		s.start(a)
		s.start(b)
		s.join()
		s.event(event{kind: ready, g: b, stack: s.stackOf("internal/sync.runtime_Semrelease", "sync.(*Mutex).Unlock", "main.work")})
		s.wait(10 * k)
		s.run(b)
		s.end(b)
	}, func(k int) int { return 10 * k }, func(k int) int { return 10 * k }},
	{"channel as a lock", contract.Channel, 2, 2, func(s *script, k int) {
		s.start(a)
		s.start(b)
		s.join()
		for range k {
			s.block(b, waitChannel)
			s.wait(100)
			s.wake(b, a)
			s.run(b)
			s.wait(50)
		}
		s.end(a)
		s.end(b)
	}, func(k int) int { return 100 * k }, func(k int) int { return 200 * k }},
	{"a pool waits for work", contract.Serial, 2, 2, func(s *script, k int) {
		s.start(a)
		s.wait(10)
		for range k {
			s.block(a, waitChannel)
			s.wait(100) // the parent runs alone
			s.wake(a, parent)
			s.run(a)
			s.wait(10)
		}
		s.end(a)
		s.start(a)
		s.join()
	}, func(k int) int { return 100 * k }, func(k int) int { return 20 + 120*k }},
	{"imbalance", contract.Imbalance, 2, 2, func(s *script, k int) {
		s.start(a)
		s.start(b)
		s.join()
		s.wait(100)
		s.end(b)
		s.wait(10 * k)
		s.end(a)
	}, func(k int) int { return 10 * k }, func(k int) int { return 200 + 10*k }},
	{"serial", contract.Serial, 4, 4, func(s *script, k int) {
		s.wait(10 * k)
		s.start(a)
		s.join()
	}, func(k int) int { return 30 * k }, func(k int) int { return 10 * k }},
	{"a timer", contract.IO, 2, 2, func(s *script, k int) {
		s.start(a)
		s.start(b)
		s.join()
		s.block(b, waitIO)
		s.wait(10 * k)
		s.wake(b, 0)
		s.run(b)
		s.end(b)
	}, func(k int) int { return 10 * k }, func(k int) int { return 10 * k }},
	{"a system call that blocks", contract.IO, 2, 2, func(s *script, k int) {
		s.start(a)
		s.start(b)
		s.join()
		s.event(event{kind: calls, g: b})
		s.wait(5) // it still has its processor
		s.event(event{kind: callLost, g: b})
		s.wait(10 * k)
		s.run(b)
		s.end(b)
	}, func(k int) int { return 10 * k }, func(k int) int { return 10 + 10*k }},
	{"assists", contract.GC, 2, 2, func(s *script, k int) {
		s.start(a)
		s.start(b)
		s.join()
		s.block(b, waitGC)
		s.event(event{kind: assists, g: a})
		s.wait(10 * k)
		s.event(event{kind: assistsEnd, g: a})
		s.wake(b, 0)
		s.run(b)
		s.wait(5)
		s.end(b)
	}, func(k int) int { return 20 * k }, func(int) int { return 10 }},
	{"a collector on a processor", contract.GC, 2, 2, func(s *script, k int) {
		const collector trace.GoID = 9
		s.event(event{kind: ready, g: collector, created: true, start: s.stackOf("runtime.gcBgMarkWorker")})
		s.start(a)
		s.start(b)
		s.join()
		s.event(event{kind: ready, g: b}) // it was preempted
		s.run(collector)
		s.wait(10 * k)
		s.event(event{kind: blocks, g: collector, wait: waitOther, system: true, stack: s.stackOf("runtime.gcBgMarkWorker")})
		s.run(b)
		s.end(b)
	}, func(k int) int { return 10 * k }, func(k int) int { return 10 * k }},
	{"a stopped world", contract.GC, 2, 2, func(s *script, k int) {
		s.start(a)
		s.start(b)
		s.join()
		s.event(event{kind: ready, g: a})
		s.event(event{kind: ready, g: b})
		s.event(event{kind: stops})
		s.wait(k)
		s.event(event{kind: stopsEnd})
		s.run(a)
	}, func(k int) int { return 2 * k }, func(int) int { return 0 }},
	{"late starts", contract.Dispatch, 2, 2, func(s *script, k int) {
		s.start(a)
		s.event(event{kind: ready, g: b, created: true, by: parent, stack: s.stackOf("main.start"), start: s.stackOf("main.work")})
		s.join()
		s.wait(10 * k)
		s.run(b)
	}, func(k int) int { return 10 * k }, func(k int) int { return 10 * k }},
	{"more workers than processors", contract.Runnable, 1, 2, func(s *script, k int) {
		s.start(a)
		s.join()
		s.event(event{kind: ready, g: b, created: true, start: s.stackOf("main.work")})
		s.wait(10 * k)
		s.end(b)
	}, func(k int) int { return 10 * k }, func(k int) int { return 10 * k }},
}

// Each cause alone, at three strengths, is found in its own part and in no other, to the
// nanosecond, and the parts add up to what was paid.
func TestPlanted(t *testing.T) {
	for _, p := range plantedCauses {
		for _, strength := range []int{1, 7, 300} {
			s := newScript(t, p.procs, p.workers)
			p.play(s, strength)
			r := s.finish()
			sum := r.Running
			for c, v := range r.Parts {
				sum += v
				want := 0.0
				if c == p.cause {
					want = 1000 * float64(p.loss(strength))
				}
				if math.Abs(v-want) > 1e-6*want+1e-3 {
					t.Errorf("%s, %d: %s is %g ns, want %g", p.name, strength, c, v, want)
				}
			}
			if want := 1000 * float64(p.running(strength)); math.Abs(r.Running-want) > 1e-3 {
				t.Errorf("%s, %d: running for %g ns, want %g", p.name, strength, r.Running, want)
			}
			if paid := r.Workers * r.Time; math.Abs(sum-paid) > 1e-6*paid {
				t.Errorf("%s, %d: the parts add up to %g ns, paid were %g", p.name, strength, sum, paid)
			}
		}
	}
}

// What was there before the timer starts does not count, nor what the timer does not see.
func TestOutside(t *testing.T) {
	s := &script{t: t, c: newCounter(), trans: newTranslator()}
	s.event(event{kind: runs, g: parent})
	s.start(a)
	s.block(a, waitLock) // of another benchmark, that left it behind
	s.wait(100)
	s.mark(contract.MarkReset)
	s.mark(contract.MarkBegin + " 2 2")
	s.wait(10)
	s.mark(contract.MarkEnd)
	s.wait(1000)
	s.mark(contract.MarkBegin + " 2 2")
	s.wait(20)
	s.mark(contract.MarkEnd)
	s.mark(contract.MarkResult + " 3 2 BenchmarkX/size=4")
	r := s.c.results[0]
	if r.Time != 30e3 || r.Running != 30e3 || r.Parts[contract.Serial] != 30e3 || r.Parts[contract.Lock] != 0 || r.N != 3 || r.Line() != "BenchmarkX/size=4-2" {
		t.Errorf("got %+v, want 30 µs of serial work at two workers", r)
	}
	for _, m := range r.Metrics() {
		if m.Unit == contract.UnitPaid && m.Value != 20e3 {
			t.Errorf("paid %g ns an operation, want 20000", m.Value)
		}
		if m.Unit == contract.UnitOwn {
			t.Errorf("own CPU time without a sample")
		}
	}
}

// A mark that is no mark is an error, not a panic.
func TestMarks(t *testing.T) {
	for _, text := range []string{"", "begin", "begin 0 2", "begin 2 x", "begin 2 -1", "result", "result 0 1 B", "result 1 1", "other 1"} {
		if m, err := parseMark(text); err == nil {
			t.Errorf("%q: got %+v, want an error", text, m)
		}
	}
	m, err := parseMark("result 12 4 BenchmarkA/b c")
	if err != nil || m.n != 12 || m.procs != 4 || m.name != "BenchmarkA/b c" {
		t.Errorf("got %+v, %v", m, err)
	}
	// Marks in any order do not panic.
	c := newCounter()
	for _, text := range []string{"end", "result 1 1 B", "begin 2 2", "result 1 1 B", "end", "reset", "end", "begin 1 1", "begin 1 1"} {
		c.now++
		if err := c.event(event{kind: marks, text: text, at: c.now}); err != nil {
			t.Error(err)
		}
		c.event(event{kind: samples, g: 5, at: c.now, stack: &Stack{Frames: []Frame{{Function: "f"}}}})
		c.event(event{kind: blocks, g: 5, at: c.now})
		c.event(event{kind: gone, g: 5, at: c.now})
	}
}

// Samples are divided by what they were taken in.
func TestClassify(t *testing.T) {
	for _, tt := range []struct {
		want   class
		alloc  bool
		frames []string
	}{
		{own, false, []string{"main.work", "main.main"}},
		{inLock, false, []string{"runtime.procyield", "internal/sync.runtime_doSpin", "internal/sync.(*Mutex).lockSlow", "sync.(*Mutex).Lock", "main.work"}},
		{inLock, false, []string{"internal/runtime/atomic.(*Int32).Add", "sync/atomic.(*Int32).Add", "sync.(*RWMutex).RLock", "main.work"}},
		{own, false, []string{"sync/atomic.(*Int64).Add", "main.count"}},
		{inChannel, false, []string{"runtime.lock2", "runtime.lock", "runtime.chansend", "runtime.chansend1", "main.work"}},
		{own, true, []string{"runtime.nextFreeFast", "runtime.mallocgc", "runtime.newobject", "main.work"}},
		{collecting, false, []string{"runtime.scanobject", "runtime.gcDrainN", "runtime.gcAssistAlloc1", "runtime.mallocgc", "main.work"}},
	} {
		var f []Frame
		for _, name := range tt.frames {
			f = append(f, Frame{Function: name})
		}
		if c, alloc := classify(f); c != tt.want || alloc != tt.alloc {
			t.Errorf("%q: got %d, %v, want %d, %v", tt.frames, c, alloc, tt.want, tt.alloc)
		}
	}
}

// Blame goes to the stack that let the waiting goroutine go on, CPU time to the stack that
// used it, and serial time to what ran meanwhile.
func TestProfile(t *testing.T) {
	s := newScript(t, 2, 2)
	serial := s.stackOf("main.setup")
	s.wait(40)
	s.event(event{kind: samples, g: parent, stack: serial})
	s.start(a)
	s.start(b)
	s.join()
	s.block(b, waitLock)
	s.wait(100)
	s.event(event{kind: samples, g: a, stack: s.stackOf("runtime.mallocgc", "main.section")})
	s.wake(b, a)
	s.run(b)
	s.end(b)
	r := s.finish()
	p := r.Profile()
	if err := p.CheckValid(); err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, x := range p.Sample {
		for i, v := range x.Value {
			if v != 0 {
				got[x.Location[len(x.Location)-1].Line[0].Function.Name+" "+p.SampleType[i].Type] = v
			}
		}
	}
	want := map[string]int64{"main.setup cpu": 1e7, "main.section cpu": 1e7, "main.release lock": 100e3, "main.setup serial": 40e3}
	for k, v := range want {
		if got[k] != v {
			t.Errorf("%s is %d ns, want %d; all: %v", k, got[k], v, got)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
