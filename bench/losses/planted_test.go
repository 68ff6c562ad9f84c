package losses

import (
	"math"
	"testing"

	"golang.org/x/exp/trace"

	"amdahl/bench/contract"
)

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
