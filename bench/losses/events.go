package losses

import (
	"strings"

	"golang.org/x/exp/trace"

	"amdahl/bench/contract"
)

// A kind is what an event says.
type kind int

const (
	runs       kind = iota // a goroutine runs
	ready                  // it could run
	blocks                 // it waits
	calls                  // it is in a system call, and keeps its processor
	callLost               // its processor was taken: the system call waits for something
	gone                   // it has ended
	assists                // it begins to help to collect garbage
	assistsEnd             // and ends that
	stops                  // the world is stopped
	stopsEnd               // and goes on
	samples                // the CPU profile has taken a sample of it
	marks                  // package testing has written a mark
)

// A wait is what a goroutine waits for.
type wait int

const (
	waitLock wait = iota
	waitChannel
	waitIO
	waitGC
	waitJoin // for a WaitGroup
	waitOther
	waits
)

// An event is one thing that happened, of any trace.
type event struct {
	at      int64 // ns
	kind    kind
	g       trace.GoID
	wait    wait
	system  bool       // of blocks: no goroutine of the program waits like this
	before  bool       // of blocks and callLost: it has done so since before the trace knew of it
	by      trace.GoID // of ready: who let it run, 0 if nobody did
	created bool       // of ready: it did not exist before
	stack   *Stack     // of blocks and samples its own, of ready that of who let it run; nil if unknown
	start   *Stack     // of created: where its own begins
	text    string     // of marks
}

// A translator turns the events of package trace into this package's.
type translator struct {
	stacks map[trace.Stack]*Stack // of the tables that the trace has now
	all    map[string]*Stack      // by what is in them
	lost   map[trace.ProcID]trace.GoID
	out    []event
}

func newTranslator() *translator {
	return &translator{stacks: map[trace.Stack]*Stack{}, all: map[string]*Stack{}, lost: map[trace.ProcID]trace.GoID{}}
}

// event translates one event. The result is valid until the next call.
func (t *translator) event(e trace.Event) []event {
	t.out = t.out[:0]
	x := event{at: int64(e.Time()), g: e.Goroutine()}
	switch e.Kind() {
	case trace.EventSync:
		clear(t.stacks) // stacks of a generation are not those of another
	case trace.EventStateTransition:
		t.transition(e, x)
	case trace.EventStackSample:
		if x.g != trace.NoGoroutine {
			x.kind, x.stack = samples, t.stack(e.Stack())
			t.add(x)
		}
	case trace.EventLog:
		if l := e.Log(); l.Category == contract.MarkCategory {
			x.kind, x.text = marks, l.Message
			t.add(x)
		}
	case trace.EventRangeBegin, trace.EventRangeActive, trace.EventRangeEnd:
		t.within(e, x)
	}
	return t.out
}

func (t *translator) add(x event) { t.out = append(t.out, x) }

// transition translates a change of a goroutine or of a processor.
func (t *translator) transition(e trace.Event, x event) {
	st := e.StateTransition()
	if st.Resource.Kind == trace.ResourceProc {
		if _, to := st.Proc(); to != trace.ProcRunning {
			id := st.Resource.Proc()
			if g, ok := t.lost[id]; ok {
				delete(t.lost, id)
				x.kind, x.g = callLost, g
				t.add(x)
			}
		}
		return
	}
	if st.Resource.Kind != trace.ResourceGoroutine {
		return
	}
	x.g = st.Resource.Goroutine()
	from, to := st.Goroutine()
	if from == to {
		return
	}
	if from == trace.GoSyscall {
		for p, g := range t.lost {
			if g == x.g {
				delete(t.lost, p)
			}
		}
	}
	switch to {
	case trace.GoRunning:
		x.kind = runs
		if from == trace.GoNotExist { // a goroutine of another language
			x.created = true
		}
	case trace.GoRunnable:
		x.kind, x.by, x.stack = ready, e.Goroutine(), t.stack(e.Stack())
		if from == trace.GoNotExist {
			x.created, x.start = true, t.stack(st.Stack)
		}
		if from == trace.GoRunning || x.by == trace.NoGoroutine {
			x.by = 0
		}
	case trace.GoWaiting:
		x.kind, x.stack = blocks, t.stack(st.Stack)
		if from == trace.GoNotExist {
			x.created, x.start = true, x.stack
		}
		x.wait, x.system = waitFor(st.Reason, x.stack)
		x.before = from == trace.GoUndetermined
	case trace.GoSyscall:
		x.kind, x.stack = calls, t.stack(st.Stack)
		if p := e.Proc(); p != trace.NoProc && from != trace.GoUndetermined {
			t.lost[p] = x.g
			break
		}
		// The call has no processor. It may last for the whole trace, as that of the
		// goroutine that writes a CPU profile while nothing computes.
		x.kind, x.before = callLost, from == trace.GoUndetermined
	case trace.GoNotExist:
		x.kind = gone
	default:
		return
	}
	t.add(x)
}

// within translates a range: an assist, or a stopped world.
func (t *translator) within(e trace.Event, x event) {
	r := e.Range()
	end := e.Kind() == trace.EventRangeEnd
	switch {
	case strings.HasPrefix(r.Name, "stop-the-world"):
		x.kind = stops
		if end {
			x.kind = stopsEnd
		}
	case r.Name == "GC mark assist", r.Name == "GC incremental sweep":
		if r.Scope.Kind == trace.ResourceGoroutine {
			x.g = r.Scope.Goroutine()
		}
		x.kind, x.stack = assists, t.stack(e.Stack())
		if end {
			x.kind = assistsEnd
		}
	default:
		return
	}
	t.add(x)
}

// waitFor is what a goroutine waits for, by the reason that the runtime gives and by its
// stack. system reports whether only goroutines of the runtime wait like this.
func waitFor(reason string, s *Stack) (w wait, system bool) {
	switch reason {
	case "sync":
		if s.calls("sync.(*WaitGroup).Wait") {
			return waitJoin, false
		}
		return waitLock, false
	case "chan send", "chan receive", "select", "sync.(*Cond).Wait":
		return waitChannel, false
	case "network", "sleep":
		return waitIO, false
	case "GC mark assist wait for work", "wait until GC ends", "GC weak to strong wait":
		return waitGC, false
	case "system goroutine wait", "GC background sweeper wait", "GC worker (idle)", "forever":
		return waitOther, true
	}
	return waitOther, false
}
