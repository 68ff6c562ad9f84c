package losses

import (
	"strings"

	"golang.org/x/exp/trace"

	"amdahl/bench/contract"
	"amdahl/bench/transitions"
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

// A translator turns the events of a full reader of package transitions into this package's.
type translator struct {
	tables *transitions.Tables
	stacks []*Stack             // by number
	calls  map[int32]trace.GoID // that are in a system call, by the processor that they still have
	marks  int32                // the word for the category of marks
}

func newTranslator(t *transitions.Tables) *translator {
	return &translator{tables: t, calls: map[int32]trace.GoID{}, marks: t.Number(contract.MarkCategory)}
}

// event translates one event. ok is false if it says nothing here.
func (t *translator) event(e *transitions.Event) (x event, ok bool) {
	x.at = e.Time
	if e.G != nil {
		x.g = e.G.ID
	}
	switch e.Kind {
	case transitions.Change:
		return t.change(e, x)
	case transitions.Idle:
		g, called := t.calls[e.Proc]
		delete(t.calls, e.Proc)
		x.kind, x.g = callLost, g
		return x, called
	case transitions.Sample:
		x.kind, x.stack = samples, t.stack(e.ByStack)
		return x, true
	case transitions.Log:
		x.kind = marks
		if e.Category == t.marks {
			x.text = t.tables.Word(e.Text)
			return x, true
		}
	case transitions.RangeBegin, transitions.RangeActive, transitions.RangeEnd:
		return t.within(e, x)
	}
	return x, false
}

// change translates a change of a goroutine.
func (t *translator) change(e *transitions.Event, x event) (event, bool) {
	if e.From == trace.GoSyscall {
		for p, g := range t.calls {
			if g == x.g {
				delete(t.calls, p)
			}
		}
	}
	switch e.To {
	case trace.GoRunning:
		x.kind = runs
		if e.From == trace.GoNotExist { // a goroutine of another language
			x.created = true
		}
	case trace.GoRunnable:
		x.kind, x.stack = ready, t.stack(e.ByStack)
		if e.From == trace.GoNotExist {
			x.created, x.start = true, t.stack(e.Stack)
		}
		if e.From != trace.GoRunning && e.By != nil {
			x.by = e.By.ID
		}
	case trace.GoWaiting:
		x.kind, x.stack = blocks, t.stack(e.Stack)
		if e.From == trace.GoNotExist {
			x.created, x.start = true, x.stack
		}
		x.wait, x.system = waitFor(t.tables.Word(e.Reason), x.stack)
		x.before = e.From == trace.GoUndetermined
	case trace.GoSyscall:
		x.kind, x.stack = calls, t.stack(e.Stack)
		if e.Proc >= 0 && e.From != trace.GoUndetermined {
			t.calls[e.Proc] = x.g
			break
		}
		// The call has no processor. It may last for the whole trace, as that of the
		// goroutine that writes a CPU profile while nothing computes.
		x.kind, x.before = callLost, e.From == trace.GoUndetermined
	case trace.GoNotExist:
		x.kind = gone
	default:
		return x, false
	}
	return x, true
}

// within translates a range: an assist, or a stopped world.
func (t *translator) within(e *transitions.Event, x event) (event, bool) {
	name := t.tables.Word(e.Text)
	end := e.Kind == transitions.RangeEnd
	switch {
	case strings.HasPrefix(name, "stop-the-world"):
		x.kind = stops
		if end {
			x.kind = stopsEnd
		}
	case name == "GC mark assist", name == "GC incremental sweep":
		x.kind, x.stack = assists, t.stack(e.ByStack)
		if end {
			x.kind = assistsEnd
		}
	default:
		return x, false
	}
	return x, true
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
