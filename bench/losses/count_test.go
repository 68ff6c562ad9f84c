package losses

import (
	"testing"

	"amdahl/bench/contract"
)

// What was there before the timer starts does not count, nor what the timer does not see.
func TestOutside(t *testing.T) {
	s := &script{t: t, c: newCounter(), stacks: map[string]*Stack{}}
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
