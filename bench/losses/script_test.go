package losses

import (
	"fmt"
	"testing"

	"golang.org/x/exp/trace"

	"amdahl/bench/contract"
)

// A script is a trace that is written by hand: what happens, on a clock of µs.
type script struct {
	t      *testing.T
	c      *counter
	stacks map[string]*Stack
	now    int64
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
	s := &script{t: t, c: newCounter(), stacks: map[string]*Stack{}}
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
		f = append(f, Frame{Function: name, File: "x.go", Line: 1})
	}
	key := fmt.Sprint(f)
	if s.stacks[key] == nil {
		s.stacks[key] = newStack(f)
	}
	return s.stacks[key]
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
